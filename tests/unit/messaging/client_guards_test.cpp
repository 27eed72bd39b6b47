// Circuit breaker, bulkhead, rate limit and throttle around a typed client's calls, and their order.

#include "scripted_client.hpp"

#include <nestcpp/messaging/client_health.hpp>

namespace scripted {
namespace {

using nest::bulkhead;
using nest::circuit_breaker;
using nest::circuit_state;
using testing::ElementsAre;

constexpr circuit_breaker of_four{
    .window = nest::sliding_window::calls(4), .minimum_calls = 4, .open_for = 1s, .half_open_calls = 2};

class Guards : public Scripted {
 protected:
  [[nodiscard]] std::string_view circuit_text(std::string_view pattern = {}) {
    return to_string(client_->find_circuit(pattern)->state());
  }
  void calls(int count, const act& does) {
    proxy_->script = {does};
    for (int i = 0; i < count; ++i) run();
  }
};

TEST_F(Guards, AnOpenCircuitFailsAtOnceAndTriesAgain) {
  make(of_four);
  calls(4, down(never_or_maybe::maybe_sent));
  EXPECT_EQ(circuit_text(), "open");
  proxy_->script = {answer()};
  EXPECT_EQ(run(), "circuit open after 0 ms");
  EXPECT_EQ(attempts(), 4u) << "the service is left alone";
  time_.advance(1s);
  EXPECT_EQ(run(), "1 after 0 ms");
  EXPECT_EQ(circuit_text(), "half_open");
  EXPECT_EQ(run(), "1 after 0 ms");
  EXPECT_EQ(circuit_text(), "closed");
  EXPECT_EQ(value("circuit_breaker", "circuit_rejected_total"), 1);
  EXPECT_EQ(value("circuit_breaker", "circuit_failures_total"), 4);
  EXPECT_EQ(value("circuit_breaker", "circuit_opened_total"), 1);
  EXPECT_EQ(value("calls", "rejected"), 1);
  EXPECT_EQ(value("calls", "answered"), 2);
}

// To a gateway's callers it is a service that is unavailable; the request has certainly not been sent.
TEST_F(Guards, AnOpenCircuitIsAServiceThatIsUnavailable) {
  make(of_four);
  client_->find_circuit()->set(circuit_state::forced_open, time_.now());
  auto call = boost::asio::co_spawn(loops_.loop(0).executor(), client_->send_text("sum", "1"), boost::asio::use_future);
  time_.advance(0s);
  try {
    call.get();
    FAIL();
  } catch (const nest::unavailable_exception& down) {
    EXPECT_EQ(down.state(), never_or_maybe::never_sent);
    EXPECT_EQ(down.client(), "scripted-service");
    EXPECT_STREQ(down.what(), "the circuit breaker is forced_open");
  }
}

TEST_F(Guards, ARejectedCallIsNotRepeated) {
  make(of_four, retry(plain_backoff), idempotent(), no_retry_budget());
  client_->find_circuit()->set(circuit_state::forced_open, time_.now());
  EXPECT_EQ(run(), "circuit open after 0 ms");
  EXPECT_EQ(value("circuit_breaker", "circuit_rejected_total"), 1);
  EXPECT_EQ(value("retry", "retries_total"), 0);
}

TEST_F(Guards, EachAttemptCountsForTheCircuit) {
  make(circuit_breaker{.window = nest::sliding_window::calls(2), .minimum_calls = 2}, retry(plain_backoff),
       no_retry_budget());
  proxy_->script = {down()};
  EXPECT_EQ(run(), "circuit open after 300 ms") << "the third attempt finds it open";
  EXPECT_THAT(times(), ElementsAre(0, 100));
}

TEST_F(Guards, WhatCountsAsFailure) {
  const auto after_four = [&](const act& does) {
    make(of_four, timeout(50ms));
    calls(4, does);
    return std::string{circuit_text()} + ", " +
           std::to_string(static_cast<int>(value("circuit_breaker", "circuit_window_calls")));
  };
  EXPECT_EQ(after_four(down()), "open, 0");
  EXPECT_EQ(after_four(keep_silent()), "open, 0");
  EXPECT_EQ(after_four(refuse(R"({"statusCode":500,"message":"x"})")), "open, 0");
  EXPECT_EQ(after_four(refuse(R"({"statusCode":503,"message":"x"})")), "open, 0");
  EXPECT_EQ(after_four(refuse(R"({"status":"error","message":"Internal server error"})")), "open, 0");
  EXPECT_EQ(after_four(answer()), "closed, 4");
  EXPECT_EQ(after_four(refuse(R"("no such order")")), "closed, 4") << "the service's own errors are answers";
  EXPECT_EQ(after_four(refuse(R"({"code":42})")), "closed, 4");
  EXPECT_EQ(after_four(refuse(R"({"statusCode":404,"message":"x"})")), "closed, 0") << "the caller's fault";
  EXPECT_EQ(after_four(refuse(R"({"statusCode":400,"message":["x"]})")), "closed, 0");
  EXPECT_EQ(after_four(refuse(R"({"statusCode":429,"message":"x"})")), "closed, 0") << "overload";
  EXPECT_EQ(after_four(refuse(R"({"statusCode":503,"retryAfterMs":100})")), "closed, 0");
  EXPECT_EQ(after_four(refuse(R"({"retryAfterMs":-1})")), "closed, 0");
}

TEST_F(Guards, AFunctionCanSayWhatCounts) {
  circuit_breaker own = of_four;
  own.is_failure = [](const nest::rpc_exception& error) { return error.error() == "broken"; };
  make(own);
  calls(4, refuse(R"({"statusCode":500})"));
  EXPECT_EQ(circuit_text(), "closed");
  calls(4, refuse(R"("broken")"));
  EXPECT_EQ(circuit_text(), "open");
}

TEST_F(Guards, AFunctionThatThrowsSaysNothing) {
  circuit_breaker own = of_four;
  own.is_failure = [](const nest::rpc_exception&) -> bool { throw std::logic_error{"a mistake"}; };
  make(own);
  proxy_->script = {refuse(R"({"statusCode":500})")};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(run(), R"(refused {"statusCode":500} after 0 ms)");
  EXPECT_EQ(circuit_text(), "open") << "the rule decides";
  EXPECT_EQ(value("calls", "refused"), 4);
}

TEST_F(Guards, SlowAnswersOpenIt) {
  circuit_breaker slow = of_four;
  slow.slow_call = 100ms;
  make(slow);
  calls(4, after(99ms, answer()));
  EXPECT_EQ(circuit_text(), "closed");
  calls(4, after(100ms, answer()));
  EXPECT_EQ(circuit_text(), "open");
}

TEST_F(Guards, ACallMayHaveACircuitOfItsOwn) {
  static constexpr auto search = nest::make_client_policy(of_four), other = nest::make_client_policy(of_four);
  make(of_four);
  proxy_->script = {down()};
  EXPECT_EQ(client_->find_circuit("search"), nullptr) << "it has not been made";
  for (int i = 0; i < 4; ++i) run(search, "search");
  EXPECT_EQ(circuit_text("search"), "open");
  EXPECT_EQ(circuit_text(), "closed");
  proxy_->script = {answer()};
  EXPECT_EQ(run(search, "search"), "circuit open after 0 ms");
  EXPECT_EQ(run(other, "other"), "1 after 0 ms");
  EXPECT_EQ(run(), "1 after 0 ms");
  EXPECT_EQ(value("circuit_breaker", "circuit_rejected_total", "search"), 1);
  EXPECT_EQ(value("circuit_breaker", "circuit_admitted_total", "other"), 1);
}

TEST_F(Guards, ACancelledProbeMakesRoomForAnother) {
  circuit_breaker one = of_four;
  one.half_open_calls = 1;
  make(one);
  calls(4, down());
  time_.advance(1s);
  proxy_->script = {keep_silent(), answer()};
  auto probe = nest::with_deadline(client_->send_text("sum", "1"), nest::deadline::after(10ms));
  auto cancelled = boost::asio::co_spawn(loops_.loop(0).executor(), std::move(probe), boost::asio::use_future);
  time_.advance(0s);
  EXPECT_EQ(run(), "circuit open after 0 ms") << "the one probe is under way";
  time_.advance(10ms);
  EXPECT_THROW(cancelled.get(), nest::deadline_exceeded);
  EXPECT_EQ(run(), "1 after 0 ms");
  EXPECT_EQ(circuit_text(), "closed");
}

TEST_F(Guards, HealthShowsTheCircuit) {
  make(of_four);
  EXPECT_EQ(boost::json::serialize(nest::circuit_health(*client_).data), R"({"circuit":"closed"})");
  EXPECT_TRUE(nest::circuit_health(*client_).is_up);
  calls(4, down());
  EXPECT_EQ(boost::json::serialize(nest::circuit_health(*client_).data), R"({"circuit":"open"})");
  EXPECT_FALSE(nest::circuit_health(*client_).is_up);
  time_.advance(1s);
  calls(1, answer());
  EXPECT_TRUE(nest::circuit_health(*client_).is_up) << "half open: it answers";
  make();
  EXPECT_TRUE(nest::circuit_health(*client_).is_up);
  EXPECT_TRUE(nest::circuit_health(*client_).data.empty());
}

// In a readiness check: nobody calls while it is down.
TEST_F(Guards, HealthIsUpAgainWhenProbesMayCome) {
  make(of_four);
  calls(4, down());
  time_.advance(999ms);
  EXPECT_FALSE(nest::circuit_health(*client_).is_up);
  time_.advance(1ms);
  EXPECT_TRUE(nest::circuit_health(*client_).is_up);
  EXPECT_EQ(attempts(), 4u) << "without a call";
  calls(2, down());
  EXPECT_FALSE(nest::circuit_health(*client_).is_up) << "the probes have failed";
  client_->find_circuit()->set(circuit_state::forced_open, time_.now());
  time_.advance(1h);
  EXPECT_FALSE(nest::circuit_health(*client_).is_up) << "no call is a probe";
}

TEST_F(Guards, ABulkheadKeepsOutWhatDoesNotFit) {
  make(bulkhead{.max_concurrent = 2});
  proxy_->script = {after(100ms, answer())};
  auto first = start(), second = start(), third = start();
  EXPECT_EQ(finish(std::move(third)), "bulkhead full after 0 ms");
  EXPECT_EQ(value("bulkhead", "bulkhead_calls"), 2);
  EXPECT_EQ(finish(std::move(first)), "1 after 100 ms");
  EXPECT_EQ(finish(std::move(second)), "1 after 100 ms");
  EXPECT_EQ(value("bulkhead", "bulkhead_calls"), 0);
  EXPECT_EQ(value("bulkhead", "bulkhead_rejected_total"), 1);
}

TEST_F(Guards, WaitingInTheBulkheadIsPartOfTheCall) {
  make(bulkhead{.max_concurrent = 1, .max_waiting = 3, .max_wait = 150ms}, timeout(1s));
  proxy_->script = {after(100ms, answer())};
  auto first = start(), second = start(), third = start();
  EXPECT_EQ(finish(std::move(first)), "1 after 100 ms");
  EXPECT_EQ(finish(std::move(second)), "1 after 200 ms");
  EXPECT_EQ(finish(std::move(third)), "bulkhead full after 150 ms");

  make(bulkhead{.max_concurrent = 1, .max_waiting = 3}, timeout(120ms));
  proxy_->script = {after(100ms, answer())};
  first = start(), second = start(), third = start();
  EXPECT_EQ(finish(std::move(first)), "1 after 100 ms");
  EXPECT_EQ(proxy_->attempts().back().options.timeout, 20ms) << "what is left";
  EXPECT_EQ(finish(std::move(third)), "late after 120 ms");
  second.get();
}

TEST_F(Guards, APlaceIsKeptBetweenAttempts) {
  make(bulkhead{.max_concurrent = 1}, retry(plain_backoff));
  proxy_->script = {down(), answer()};
  auto first = start();
  time_.advance(50ms);
  EXPECT_EQ(run(), "bulkhead full after 0 ms");
  EXPECT_EQ(finish(std::move(first)), "1 after 100 ms");
}

TEST_F(Guards, ARateLimitRefusesOrWaits) {
  make(nest::rate_limit{.calls = 2, .per = 1s});
  EXPECT_EQ(run(), "1 after 0 ms");
  EXPECT_EQ(run(), "1 after 0 ms");
  EXPECT_EQ(run(), "rate limited after 0 ms");
  time_.advance(500ms);
  EXPECT_EQ(run(), "1 after 0 ms");
  EXPECT_EQ(value("rate_limit", "rate_limited_total"), 1);

  make(nest::rate_limit{.calls = 2, .per = 1s, .burst = 1, .max_wait = 600ms}, timeout(10s));
  EXPECT_EQ(run(), "1 after 0 ms");
  auto second = start(), third = start();
  EXPECT_EQ(finish(std::move(second)), "1 after 500 ms");
  EXPECT_EQ(finish(std::move(third)), "rate limited after 0 ms");
}

TEST_F(Guards, ARateLimitIsNotWaitedForPastTheTimeLimit) {
  make(nest::rate_limit{.calls = 1, .per = 1s, .max_wait = 10s}, timeout(500ms));
  EXPECT_EQ(run(), "1 after 0 ms");
  EXPECT_EQ(run(), "rate limited after 0 ms");
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(Guards, EachAttemptTakesATurnOfTheRateLimit) {
  make(nest::rate_limit{.calls = 2, .per = 10s}, retry(plain_backoff), no_retry_budget());
  proxy_->script = {down()};
  EXPECT_EQ(run(), "rate limited after 300 ms");
  EXPECT_EQ(attempts(), 2u);
}

TEST_F(Guards, WaitingForTheRateIsNotTheServicesTime) {
  circuit_breaker slow = of_four;
  slow.slow_call = 100ms;
  make(slow, nest::rate_limit{.calls = 1, .per = 1s, .max_wait = 3s});
  calls(8, answer());
  EXPECT_EQ(circuit_text(), "closed");
  EXPECT_EQ(value("circuit_breaker", "circuit_slow_calls_total"), 0);
}

TEST_F(Guards, ARefusedTurnIsNoFailureOfTheService) {
  make(of_four, nest::rate_limit{.calls = 1, .per = 1h});
  for (int i = 0; i < 10; ++i) run();
  EXPECT_EQ(circuit_text(), "closed");
  EXPECT_EQ(value("circuit_breaker", "circuit_window_calls"), 1);
}

TEST_F(Guards, AThrottleSendsLessToAServiceThatRefuses) {
  make(nest::adaptive_throttle{});
  for (const act& way : {refuse(R"({"statusCode":429})"), down(), refuse(R"({"statusCode":503})")}) {
    make(nest::adaptive_throttle{});
    calls(100, way);
    EXPECT_EQ(attempts(), 100u);
    EXPECT_NEAR(value("adaptive_throttle", "throttle_probability"), 100.0 / 101, 1e-9);
    calls(200, way);
    EXPECT_LT(attempts(), 130u) << "about one in a hundred passes";
    EXPECT_EQ(value("adaptive_throttle", "throttled_total"), 300 - static_cast<double>(attempts()));
  }
  make(nest::adaptive_throttle{});
  calls(300, refuse(R"({"statusCode":500})"));
  EXPECT_EQ(attempts(), 300u) << "errors are answers of a service that takes its calls";
}

TEST_F(Guards, WhatIsRefusedHereIsNotCountedByTheThrottle) {
  make(nest::adaptive_throttle{}, of_four);
  client_->find_circuit()->set(circuit_state::forced_open, time_.now());
  for (int i = 0; i < 300; ++i) run();
  EXPECT_EQ(value("adaptive_throttle", "throttle_probability"), 0);
  EXPECT_EQ(value("circuit_breaker", "circuit_rejected_total"), 300);

  make(nest::adaptive_throttle{}, of_four, nest::rate_limit{.calls = 1, .per = 1h});
  for (int i = 0; i < 300; ++i) run();
  EXPECT_EQ(value("adaptive_throttle", "throttle_probability"), 0);
  EXPECT_EQ(value("rate_limit", "rate_limited_total"), 299);
}

TEST_F(Guards, StreamsHaveTheSameGuards) {
  const auto read = [](nest::stream<nest::reply> values) -> nest::task<nest::reply> {
    std::string all;
    while (const auto value = co_await values.next()) all += value->text();
    co_return nest::reply::from_text(all);
  };
  const auto watch = [&] { return start(read(client_->send_stream_text("ticks", "1"))); };
  make(of_four, bulkhead{.max_concurrent = 1}, retry(plain_backoff), no_retry_budget());
  proxy_->script = {down(), after(100ms, answer("7"))};
  auto first = watch();
  time_.advance(250ms);
  EXPECT_EQ(value("circuit_breaker", "circuit_window_calls"), 2) << "the failure and the first value";
  EXPECT_EQ(finish(watch()), "bulkhead full after 0 ms") << "the first goes on";
  EXPECT_EQ(finish(std::move(first)), "77 after 300 ms");
  proxy_->script = {down()};
  EXPECT_EQ(finish(watch()), "circuit open after 300 ms") << "three of four have failed";
  EXPECT_EQ(finish(watch()), "circuit open after 0 ms");
  EXPECT_EQ(value("calls", "answered"), 1);
}

TEST_F(Guards, MetricsHavePrometheusNames) {
  static constexpr auto search = nest::make_client_policy(of_four);
  make(of_four, bulkhead{}, nest::hedging{}, nest::rate_limit{}, nest::adaptive_throttle{}, retry(plain_backoff));
  run();
  run(search, "search");
  std::vector<std::string> lines;
  for (const nest::metric_sample& each : client_->metrics()) {
    EXPECT_THAT(each.name, testing::MatchesRegex("nestcpp_client_[a-z_]+"));
    EXPECT_EQ(each.name.ends_with("_total"), each.kind == nest::metric_kind::counter) << each.name;
    std::string line = each.name + "{";
    for (const auto& [name, text] : each.labels) line += name + "=" + text + ",";
    lines.push_back(line + "} " + std::to_string(static_cast<int>(each.value)));
  }
  const std::set<std::string> unique{lines.begin(), lines.end()};
  EXPECT_EQ(unique.size(), lines.size()) << "no figure twice";
  EXPECT_THAT(lines, testing::IsSupersetOf({
                         "nestcpp_client_calls_total{client=scripted-service,result=answered,} 2",
                         "nestcpp_client_calls_total{client=scripted-service,result=timeout,} 0",
                         "nestcpp_client_retries_total{client=scripted-service,} 0",
                         "nestcpp_client_retry_budget_tokens{client=scripted-service,} 10",
                         "nestcpp_client_circuit_state{client=scripted-service,state=closed,} 1",
                         "nestcpp_client_circuit_state{client=scripted-service,state=open,} 0",
                         "nestcpp_client_circuit_admitted_total{client=scripted-service,} 1",
                         "nestcpp_client_circuit_admitted_total{client=scripted-service,call=search,} 1",
                         "nestcpp_client_bulkhead_calls{client=scripted-service,} 0",
                         "nestcpp_client_hedges_total{client=scripted-service,} 0",
                         "nestcpp_client_rate_limited_total{client=scripted-service,} 0",
                         "nestcpp_client_throttled_total{client=scripted-service,} 0",
                     }));
}

}  // namespace
}  // namespace scripted
