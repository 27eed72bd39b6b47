// Attempts beside each other: when they begin, which one counts, and what becomes of the others.

#include "scripted_client.hpp"

#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

namespace scripted {
namespace {

using nest::hedging;
using testing::ElementsAre;

class Hedging : public Scripted {
 protected:
  template <class... Options>
  void make_hedged(hedging how, const Options&... options) {
    make(how, idempotent(), timeout(1s), options...);
  }
};

TEST_F(Hedging, TheSecondAttemptBeginsAfterTheDelay) {
  make_hedged({.delay = 50ms});
  proxy_->script = {keep_silent(), after(5ms, answer("2"))};
  EXPECT_EQ(run(), "2 after 55 ms");
  EXPECT_THAT(times(), ElementsAre(0, 50));
  EXPECT_EQ(proxy_->attempts()[0].options.attempt, 1);
  EXPECT_EQ(proxy_->attempts()[1].options.attempt, 2);
  EXPECT_EQ(proxy_->cancelled(), 1) << "the first was given up";
  EXPECT_EQ(value("hedging", "hedges_total"), 1);
  EXPECT_EQ(value("hedging", "hedges_won_total"), 1);
  EXPECT_EQ(value("calls", "answered"), 1);
}

TEST_F(Hedging, AnAnswerInTimeNeedsNoSecondAttempt) {
  make_hedged({.delay = 50ms});
  proxy_->script = {after(49ms, answer())};
  EXPECT_EQ(run(), "1 after 49 ms");
  time_.advance(1s);
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(Hedging, TheFirstMayStillWin) {
  make_hedged({.delay = 50ms, .max_attempts = 3});
  proxy_->script = {after(120ms, answer("first")), keep_silent()};
  EXPECT_EQ(run(), "first after 120 ms");
  EXPECT_EQ(attempts(), 3u);
  EXPECT_EQ(proxy_->cancelled(), 2);
  EXPECT_EQ(value("hedging", "hedges_won_total"), 0);
}

TEST_F(Hedging, AFailureThatMayPassSendsTheNextAtOnce) {
  make_hedged({.delay = 50ms, .max_attempts = 3});
  proxy_->script = {after(10ms, down(never_or_maybe::maybe_sent)), after(10ms, refuse(R"({"statusCode":503})")),
                    answer("3")};
  EXPECT_EQ(run(), "3 after 20 ms");
  EXPECT_THAT(times(), ElementsAre(0, 10, 20));
}

TEST_F(Hedging, AnAnswerThatStaysEndsTheCall) {
  make_hedged({.delay = 50ms, .max_attempts = 3});
  proxy_->script = {keep_silent(), after(10ms, refuse(R"({"statusCode":404})")), answer()};
  EXPECT_EQ(run(), R"(refused {"statusCode":404} after 60 ms)");
  EXPECT_EQ(attempts(), 2u);
  EXPECT_EQ(proxy_->cancelled(), 1);
}

TEST_F(Hedging, EndsWithTheLastFailure) {
  make_hedged({.delay = 50ms, .max_attempts = 2});
  proxy_->script = {down(), refuse(R"({"statusCode":503})")};
  EXPECT_EQ(run(), R"(refused {"statusCode":503} after 0 ms)");
  EXPECT_EQ(attempts(), 2u);
}

TEST_F(Hedging, AllEndAtTheTimeLimit) {
  make_hedged({.delay = 400ms, .max_attempts = 5});
  proxy_->script = {keep_silent()};
  EXPECT_EQ(run(), "late after 1000 ms");
  EXPECT_THAT(times(), ElementsAre(0, 400, 800));
  EXPECT_EQ(proxy_->attempts()[2].options.timeout, 200ms);
}

TEST_F(Hedging, TheServiceMaySayWhenOrThatNoFurtherAttemptComes) {
  make_hedged({.delay = 50ms, .max_attempts = 3});
  proxy_->script = {refuse(R"({"retryAfterMs":200})"), answer()};
  EXPECT_EQ(run(), "1 after 200 ms");
  EXPECT_THAT(times(), ElementsAre(0, 200));

  make_hedged({.delay = 50ms, .max_attempts = 3});
  proxy_->script = {refuse(R"({"retryAfterMs":-1})"), answer()};
  EXPECT_EQ(run(), R"(refused {"retryAfterMs":-1} after 0 ms)");

  make_hedged({.delay = 50ms, .max_attempts = 3});
  proxy_->script = {after(100ms, answer("first")), refuse(R"({"retryAfterMs":-1})"), answer()};
  EXPECT_EQ(run(), "first after 100 ms") << "what is under way goes on";
  EXPECT_EQ(attempts(), 2u);

  make_hedged({.delay = 50ms, .max_attempts = 3});
  proxy_->script = {refuse(R"({"retryAfterMs":2000})"), answer()};
  EXPECT_EQ(run(), R"(refused {"retryAfterMs":2000} after 0 ms)") << "past the time limit";
}

TEST_F(Hedging, OnlyCallsThatMayBeSentTwice) {
  make(hedging{.delay = 50ms}, timeout(1s), retry(plain_backoff));
  proxy_->script = {after(100ms, answer())};
  EXPECT_EQ(run(), "1 after 100 ms");
  EXPECT_EQ(attempts(), 1u);
  proxy_->script = {down(), answer()};
  EXPECT_EQ(run(), "1 after 100 ms") << "others are repeated as ever";
  static constexpr auto harmless = nest::make_client_policy(idempotent());
  proxy_->script = {after(100ms, answer())};
  EXPECT_EQ(run(harmless), "1 after 100 ms");
  EXPECT_EQ(attempts(), 5u);
}

TEST_F(Hedging, ASlowServiceIsNotCalledTwiceAsOften) {
  make_hedged({.delay = 1ms, .max_ratio = 0.1});
  proxy_->script = {after(2ms, answer())};
  for (int i = 0; i < 300; ++i) run();
  EXPECT_LE(attempts(), 300u + 30 + 10);
  EXPECT_GE(attempts(), 300u + 30);
}

TEST_F(Hedging, WhileMostCallsFailNoneIsHedged) {
  make_hedged({.delay = 50ms, .max_ratio = 1});
  proxy_->script = {down()};
  for (int i = 0; i < 100; ++i) run();
  EXPECT_LE(attempts(), 105u);
}

TEST_F(Hedging, WhoGivesUpEndsAllAttempts) {
  make_hedged({.delay = 10ms, .max_attempts = 3});
  proxy_->script = {keep_silent()};
  auto call = nest::with_deadline(client_->send_text("sum", "1"), nest::deadline::after(100ms));
  auto ended = boost::asio::co_spawn(loops_.loop(0).executor(), std::move(call), boost::asio::use_future);
  time_.advance(100ms);
  EXPECT_THROW(ended.get(), nest::deadline_exceeded);
  EXPECT_EQ(attempts(), 3u);
  EXPECT_EQ(proxy_->cancelled(), 3);
  EXPECT_EQ(value("calls", "aborted"), 1);
}

TEST_F(Hedging, AGuardThatRefusesTheSecondLeavesTheFirstAlone) {
  make_hedged({.delay = 50ms}, nest::rate_limit{.calls = 1, .per = 1h});
  proxy_->script = {after(100ms, answer("first"))};
  EXPECT_EQ(run(), "first after 100 ms");
  EXPECT_EQ(attempts(), 1u);
  EXPECT_EQ(value("rate_limit", "rate_limited_total"), 1);
  EXPECT_EQ(run(), "rate limited after 0 ms");
}

TEST_F(Hedging, AFunctionThatThrowsLeavesTheAttemptsAlone) {
  const nest::retry_rules broken{
      .when = [](const nest::rpc_exception&) -> bool { throw std::logic_error{"a mistake"}; }};
  make_hedged({.delay = 50ms}, retry(plain_backoff, broken));
  proxy_->script = {after(100ms, refuse(R"({"statusCode":503})")), after(100ms, answer("2"))};
  EXPECT_EQ(run(), "2 after 150 ms") << "the statuses decide: it may pass";
  EXPECT_EQ(proxy_->cancelled(), 0);

  make_hedged({.delay = 50ms}, retry(plain_backoff, broken));
  proxy_->script = {after(100ms, refuse(R"({"statusCode":404})")), keep_silent()};
  EXPECT_EQ(run(), R"(refused {"statusCode":404} after 100 ms)");
  EXPECT_EQ(proxy_->cancelled(), 1) << "it has ended before the call";
  EXPECT_EQ(value("calls", "refused"), 1);
}

TEST_F(Hedging, GivenUpAttemptsAreNotCountedByTheCircuit) {
  make_hedged({.delay = 10ms}, nest::circuit_breaker{.window = nest::sliding_window::calls(4), .minimum_calls = 4});
  for (int i = 0; i < 5; ++i) {
    proxy_->script = {keep_silent(), answer()};
    run();
  }
  EXPECT_EQ(value("circuit_breaker", "circuit_window_calls"), 4);
  EXPECT_EQ(value("circuit_breaker", "circuit_failures_total"), 0);
}

// Calls from threads of no loop, with the real clock.
TEST(HedgingElsewhere, ManyCallsAtATime) {
  scripted_proxy* proxy = nullptr;
  const auto client =
      make_client(proxy, nullptr, hedging{.delay = 0ms, .max_attempts = 3, .max_ratio = 1}, idempotent(), timeout(20s),
                  nest::circuit_breaker{}, nest::bulkhead{.max_concurrent = 1000});
  proxy->script = {after(1ms, answer())};
  boost::asio::thread_pool pool{4};
  std::vector<std::future<nest::reply>> calls;
  for (int i = 0; i < 500; ++i) {
    calls.push_back(
        boost::asio::co_spawn(boost::asio::make_strand(pool), client->send_text("sum", "1"), boost::asio::use_future));
  }
  for (auto& each : calls) EXPECT_EQ(each.get().text(), "1");
  pool.join();
  EXPECT_GT(proxy->attempts().size(), 500u);
  EXPECT_LE(proxy->attempts().size(), 1500u);
}

}  // namespace
}  // namespace scripted
