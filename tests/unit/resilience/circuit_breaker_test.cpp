#include <nestcpp/resilience/circuit_breaker.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using nestcpp::circuit;
using nestcpp::circuit_breaker;
using nestcpp::circuit_outcome;
using nestcpp::circuit_state;
using nestcpp::sliding_window;

constexpr circuit::time_point start{1000s};

// One call that begins and ends at once. @return whether it was admitted
bool call(circuit& of, circuit_outcome outcome, circuit::time_point now, std::chrono::nanoseconds took = 0ns) {
  const auto entry = of.enter(now);
  if (entry.admitted) of.leave(entry.generation, outcome, took, now);
  return entry.admitted;
}

void calls(circuit& of, int count, circuit_outcome outcome, circuit::time_point now = start) {
  for (int i = 0; i < count; ++i) call(of, outcome, now);
}

TEST(CircuitBreaker, HasResilience4jsDefaults) {
  circuit breaker{{}};
  calls(breaker, 50, circuit_outcome::success);
  calls(breaker, 49, circuit_outcome::failure);
  EXPECT_EQ(breaker.state(), circuit_state::closed) << "99 calls are too few";
  calls(breaker, 1, circuit_outcome::failure);
  EXPECT_EQ(breaker.state(), circuit_state::open) << "50 of 100 are 50 %";
  EXPECT_FALSE(call(breaker, circuit_outcome::success, start + 59999ms));
  EXPECT_TRUE(call(breaker, circuit_outcome::success, start + 60s));
  EXPECT_EQ(breaker.state(), circuit_state::half_open);
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(call(breaker, circuit_outcome::success, start + 60s));
  EXPECT_EQ(breaker.state(), circuit_state::closed);
  EXPECT_EQ(breaker.snapshot(start + 60s).calls, 0) << "it begins anew";
}

TEST(CircuitBreaker, StaysClosedBelowTheThreshold) {
  circuit breaker{{.minimum_calls = 10}};
  for (int i = 0; i < 1000; ++i) {
    call(breaker, i % 100 < 51 ? circuit_outcome::success : circuit_outcome::failure, start);
    if (i < 100) continue;
    ASSERT_EQ(breaker.state(), circuit_state::closed) << i;
    ASSERT_EQ(breaker.snapshot(start).calls, 100);
  }
  EXPECT_DOUBLE_EQ(breaker.snapshot(start).failure_rate, 49);
}

TEST(CircuitBreaker, SlowCallsOpenItAlthoughTheySucceed) {
  circuit breaker{{.slow_call_rate = 50, .slow_call = 100ms, .window = sliding_window::calls(4), .minimum_calls = 4}};
  call(breaker, circuit_outcome::success, start, 99ms);
  call(breaker, circuit_outcome::success, start, 100ms);
  call(breaker, circuit_outcome::success, start, 99ms);
  EXPECT_EQ(breaker.state(), circuit_state::closed);
  const auto entry = breaker.enter(start);
  const auto change = breaker.leave(entry.generation, circuit_outcome::success, 1s, start);
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->from, circuit_state::closed);
  EXPECT_EQ(change->to, circuit_state::open);
  EXPECT_EQ(change->calls, 4);
  EXPECT_DOUBLE_EQ(change->failure_rate, 0);
  EXPECT_DOUBLE_EQ(change->slow_call_rate, 50);
}

TEST(CircuitBreaker, WhatSaysNothingIsNotCounted) {
  circuit breaker{{.window = sliding_window::calls(2), .minimum_calls = 2, .open_for = 1s, .half_open_calls = 1}};
  calls(breaker, 1, circuit_outcome::failure);
  calls(breaker, 100, circuit_outcome::ignored);
  EXPECT_EQ(breaker.snapshot(start).calls, 1);
  calls(breaker, 1, circuit_outcome::failure);
  ASSERT_EQ(breaker.state(), circuit_state::open);
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(call(breaker, circuit_outcome::ignored, start + 1s)) << "its place comes free";
  EXPECT_EQ(breaker.state(), circuit_state::half_open);
}

