#include <nestcpp/resilience/adaptive_throttle.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>

namespace {

using namespace std::chrono_literals;
using nestcpp::adaptive_throttle;
using nestcpp::throttle;
using time_point = throttle::time_point;

constexpr time_point start{1000s};

TEST(AdaptiveThrottle, FollowsTheFormula) {
  throttle dropping{{.minimum_requests = 0}};
  for (int i = 0; i < 99; ++i) ASSERT_TRUE(dropping.admit(start, 0.9999));
  EXPECT_DOUBLE_EQ(dropping.probability(start), 99.0 / 100);
  for (int i = 0; i < 20; ++i) dropping.on_accepted(start);
  EXPECT_DOUBLE_EQ(dropping.probability(start), (99.0 - 2 * 20) / 100);
  EXPECT_FALSE(dropping.admit(start, 0.58));
  EXPECT_TRUE(dropping.admit(start, 0.6));
  for (int i = 0; i < 40; ++i) dropping.on_accepted(start);
  EXPECT_DOUBLE_EQ(dropping.probability(start), 0);
  EXPECT_TRUE(dropping.admit(start, 0));
}

TEST(AdaptiveThrottle, AFewRequestsProveNothing) {
  throttle dropping{{}};
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(dropping.admit(start, 0)) << i;
  EXPECT_FALSE(dropping.admit(start, 0));
}

TEST(AdaptiveThrottle, WhatIsTakenBackHasNotBeen) {
  throttle dropping{{.window = 40s, .minimum_requests = 0}};
  for (int i = 0; i < 99; ++i) {
    ASSERT_TRUE(dropping.admit(start, 0)) << i;
    dropping.withdraw(start);
  }
  EXPECT_DOUBLE_EQ(dropping.probability(start), 0);
  ASSERT_TRUE(dropping.admit(start + 500ms, 0));
  dropping.withdraw(start + 1500ms);
  EXPECT_DOUBLE_EQ(dropping.probability(start + 1500ms), 0) << "a step has begun since";
  ASSERT_TRUE(dropping.admit(start + 50s, 0)) << "and nothing of it is left";
  EXPECT_DOUBLE_EQ(dropping.probability(start + 50s), 0.5);
}

TEST(AdaptiveThrottle, TheWindowForgets) {
  throttle dropping{{.window = 40s, .minimum_requests = 0}};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(dropping.admit(start, 0.9999));
  EXPECT_GT(dropping.probability(start + 39s), 0.5);
  EXPECT_DOUBLE_EQ(dropping.probability(start + 40s), 0);
}

// A service that takes a fifth of what is offered: no more than k times what it takes is sent, and all again when it is
// well, within one window.
TEST(AdaptiveThrottle, SendsNoMoreThanKTimesWhatIsAccepted) {
  std::mt19937 random{7};
  std::uniform_real_distribution<double> chance{0, 1};
  throttle dropping{{.k = 2, .window = 10s}};
  time_point now = start;
  const auto second = [&](double capacity) {  // 1000 requests of which the service takes so many
    int sent = 0, accepted = 0;
    for (int i = 0; i < 1000; ++i) {
      now += 1ms;
      if (!dropping.admit(now, chance(random))) continue;
      ++sent;
      if (accepted < capacity * (i + 1) / 1000) {
        ++accepted;
        dropping.on_accepted(now);
      }
    }
    return std::pair{sent, accepted};
  };
  for (int i = 0; i < 10; ++i) second(200);
  int sent = 0, accepted = 0;
  for (int i = 0; i < 10; ++i) {
    const std::pair<int, int> counted = second(200);
    sent += counted.first;
    accepted += counted.second;
  }
  EXPECT_GT(accepted, 1500);
  EXPECT_LE(sent, 2.2 * accepted);
  for (int i = 0; i < 10; ++i) second(1000);
  EXPECT_EQ(second(1000).first, 1000) << "well again";
}

// Every request and acceptance with its time, counted anew at each step.
TEST(AdaptiveThrottle, BehavesAsSpecified) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    std::mt19937 random{seed};
    const auto between = [&](int low, int high) { return std::uniform_int_distribution{low, high}(random); };
    const adaptive_throttle options{.k = between(10, 40) / 10.0,
                                    .window = std::chrono::milliseconds{between(3, 50) * 40},
                                    .minimum_requests = between(0, 50)};
    throttle real{options};
    std::deque<std::pair<time_point, bool>> events;  // true: accepted
    time_point now = start;
    for (int step = 0; step < 1000; ++step) {
      now += std::chrono::milliseconds{between(0, 9)};
      const auto width = std::chrono::nanoseconds{options.window} / 40;
      double requests = 0, accepts = 0;
      for (const auto& [at, accepted] : events) {
        if (now.time_since_epoch() / width - at.time_since_epoch() / width >= 40) continue;
        (accepted ? accepts : requests) += 1;
      }
      const double expected =
          requests < options.minimum_requests ? 0 : std::max(0.0, (requests - options.k * accepts) / (requests + 1));
      ASSERT_NEAR(real.probability(now), expected, 1e-9) << "seed " << seed << ", step " << step;
      const double chance = between(0, 999) / 1000.0;
      ASSERT_EQ(real.admit(now, chance), chance >= expected) << "seed " << seed << ", step " << step;
      events.emplace_back(now, false);
      const int what = between(0, 3);
      if (what == 0 && chance >= expected) {
        real.withdraw(now);
        events.pop_back();
      } else if (what >= 2) {
        real.on_accepted(now);
        events.emplace_back(now, true);
      }
    }
  }
}

TEST(AdaptiveThrottle, RefusesWhatCannotBeUsed) {
  const auto refused = [](const adaptive_throttle& options) {
    try {
      throttle dropping{options};
    } catch (const nestcpp::startup_error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  EXPECT_EQ(refused({}), "accepted");
  EXPECT_EQ(refused({.k = 0.9}), "adaptive_throttle: k is 0.9; 1 to 100 is accepted.");
  EXPECT_EQ(refused({.window = 99ms}), "adaptive_throttle: window is 99 ms; 100 ms or more is accepted.");
  EXPECT_EQ(refused({.minimum_requests = -1}), "adaptive_throttle: minimum_requests is -1; 0 or more is accepted.");
}

}  // namespace
