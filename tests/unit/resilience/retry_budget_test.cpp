#include <nestcpp/resilience/retry_budget.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using nestcpp::retry_budget;

TEST(RetryBudget, StopsRepeatingOnceHalfOfTheTokensAreGone) {
  retry_budget budget;
  EXPECT_TRUE(budget.can_retry());
  for (int i = 0; i < 4; ++i) budget.on_failure();
  EXPECT_DOUBLE_EQ(budget.tokens(), 6);
  EXPECT_TRUE(budget.can_retry());
  budget.on_failure();
  EXPECT_DOUBLE_EQ(budget.tokens(), 5);
  EXPECT_FALSE(budget.can_retry());
}

TEST(RetryBudget, SuccessesBringItBackByTheRatio) {
  retry_budget budget;
  for (int i = 0; i < 6; ++i) budget.on_failure();
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(budget.can_retry());
    budget.on_success();
  }
  EXPECT_DOUBLE_EQ(budget.tokens(), 5);
  EXPECT_FALSE(budget.can_retry());
  budget.on_success();
  EXPECT_DOUBLE_EQ(budget.tokens(), 5.1);
  EXPECT_TRUE(budget.can_retry());
}

TEST(RetryBudget, StaysBetweenZeroAndTheMaximum) {
  retry_budget budget{{.max_tokens = 3, .token_ratio = 0.4}};
  budget.on_success();
  EXPECT_DOUBLE_EQ(budget.tokens(), 3);
  for (int i = 0; i < 10; ++i) budget.on_failure();
  EXPECT_DOUBLE_EQ(budget.tokens(), 0);
  for (int i = 0; i < 10; ++i) budget.on_success();
  EXPECT_DOUBLE_EQ(budget.tokens(), 3);
}

TEST(RetryBudget, HalfOfAnOddMaximumIsNotRounded) {
  retry_budget budget{{.max_tokens = 3}};
  budget.on_failure();
  EXPECT_TRUE(budget.can_retry());  // 2 of 3
  budget.on_failure();
  EXPECT_FALSE(budget.can_retry());  // 1 of 3
}

TEST(RetryBudget, AnOutageIsAmplifiedByAFewCallsOnly) {
  retry_budget budget;
  int sent = 0;
  constexpr int offered = 10000;
  for (int call = 0; call < offered; ++call) {
    for (int attempt = 1; attempt <= 3; ++attempt) {
      ++sent;
      budget.on_failure();
      if (!budget.can_retry()) break;
    }
  }
  EXPECT_GT(sent, offered);
  EXPECT_LE(sent, offered + 5);
}

TEST(RetryBudget, APartlyFailingServiceGetsAtMostTheRatioOnTop) {
  retry_budget budget;
  int sent = 0;
  constexpr int offered = 100000;
  for (int call = 0; call < offered; ++call) {
    for (int attempt = 1; attempt <= 3; ++attempt) {
      const bool fails = (sent++ % 2) == 0;  // every second call
      if (!fails) {
        budget.on_success();
        break;
      }
      budget.on_failure();
      if (!budget.can_retry()) break;
    }
  }
  EXPECT_LE(sent, offered * 1.1);
}

// Tokens as whole thousandths in a plain list of events, added up anew at each step.
TEST(RetryBudget, BehavesAsSpecified) {
  int allowed = 0, refused = 0;
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random{seed};
    const auto between = [&](int low, int high) { return std::uniform_int_distribution{low, high}(random); };
    const int max_tokens = between(1, 50), thousandths = between(1, 2000);
    retry_budget budget{{.max_tokens = max_tokens, .token_ratio = thousandths / 1000.0}};
    std::vector<bool> events;
    int failing = 50;
    for (int step = 0; step < 300; ++step) {
      if (step % 50 == 0) failing = between(0, 100);
      events.push_back(between(0, 99) >= failing);
      events.back() ? budget.on_success() : budget.on_failure();
      int tokens = max_tokens * 1000;
      for (const bool success : events) {
        tokens = success ? std::min(tokens + thousandths, max_tokens * 1000) : std::max(tokens - 1000, 0);
      }
      ASSERT_NEAR(budget.tokens(), tokens / 1000.0, 1e-9) << "seed " << seed << ", step " << step;
      ASSERT_EQ(budget.can_retry(), tokens * 2 > max_tokens * 1000) << "seed " << seed << ", step " << step;
      ASSERT_EQ(budget.may_retry({}), budget.can_retry()) << "there is no floor";
      ++(budget.can_retry() ? allowed : refused);
    }
  }
  EXPECT_GT(allowed, 5000);
  EXPECT_GT(refused, 5000);
}

TEST(RetryBudget, AFloorAllowsSomeASecondWhateverTheTokensSay) {
  constexpr std::chrono::steady_clock::time_point start{std::chrono::seconds{1000}};
  retry_budget budget{{.min_per_second = 2}};
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(i >= 4 || budget.may_retry(start)) << "by the tokens, which the floor does not count";
    budget.on_failure();
  }
  const auto repeated = [&](std::chrono::milliseconds at) {
    int count = 0;
    for (int i = 0; i < 100; ++i) count += budget.may_retry(start + at);
    return count;
  };
  EXPECT_EQ(repeated(std::chrono::milliseconds{0}), 2);
  EXPECT_EQ(repeated(std::chrono::milliseconds{499}), 0);
  EXPECT_EQ(repeated(std::chrono::milliseconds{500}), 1);
  EXPECT_EQ(repeated(std::chrono::milliseconds{5000}), 2);
}

TEST(RetryBudget, LosesNoTokenBetweenThreads) {
  retry_budget budget{{.max_tokens = 1000, .token_ratio = 0.001}};
  for (int i = 0; i < 1000; ++i) budget.on_failure();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&budget] {
      for (int i = 0; i < 50000; ++i) budget.on_success();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_DOUBLE_EQ(budget.tokens(), 200);
}

TEST(RetryBudget, RefusesWhatCannotBeUsed) {
  const auto refused = [](nestcpp::retry_budget_options options) {
    try {
      retry_budget budget{options};
    } catch (const nestcpp::startup_error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  EXPECT_EQ(refused({.max_tokens = 0}), "retry_budget: max_tokens is 0; 1 to 1000 is accepted.");
  EXPECT_EQ(refused({.max_tokens = 1001}), "retry_budget: max_tokens is 1001; 1 to 1000 is accepted.");
  EXPECT_EQ(refused({.token_ratio = 0.0001}), "retry_budget: token_ratio is 0.0001; 0.001 to 1000 is accepted.");
  EXPECT_EQ(refused({.token_ratio = -1}), "retry_budget: token_ratio is -1; 0.001 to 1000 is accepted.");
  EXPECT_EQ(refused({.token_ratio = std::numeric_limits<double>::quiet_NaN()}),
            "retry_budget: token_ratio is nan; 0.001 to 1000 is accepted.");
  EXPECT_EQ(refused({.min_per_second = -1}), "retry_budget: min_per_second is -1; 0 to 1000 is accepted.");
  EXPECT_EQ(refused({.max_tokens = 1000, .token_ratio = 0.001}), "accepted");
}

}  // namespace