TEST(CircuitBreaker, FailingProbesOpenItAgain) {
  circuit breaker{{.window = sliding_window::calls(2), .minimum_calls = 2, .open_for = 1s, .half_open_calls = 2}};
  calls(breaker, 2, circuit_outcome::failure);
  call(breaker, circuit_outcome::success, start + 1s);
  call(breaker, circuit_outcome::failure, start + 1500ms);
  EXPECT_EQ(breaker.state(), circuit_state::open) << "50 %";
  EXPECT_EQ(breaker.probes_in(start + 1600ms), 900ms);
  EXPECT_FALSE(call(breaker, circuit_outcome::success, start + 2400ms)) << "it waits anew";
  EXPECT_TRUE(call(breaker, circuit_outcome::success, start + 2500ms));
  EXPECT_TRUE(call(breaker, circuit_outcome::success, start + 2500ms));
  EXPECT_EQ(breaker.state(), circuit_state::closed);
  EXPECT_EQ(breaker.snapshot(start).opened, 2u);
}

TEST(CircuitBreaker, ProbesThatDoNotEndOpenItAgain) {
  circuit breaker{{.window = sliding_window::calls(1),
                   .minimum_calls = 1,
                   .open_for = 1s,
                   .half_open_calls = 1,
                   .max_half_open = 5s}};
  calls(breaker, 1, circuit_outcome::failure);
  const auto stuck = breaker.enter(start + 1s);
  ASSERT_TRUE(stuck.admitted);
  EXPECT_FALSE(breaker.enter(start + 5900ms).transition.has_value());
  const auto entry = breaker.enter(start + 6s);
  ASSERT_TRUE(entry.transition.has_value());
  EXPECT_EQ(entry.transition->to, circuit_state::open);
  EXPECT_FALSE(entry.admitted);
  EXPECT_TRUE(call(breaker, circuit_outcome::ignored, start + 7s));
  EXPECT_FALSE(breaker.leave(stuck.generation, circuit_outcome::success, 0ns, start + 7s).has_value());
  EXPECT_EQ(breaker.state(), circuit_state::half_open) << "the late probe was one of another time";
}

TEST(CircuitBreaker, ResultsOfAFormerStateDoNotDecide) {
  circuit breaker{{.window = sliding_window::calls(1), .minimum_calls = 1, .open_for = 1s, .half_open_calls = 1}};
  const auto early = breaker.enter(start), other = breaker.enter(start);
  calls(breaker, 1, circuit_outcome::failure);
  EXPECT_FALSE(breaker.leave(early.generation, circuit_outcome::failure, 0ns, start).has_value()) << "one cause, one";
  const auto probe = breaker.enter(start + 1s);
  EXPECT_FALSE(breaker.leave(other.generation, circuit_outcome::failure, 0ns, start + 1s).has_value());
  EXPECT_EQ(breaker.state(), circuit_state::half_open);
  EXPECT_TRUE(breaker.leave(probe.generation, circuit_outcome::success, 0ns, start + 1s).has_value());
  EXPECT_EQ(breaker.state(), circuit_state::closed);
}

TEST(CircuitBreaker, ATimeWindowForgets) {
  circuit breaker{{.window = sliding_window::time(10s), .minimum_calls = 4}};
  calls(breaker, 3, circuit_outcome::failure, start);
  EXPECT_EQ(breaker.snapshot(start + 9999ms).calls, 3);
  EXPECT_EQ(breaker.snapshot(start + 10s).calls, 0);
  calls(breaker, 3, circuit_outcome::failure, start + 10s);
  EXPECT_EQ(breaker.state(), circuit_state::closed);
  calls(breaker, 1, circuit_outcome::failure, start + 19s);
  EXPECT_EQ(breaker.state(), circuit_state::open);
}

TEST(CircuitBreaker, CanBeSetByHand) {
  circuit breaker{{.window = sliding_window::calls(1), .minimum_calls = 1, .open_for = 1s}};
  ASSERT_TRUE(breaker.set(circuit_state::forced_open, start).has_value());
  EXPECT_FALSE(call(breaker, circuit_outcome::success, start + 1h));
  EXPECT_FALSE(breaker.set(circuit_state::forced_open, start).has_value());
  breaker.set(circuit_state::disabled, start);
  calls(breaker, 10, circuit_outcome::failure);
  EXPECT_EQ(breaker.state(), circuit_state::disabled);
  breaker.set(circuit_state::closed, start);
  calls(breaker, 1, circuit_outcome::failure);
  EXPECT_EQ(breaker.state(), circuit_state::open);
  const auto seen = breaker.snapshot(start);
  EXPECT_EQ(seen.refused, 1u);
  EXPECT_EQ(seen.admitted, 11u);
  EXPECT_EQ(seen.failed, 11u);
}

