#include <nestcpp/resilience/hedging.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using nestcpp::hedge_budget;
using nestcpp::hedging;

constexpr hedging checked_when_compiled = [] {
  hedging made{.delay = 5ms, .max_attempts = 5, .max_ratio = 1};
  made.validate();
  return made;
}();
static_assert(checked_when_compiled.max_attempts == hedging::most_attempts);

TEST(HedgeBudget, OfManyCallsAtMostTheRatioIsHedged) {
  hedge_budget budget{0.05};
  int hedges = 0;
  constexpr int calls = 100'000;
  for (int i = 0; i < calls; ++i) {  // a service that is slow as a whole: each call would be hedged twice
    budget.on_call();
    hedges += budget.take();
    hedges += budget.take();
  }
  EXPECT_LE(hedges, calls * 0.05 + 10);
  EXPECT_GE(hedges, calls * 0.05);
}

TEST(HedgeBudget, AQuietTimeLeavesAFewBehind) {
  hedge_budget budget{1};
  for (int i = 0; i < 1000; ++i) budget.on_call();
  EXPECT_DOUBLE_EQ(budget.tokens(), 10);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.take());
  EXPECT_FALSE(budget.take());
}

TEST(HedgeBudget, GivesNoTokenTwiceBetweenThreads) {
  hedge_budget budget{0.5};
  std::atomic<int> taken{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20000; ++i) {
        budget.on_call();
        taken += budget.take();
      }
    });
  }
  threads.clear();
  EXPECT_LE(taken, 4 * 20000 / 2 + 10);
  EXPECT_GE(taken, 4 * 20000 / 2);
}

TEST(Hedging, RefusesWhatCannotBeUsed) {
  const auto refused = [](const hedging& options) {
    try {
      options.validate();
    } catch (const nestcpp::startup_error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  EXPECT_EQ(refused({}), "accepted");
  EXPECT_EQ(refused({.delay = -1ms}), "hedging: delay is -1 ms; 0 or more is accepted.");
  EXPECT_EQ(refused({.max_attempts = 1}), "hedging: max_attempts is 1; 2 to 5 (the first call counts) is accepted.");
  EXPECT_EQ(refused({.max_attempts = 6}), "hedging: max_attempts is 6; 2 to 5 (the first call counts) is accepted.");
  EXPECT_EQ(refused({.max_ratio = 0}), "hedging: max_ratio is 0; 0.001 to 1 (of the calls) is accepted.");
}

}  // namespace
