#include <nestcpp/resilience/exponential_backoff.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace std::chrono_literals;
using nestcpp::backoff_jitter;
using nestcpp::exponential_backoff;

TEST(ExponentialBackoff, GrowsByTheMultiplierUpToTheMaximum) {
  const exponential_backoff backoff{.initial = 100ms, .multiplier = 3, .max = 2000ms};
  EXPECT_EQ(backoff.limit(1), 100ms);
  EXPECT_EQ(backoff.limit(2), 300ms);
  EXPECT_EQ(backoff.limit(3), 900ms);
  EXPECT_EQ(backoff.limit(4), 2000ms);
  EXPECT_EQ(backoff.limit(5), 2000ms);
}

TEST(ExponentialBackoff, DoesNotOverflow) {
  const int many = std::numeric_limits<int>::max();
  EXPECT_EQ((exponential_backoff{.max = 1h}.limit(many)), 1h);
  EXPECT_EQ((exponential_backoff{.initial = 0ms, .max = 1h}.limit(many)), 0ms);
  EXPECT_EQ((exponential_backoff{.initial = 5ms, .multiplier = 1}.limit(many)), 5ms);
}

TEST(ExponentialBackoff, CountsTheFirstCallAsAnAttempt) {
  const exponential_backoff backoff{.attempts = 3, .jitter = backoff_jitter::none};
  EXPECT_EQ(backoff.delay_after(1), 100ms);
  EXPECT_EQ(backoff.delay_after(2), 200ms);
  EXPECT_EQ(backoff.delay_after(3), std::nullopt);
  EXPECT_EQ(exponential_backoff{.attempts = 1}.delay_after(1), std::nullopt);
}

TEST(ExponentialBackoff, FullJitterSpreadsFromZeroToTheLimit) {
  const exponential_backoff backoff{};
  EXPECT_EQ(backoff.delay_after(1, [] { return 0.0; }), 0ms);
  EXPECT_EQ(backoff.delay_after(1, [] { return 0.25; }), 25ms);
  EXPECT_EQ(backoff.delay_after(2, [] { return 0.5; }), 100ms);
}

TEST(ExponentialBackoff, ProportionalJitterStaysWithinAFifth) {
  const exponential_backoff backoff{.attempts = 9, .initial = 1000ms, .jitter = backoff_jitter::proportional};
  EXPECT_EQ(backoff.delay_after(1, [] { return 0.0; }), 800ms);
  EXPECT_EQ(backoff.delay_after(1, [] { return 0.5; }), 1000ms);
  EXPECT_LT(*backoff.delay_after(1, [] { return 0.999999; }), 1200ms);
}

TEST(ExponentialBackoff, UsesItsOwnRandomSourceByDefault) {
  const exponential_backoff backoff{.attempts = 100};
  bool differs = false;
  const auto first = *backoff.delay_after(1);
  for (int i = 0; i < 100; ++i) {
    const auto delay = *backoff.delay_after(1);
    EXPECT_GE(delay, 0ns);
    EXPECT_LT(delay, 100ms);
    differs = differs || delay != first;
  }
  EXPECT_TRUE(differs);
}

TEST(ExponentialBackoff, RefusesWhatCannotBeUsed) {
  EXPECT_NO_THROW(exponential_backoff{}.validate());
  EXPECT_NO_THROW((exponential_backoff{.attempts = 1, .initial = 0ms, .multiplier = 1, .max = 0ms}.validate()));
  const auto refused = [](const exponential_backoff& backoff) {
    try {
      backoff.validate();
    } catch (const nestcpp::startup_error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  EXPECT_EQ(refused({.attempts = 0}),
            "exponential_backoff: attempts is 0; at least 1 is accepted (the first call counts).");
  EXPECT_EQ(refused({.initial = -1ms}), "exponential_backoff: initial is -1 ms; 0 or more is accepted.");
  EXPECT_EQ(refused({.multiplier = 0.5}), "exponential_backoff: multiplier is 0.5; 1 or more is accepted.");
  EXPECT_EQ(refused({.multiplier = std::numeric_limits<double>::quiet_NaN()}),
            "exponential_backoff: multiplier is nan; 1 or more is accepted.");
  EXPECT_EQ(refused({.max = 99ms}),
            "exponential_backoff: max is 99 ms, less than initial, 100 ms; at least that is accepted.");
}

}  // namespace