TEST(CircuitBreaker, RefusesWhatCannotBeUsed) {
  const auto refused = [](const circuit_breaker& options) {
    try {
      circuit breaker{options};
    } catch (const nestcpp::startup_error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  EXPECT_EQ(refused({}), "accepted");
  EXPECT_EQ(refused({.failure_rate = 0}), "circuit_breaker: failure_rate is 0; above 0 to 100 (percent) is accepted.");
  EXPECT_EQ(refused({.failure_rate = std::numeric_limits<double>::quiet_NaN()}),
            "circuit_breaker: failure_rate is nan; above 0 to 100 (percent) is accepted.");
  EXPECT_EQ(refused({.slow_call_rate = 101}),
            "circuit_breaker: slow_call_rate is 101; above 0 to 100 (percent) is accepted.");
  EXPECT_EQ(refused({.slow_call = 0ms}), "circuit_breaker: slow_call is 0 ms; 1 ms or more is accepted.");
  EXPECT_EQ(refused({.window = sliding_window::calls(0)}), "sliding_window: calls is 0; 1 to 100000 is accepted.");
  EXPECT_EQ(refused({.window = sliding_window::time(9ms)}), "sliding_window: time is 9 ms; 10 ms or more is accepted.");
  EXPECT_EQ(refused({.minimum_calls = 0}), "circuit_breaker: minimum_calls is 0; 1 or more is accepted.");
  EXPECT_EQ(refused({.open_for = 0ms}), "circuit_breaker: open_for is 0 ms; 1 ms or more is accepted.");
  EXPECT_EQ(refused({.half_open_calls = 0}), "circuit_breaker: half_open_calls is 0; 1 to 100000 is accepted.");
  EXPECT_EQ(refused({.max_half_open = -1ms}),
            "circuit_breaker: max_half_open is -1 ms; 0 (no limit) or more is accepted.");
}

TEST(CircuitBreaker, ExactlySoManyProbesPassUnderManyThreads) {
  constexpr int threads = 64, probes = 10, rounds = 50;
  circuit breaker{{.window = sliding_window::calls(1), .minimum_calls = 1, .open_for = 1s, .half_open_calls = probes}};
  auto now = start;
  for (int round = 0; round < rounds; ++round) {
    calls(breaker, 1, circuit_outcome::failure, now);
    ASSERT_EQ(breaker.state(), circuit_state::open);
    now += 1s;
    std::atomic<int> admitted{0}, opened{0}, changes{0};
    std::barrier gate{threads};
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) {
      running.emplace_back([&] {
        gate.arrive_and_wait();
        const auto entry = breaker.enter(now);
        if (entry.transition) ++opened;
        if (entry.admitted) ++admitted;
        gate.arrive_and_wait();  // all have asked before the first probe ends
        if (!entry.admitted) return;
        if (breaker.leave(entry.generation, circuit_outcome::success, 0ns, now)) ++changes;
      });
    }
    running.clear();
    ASSERT_EQ(admitted, probes);
    ASSERT_EQ(opened, 1) << "half-opened once";
    ASSERT_EQ(changes, 1) << "closed once";
    ASSERT_EQ(breaker.state(), circuit_state::closed);
  }
}

TEST(CircuitBreaker, OneCauseIsOneTransitionUnderManyThreads) {
  constexpr int threads = 16, rounds = 100;
  circuit breaker{{.window = sliding_window::calls(4), .minimum_calls = 4, .open_for = 1h}};
  for (int round = 0; round < rounds; ++round) {
    std::atomic<int> changes{0};
    std::barrier gate{threads};
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) {
      running.emplace_back([&] {
        const auto entry = breaker.enter(start);
        gate.arrive_and_wait();
        if (entry.admitted && breaker.leave(entry.generation, circuit_outcome::failure, 0ns, start)) ++changes;
      });
    }
    running.clear();
    ASSERT_EQ(changes, 1);
    breaker.set(circuit_state::closed, start);
  }
  EXPECT_EQ(breaker.snapshot(start).opened, static_cast<std::uint64_t>(rounds));
}

}  // namespace
