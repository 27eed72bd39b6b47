#include <nestcpp/resilience/concurrency_limit.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using nestcpp::concurrency_limit;
using nestcpp::concurrency_limiter;

constexpr concurrency_limiter::time_point start{1000s};

// One window: as many calls as wanted and allowed at a time, each of which takes so long. @return how many there were
int window(concurrency_limiter& limiter, int wanted, std::chrono::nanoseconds took,
           concurrency_limiter::time_point& now) {
  int begun = 0;
  while (begun < wanted && limiter.try_begin()) ++begun;
  now += 1s;
  for (int i = 0; i < begun; ++i) limiter.end(took, now);
  return begun;
}

TEST(ConcurrencyLimit, AdmitsAsManyAsTheLimit) {
  concurrency_limiter limiter;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(limiter.try_begin());
  EXPECT_FALSE(limiter.try_begin());
  limiter.end(-1ns, start);
  EXPECT_TRUE(limiter.try_begin());
  EXPECT_EQ(limiter.under_way(), 20);
}

TEST(ConcurrencyLimit, GrowsWhileCallsTakeWhatTheyUsuallyTake) {
  concurrency_limiter limiter;
  auto now = start;
  for (int i = 0; i < 1000; ++i) window(limiter, 1000, 10ms, now);
  EXPECT_EQ(limiter.limit(), 200);
}

TEST(ConcurrencyLimit, DoesNotGrowWhereItIsNotUsed) {
  concurrency_limiter limiter{{.min = 1}};
  auto now = start;
  for (int i = 0; i < 100; ++i) window(limiter, 9, 10ms, now);
  EXPECT_EQ(limiter.limit(), 20);
}

TEST(ConcurrencyLimit, FallsWhenCallsWaitForEachOther) {
  concurrency_limiter limiter;
  auto now = start;
  for (int i = 0; i < 1000; ++i) window(limiter, 1000, 10ms, now);
  for (int i = 0; i < 50; ++i) window(limiter, 1000, 100ms, now);
  EXPECT_LT(limiter.limit(), 50);
  EXPECT_GE(limiter.limit(), 20);
  for (int i = 0; i < 300; ++i) window(limiter, 1000, 10ms, now);
  EXPECT_GT(limiter.limit(), 150) << "well again";
}

// A service that does 50 calls at a time in 10 ms each, and queues the rest. Where the time is one and a half times the
// usual one, 75 calls are under way; the limit settles a little above, by what it adds to find out.
TEST(ConcurrencyLimit, FindsWhatAServiceCanDo) {
  concurrency_limiter limiter{{.min = 5, .max = 1000}};
  auto now = start;
  const auto service = [](int calls) { return std::chrono::microseconds{calls <= 50 ? 10000 : 10000 * calls / 50}; };
  for (int i = 0; i < 100; ++i) window(limiter, 10, service(10), now);
  for (int i = 0; i < 60; ++i) window(limiter, 10000, service(limiter.limit()), now);
  EXPECT_GT(limiter.limit(), 60);
  EXPECT_LT(limiter.limit(), 110);
}

TEST(ConcurrencyLimit, AFewCallsDecideNothing) {
  concurrency_limiter limiter{{.initial = 20, .min = 1}};
  auto now = start;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(limiter.try_begin());
  for (int i = 0; i < 9; ++i) limiter.end(10ms, now);
  now += 10s;
  EXPECT_EQ(limiter.limit(), 20);
  limiter.end(10ms, now);
  EXPECT_GT(limiter.limit(), 19);
  EXPECT_EQ(limiter.under_way(), 10);
}

TEST(ConcurrencyLimit, CountsCallsOfManyThreads) {
  concurrency_limiter limiter{{.initial = 20, .min = 20, .max = 20}};
  std::atomic<int> inside{0}, highest{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 32; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        if (!limiter.try_begin()) continue;
        const int now = ++inside;
        for (int seen = highest; now > seen && !highest.compare_exchange_weak(seen, now);) {
        }
        --inside;
        limiter.end(1ms, start + i * 1ms);
      }
    });
  }
  threads.clear();
  EXPECT_LE(highest, 20);
  EXPECT_EQ(limiter.under_way(), 0);
}

TEST(ConcurrencyLimit, RefusesWhatCannotBeUsed) {
  const auto refused = [](const concurrency_limit& options) {
    try {
      concurrency_limiter limiter{options};
    } catch (const nestcpp::startup_error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  EXPECT_EQ(refused({}), "accepted");
  EXPECT_EQ(refused({.min = 0}), "concurrency_limit: min is 0; 1 or more is accepted.");
  EXPECT_EQ(refused({.max = 19}), "concurrency_limit: max is 19; min or more is accepted.");
  EXPECT_EQ(refused({.initial = 300}), "concurrency_limit: initial is 300; min to max is accepted.");
  EXPECT_EQ(refused({.tolerance = 0.5}), "concurrency_limit: tolerance is 0.5; 1 to 100 is accepted.");
  EXPECT_EQ(refused({.smoothing = 0}), "concurrency_limit: smoothing is 0; above 0 to 1 is accepted.");
  EXPECT_EQ(refused({.window = 0ms}), "concurrency_limit: window is 0 ms; 1 ms or more is accepted.");
}

}  // namespace
