#include <nestcpp/resilience/rate_limit.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using nestcpp::rate_limit;
using nestcpp::rate_limiter;
using time_point = rate_limiter::time_point;

constexpr time_point start{1000s};

int admitted_at(rate_limiter& limiter, time_point now, int tries) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += limiter.take(now).has_value();
  return count;
}

TEST(RateLimit, BeginsFullAndRefillsAtItsRate) {
  rate_limiter limiter{{.calls = 10, .per = 1s}};
  EXPECT_DOUBLE_EQ(limiter.available(start), 10);
  EXPECT_EQ(admitted_at(limiter, start, 100), 10);
  EXPECT_EQ(admitted_at(limiter, start + 99ms, 100), 0);
  EXPECT_EQ(admitted_at(limiter, start + 100ms, 100), 1);
  EXPECT_EQ(admitted_at(limiter, start + 1100ms, 100), 10);
  EXPECT_EQ(admitted_at(limiter, start + 1h, 100), 10) << "a pause fills it, and no more";
}

TEST(RateLimit, TheBurstMayBeSmallerThanTheRate) {
  rate_limiter limiter{{.calls = 10, .per = 1s, .burst = 1}};
  EXPECT_EQ(admitted_at(limiter, start, 5), 1);
  EXPECT_EQ(admitted_at(limiter, start + 50ms, 5), 0);
  EXPECT_EQ(admitted_at(limiter, start + 100ms, 5), 1);
}

TEST(RateLimit, TellsHowLongToWaitAndKeepsThePlace) {
  rate_limiter limiter{{.calls = 10, .per = 1s, .burst = 1, .max_wait = 250ms}};
  EXPECT_EQ(limiter.take(start), 0ns);
  EXPECT_EQ(limiter.take(start), 100ms);
  EXPECT_EQ(limiter.take(start), 200ms);
  EXPECT_EQ(limiter.take(start), std::nullopt) << "300 ms are too long";
  EXPECT_EQ(limiter.take(start + 50ms), 250ms) << "refused calls took no turn";
  EXPECT_EQ(limiter.take(start + 50ms, 10s), 350ms);
}

TEST(RateLimit, AClockThatGoesBackMintsNothing) {
  rate_limiter limiter{{.calls = 10, .per = 1s}};
  EXPECT_EQ(admitted_at(limiter, start, 100), 10);
  EXPECT_EQ(admitted_at(limiter, start - 1h, 100), 0);
  EXPECT_EQ(admitted_at(limiter, start, 100), 0);
  EXPECT_EQ(admitted_at(limiter, start + 1s, 100), 10);
}

// A bucket of nanoseconds, filled by the time that passes.
class specification {
 public:
  specification(std::int64_t interval, std::int64_t burst)
      : interval_{interval}, most_{interval * burst}, level_{most_} {}
  bool take(time_point now) {
    level_ = std::min(most_, level_ + (now - last_).count());
    last_ = now;
    if (level_ < interval_) return false;
    level_ -= interval_;
    return true;
  }

 private:
  std::int64_t interval_, most_, level_;
  time_point last_ = start;
};

TEST(RateLimit, BehavesAsATokenBucket) {
  std::int64_t admitted = 0, refused = 0;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random{seed};
    const auto between = [&](int low, int high) { return std::uniform_int_distribution{low, high}(random); };
    const int burst = between(1, 20);
    const rate_limit options{
        .calls = between(1, 1000), .per = std::chrono::milliseconds{between(1, 2000)}, .burst = burst};
    rate_limiter real{options};
    const std::int64_t interval = std::chrono::nanoseconds{options.per}.count() / options.calls;
    specification model{interval, burst};
    time_point now = start;
    std::vector<time_point> times;
    for (int step = 0; step < 2000; ++step) {
      const int kind = between(0, 99);
      if (kind < 60)
        now += std::chrono::nanoseconds{between(0, static_cast<int>(std::min<std::int64_t>(interval, 1'000'000'000)))};
      if (kind == 98) now += std::chrono::milliseconds{between(0, 3'600'000)};
      const bool passed = real.take(now).has_value();
      ASSERT_EQ(passed, model.take(now)) << "seed " << seed << ", step " << step;
      if (passed) times.push_back(now);
      ++(passed ? admitted : refused);
    }
    // Over any window no more than the burst and the rate's share.
    for (std::size_t i = 0; i < times.size(); ++i) {
      for (std::size_t j = i; j < std::min(times.size(), i + 60); ++j) {
        const auto calls = static_cast<std::int64_t>(j - i + 1);
        ASSERT_LE(calls, burst + (times[j] - times[i]).count() / interval) << "seed " << seed;
      }
    }
  }
  EXPECT_GT(admitted, 20000);
  EXPECT_GT(refused, 20000);
}

TEST(RateLimit, GivesNoTurnTwiceBetweenThreads) {
  rate_limiter limiter{{.calls = 1000, .per = 1s, .burst = 1000}};
  std::atomic<int> admitted{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] { admitted += admitted_at(limiter, start, 1000); });
  }
  threads.clear();
  EXPECT_EQ(admitted, 1000);
}

TEST(RateLimit, RefusesWhatCannotBeUsed) {
  const auto refused = [](const rate_limit& options) {
    try {
      rate_limiter limiter{options};
    } catch (const nestcpp::startup_error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  EXPECT_EQ(refused({.calls = 0}), "rate_limit: calls is 0; 1 to 1000000 is accepted.");
  EXPECT_EQ(refused({.per = 0ms}), "rate_limit: per is 0 ms; 1 ms to 24 h is accepted.");
  EXPECT_EQ(refused({.burst = -1}), "rate_limit: burst is -1; 0 (as calls) to 1000000 is accepted.");
  EXPECT_EQ(refused({.max_wait = -1ms}), "rate_limit: max_wait is -1 ms; 0 to 24 h is accepted.");
  EXPECT_EQ(refused({.calls = 1, .per = 24h, .burst = 1'000'000}), "accepted");
}

TEST(RateLimit, HugeBurstsDoNotOverflow) {
  rate_limiter limiter{{.calls = 1, .per = 24h, .burst = 1'000'000}};
  EXPECT_EQ(admitted_at(limiter, start, 1000), 1000);
}

}  // namespace
