// Which calls a typed client repeats, when, and how often while its service is down.

#include "scripted_client.hpp"

#include <nestcpp/messaging/rpc_context.hpp>

namespace scripted {
namespace {

using testing::ElementsAre;

class Retries : public Scripted {
 protected:
  std::string watch() { return finish(start(read(client_->send_stream_text("ticks", "1")))); }
  // While a call is served whose caller waits so long.
  std::string watch_in_a_call(int limit_ms) {
    return finish(start(in_a_call(read(client_->send_stream_text("ticks", "1")), limit_ms, time_.now())));
  }

 private:
  static nest::task<nest::reply> read(nest::stream<nest::reply> values) {
    std::string all;
    while (const auto value = co_await values.next()) all += value->text();
    co_return nest::reply::from_text(all);
  }
  static nest::task<nest::reply> in_a_call(nest::task<nest::reply> work, int limit_ms, nest::clock::time_point now) {
    const nest::handler_info handler{"Gateway", "forward", "GET /"};
    const std::string metadata = R"({"nestcpp-timeout-ms":)" + std::to_string(limit_ms) + "}";
    const nest::request_envelope served{.pattern = {}, .data = {}, .id = {}, .metadata = metadata};
    nest::rpc_context context{handler, served, now};
    const nest::context_scope scope{context};
    co_return co_await std::move(work);
  }
};

TEST_F(Retries, RepeatsWhatNeverLeft) {
  make(retry(plain_backoff));
  proxy_->script = {down(), down(), answer()};
  EXPECT_EQ(run(), "1 after 300 ms");
  EXPECT_THAT(times(), ElementsAre(0, 100, 300));
  std::vector<int> numbers;
  for (const auto& each : proxy_->attempts()) numbers.push_back(each.options.attempt);
  EXPECT_THAT(numbers, ElementsAre(1, 2, 3));
  EXPECT_EQ(value("retry", "retries_total"), 2);
  EXPECT_EQ(value("calls", "answered"), 1);
}

TEST_F(Retries, EndsWithTheLastFailure) {
  make(retry(plain_backoff));
  proxy_->script = {down()};
  EXPECT_EQ(run(), "unavailable after 300 ms");
  EXPECT_EQ(attempts(), 3u);
  EXPECT_EQ(value("calls", "unavailable"), 1);
}

TEST_F(Retries, WhatMayHaveArrivedIsRepeatedOnlyWhereThatDoesNoHarm) {
  make(retry(plain_backoff));
  proxy_->script = {down(never_or_maybe::maybe_sent), answer()};
  EXPECT_EQ(run(), "unavailable after 0 ms");
  proxy_->script = {down(never_or_maybe::maybe_sent), answer()};
  static constexpr auto harmless = nest::make_client_policy(idempotent());
  EXPECT_EQ(run(harmless), "1 after 100 ms");
}

TEST_F(Retries, AnswersAreRepeatedByTheirStatus) {
  make(retry(plain_backoff), idempotent());
  for (const int status : {429, 503}) {
    proxy_->script = {refuse(R"({"statusCode":)" + std::to_string(status) + R"(,"message":"x"})"), answer()};
    EXPECT_EQ(run(), "1 after 100 ms") << status;
  }
  for (const char* const err : {R"({"statusCode":404,"message":"x"})", R"({"statusCode":500,"message":"x"})",
                                R"({"statusCode":"503"})", R"({"statusCode":1e300})", R"("503")", R"([503])", "null"}) {
    proxy_->script = {refuse(err), answer()};
    EXPECT_EQ(run().substr(0, 7), "refused") << err;
  }
}

TEST_F(Retries, AnswersAreNotRepeatedWhereTheCallMayHaveHadAnEffect) {
  make(retry(plain_backoff));
  proxy_->script = {refuse(R"({"statusCode":503,"retryAfterMs":1})"), answer()};
  EXPECT_EQ(run(), R"(refused {"statusCode":503,"retryAfterMs":1} after 0 ms)");
}

TEST_F(Retries, TheStatusesCanBeNamed) {
  make(retry(plain_backoff, {.statuses = {502}}), idempotent());
  proxy_->script = {refuse(R"({"statusCode":502})"), answer()};
  EXPECT_EQ(run(), "1 after 100 ms");
  proxy_->script = {refuse(R"({"statusCode":503})"), answer()};
  EXPECT_EQ(run().substr(0, 7), "refused");
}

TEST_F(Retries, AFunctionCanSay) {
  static constexpr auto busy = nest::make_client_policy(
      retry(plain_backoff, {.when = [](const nest::rpc_exception& error) { return error.error() == "busy"; }}),
      idempotent());
  make();
  proxy_->script = {refuse(R"("busy")"), answer()};
  EXPECT_EQ(run(busy), "1 after 100 ms");
  proxy_->script = {refuse(R"({"statusCode":503})"), answer()};
  EXPECT_EQ(run(busy).substr(0, 7), "refused");
}

TEST_F(Retries, AFunctionThatThrowsSaysNothing) {
  make(retry(plain_backoff, {.when = [](const nest::rpc_exception&) -> bool { throw std::logic_error{"a mistake"}; }}),
       idempotent());
  proxy_->script = {refuse(R"({"statusCode":503})"), answer()};
  EXPECT_EQ(run(), "1 after 100 ms") << "the statuses decide";
  proxy_->script = {refuse(R"({"statusCode":404})")};
  EXPECT_EQ(run(), R"(refused {"statusCode":404} after 0 ms)");
  EXPECT_EQ(value("calls", "refused"), 1);
}

TEST_F(Retries, WaitsAsLongAsTheServiceAsks) {
  make(retry(plain_backoff), idempotent());
  proxy_->script = {refuse(R"({"retryAfterMs":700})"), refuse(R"({"statusCode":503,"retryAfterMs":0.2})"), answer()};
  EXPECT_EQ(run(), "1 after 1001 ms");
  EXPECT_THAT(times(), ElementsAre(0, 800, 1001)) << "700 and the backoff's 100, then 1 (rounded up) and 200";
}

TEST_F(Retries, AServiceCanForbidIt) {
  make(retry(plain_backoff), idempotent());
  proxy_->script = {refuse(R"({"statusCode":503,"retryAfterMs":-1})"), answer()};
  EXPECT_EQ(run().substr(0, 7), "refused");
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(Retries, NeverPastTheTimeLimit) {
  make(retry(plain_backoff), idempotent(), timeout(1s));
  proxy_->script = {refuse(R"({"retryAfterMs":5000})"), answer()};
  EXPECT_EQ(run(), R"(refused {"retryAfterMs":5000} after 0 ms)") << "at once, as waiting would be in vain";
  proxy_->script = {after(950ms, down()), answer()};
  EXPECT_EQ(run(), "unavailable after 950 ms");
  EXPECT_EQ(attempts(), 2u);
}

TEST_F(Retries, AnAttemptThatHangsLeavesTimeForOthers) {
  make(retry(plain_backoff), idempotent(), timeout(2s), attempt_timeout(500ms));
  proxy_->script = {keep_silent(), answer()};
  EXPECT_EQ(run(), "1 after 600 ms");
  proxy_->script = {keep_silent()};
  EXPECT_EQ(run(), "late after 1800 ms") << "three attempts, 100 and 200 ms apart";
  EXPECT_EQ(proxy_->attempts().back().options.timeout, 500ms);

  make(retry(plain_backoff), attempt_timeout(500ms));
  proxy_->script = {keep_silent(), answer()};
  EXPECT_EQ(run(), "late after 500 ms") << "it may have arrived";
}

TEST_F(Retries, TheLastAttemptHasWhatIsLeft) {
  make(retry(plain_backoff), idempotent(), timeout(1s), attempt_timeout(600ms));
  proxy_->script = {keep_silent()};
  EXPECT_EQ(run(), "late after 1000 ms");
  EXPECT_EQ(proxy_->attempts().back().options.timeout, 300ms);
}

// An outage costs the service a few calls more than are made, whatever way it is down.
TEST_F(Retries, ABudgetStopsThemWhileMostCallsFail) {
  for (const act& way : {down(), refuse(R"({"statusCode":503})"), refuse(R"({"retryAfterMs":1})"), keep_silent()}) {
    make(retry(plain_backoff), idempotent(), attempt_timeout(10ms));
    proxy_->script = {way};
    for (int i = 0; i < 100; ++i) run();
    EXPECT_GT(attempts(), 100u);
    EXPECT_LE(attempts(), 105u);
    EXPECT_EQ(value("retry", "retries_total"), static_cast<double>(attempts()) - 100);
    EXPECT_GE(value("retry", "retries_suppressed_total"), 95);
    EXPECT_EQ(value("retry", "retry_budget_tokens"), 0);
    proxy_->script = {answer()};
    for (int i = 0; i < 51; ++i) run();
    proxy_->script = {down(), answer()};
    const auto before = attempts();
    run();
    EXPECT_EQ(attempts(), before + 1) << "5.1 of 10 tokens, and one is taken";
    for (int i = 0; i < 20; ++i) run();
    proxy_->script = {down(), answer()};
    EXPECT_EQ(run(), "1 after 100 ms") << "well again";
  }
}

TEST_F(Retries, TheBudgetCanBeChosen) {
  make(retry(plain_backoff), retry_budget(100));
  proxy_->script = {down()};
  for (int i = 0; i < 100; ++i) run();
  EXPECT_GE(attempts(), 130u) << "about fifty failures may be repeated for, and a call has up to three";
  EXPECT_LE(attempts(), 150u);

  make(retry(plain_backoff), retry_budget({.min_per_second = 10}));
  proxy_->script = {down()};
  const auto began = time_.elapsed();
  for (int i = 0; i < 100; ++i) run();
  const double seconds = std::chrono::duration<double>(time_.elapsed() - began).count();
  EXPECT_GT(attempts(), 110u);
  EXPECT_LE(static_cast<double>(attempts()), 100 + 5 + 10 + 10 * seconds);

  make(retry(plain_backoff), no_retry_budget());
  proxy_->script = {down()};
  for (int i = 0; i < 100; ++i) run();
  EXPECT_EQ(attempts(), 300u);
  EXPECT_EQ(value("retry", "retry_budget_tokens"), 0);
}

TEST_F(Retries, WhoGivesUpWearsNoBudget) {
  make(retry(plain_backoff));
  proxy_->script = {keep_silent()};
  for (int i = 0; i < 10; ++i) {
    auto call = nest::with_deadline(client_->send_text("sum", "1"), nest::deadline::after(10ms));
    auto ended = boost::asio::co_spawn(loops_.loop(0).executor(), std::move(call), boost::asio::use_future);
    time_.advance(10ms);
    EXPECT_THROW(ended.get(), nest::deadline_exceeded);
  }
  EXPECT_EQ(value("retry", "retry_budget_tokens"), 10);
  EXPECT_EQ(value("calls", "aborted"), 10);
}

TEST_F(Retries, WhoGivesUpWhileWaitingEndsTheCall) {
  make(retry(plain_backoff));
  proxy_->script = {down(), answer()};
  auto call = nest::with_deadline(client_->send_text("sum", "1"), nest::deadline::after(50ms));
  auto ended = boost::asio::co_spawn(loops_.loop(0).executor(), std::move(call), boost::asio::use_future);
  time_.advance(1s);
  EXPECT_THROW(ended.get(), nest::deadline_exceeded);
  EXPECT_EQ(attempts(), 1u);
  EXPECT_EQ(value("calls", "aborted"), 1);
}

TEST_F(Retries, EventsThatAreAcknowledgedAreRepeatedToo) {
  make(retry(plain_backoff));
  proxy_->script = {down(), answer()};
  auto sent = boost::asio::co_spawn(loops_.loop(0).executor(), client_->emit_acknowledged_text("placed", "1"),
                                    boost::asio::use_future);
  time_.advance(1s);
  sent.get();
  EXPECT_THAT(times(), ElementsAre(0, 100));
}

// Each wait for itself: a stream has no limit as a whole.
TEST_F(Retries, AStreamWaitsForNoAttemptLongerThanForAValue) {
  make(retry(plain_backoff), idempotent(), timeout(1s));
  proxy_->script = {refuse(R"({"retryAfterMs":700})"), refuse(R"({"retryAfterMs":700})"), answer()};
  EXPECT_EQ(watch(), "11 after 1700 ms");
  for (const char* const err : {R"({"retryAfterMs":900})", R"({"retryAfterMs":30000})"}) {
    proxy_->script = {refuse(err), answer()};
    EXPECT_EQ(watch(), std::string{"refused "} + err + " after 0 ms");
  }
}

TEST_F(Retries, AStreamIsNotRepeatedPastTheDeadlineOfTheCallServed) {
  make(retry(plain_backoff), idempotent(), timeout(10s));
  proxy_->script = {refuse(R"({"retryAfterMs":199})"), answer()};
  EXPECT_EQ(watch_in_a_call(300), "11 after 299 ms");
  proxy_->script = {refuse(R"({"retryAfterMs":200})"), answer()};
  EXPECT_EQ(watch_in_a_call(300), R"(refused {"retryAfterMs":200} after 0 ms)");
}

TEST_F(Retries, AStreamsNextAttemptMayWaitForItsTurnAnew) {
  make(retry(plain_backoff), idempotent(), timeout(1500ms), nest::rate_limit{.calls = 1, .per = 1s, .max_wait = 10s});
  proxy_->script = {refuse(R"({"retryAfterMs":700})"), refuse(R"({"retryAfterMs":700})"), answer()};
  EXPECT_EQ(watch(), "11 after 2000 ms");
}

TEST_F(Retries, PoliciesThatCannotBeUsedAreRefusedAtTheStart) {
  const auto refused = [&](const auto&... options) {
    try {
      make(options...);
    } catch (const nest::startup_error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  EXPECT_EQ(refused(timeout(0ms)), "timeout: limit is 0 ms; 1 ms or more is accepted.");
  EXPECT_EQ(refused(attempt_timeout(-5ms)), "attempt_timeout: limit is -5 ms; 1 ms or more is accepted.");
  EXPECT_EQ(refused(retry(nest::exponential_backoff{.attempts = 0})),
            "exponential_backoff: attempts is 0; at least 1 is accepted (the first call counts).");
  EXPECT_EQ(refused(retry_budget(0)), "retry_budget: max_tokens is 0; 1 to 1000 is accepted.");
  EXPECT_EQ(refused(nest::circuit_breaker{.failure_rate = 0}),
            "circuit_breaker: failure_rate is 0; above 0 to 100 (percent) is accepted.");
  EXPECT_EQ(refused(timeout(1s), nest::bulkhead{}, nest::hedging{}), "accepted");
  nest::client_policy made;
  made.rate_limit = nest::rate_limit{.calls = 0};
  EXPECT_THROW((ScriptedClient{std::make_unique<scripted_proxy>(&time_), made}), nest::startup_error);
}

}  // namespace
}  // namespace scripted
