#include "gateway/api/welcome_pace.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace gateway {
namespace {

using namespace std::chrono_literals;

// Questions that a registration takes whose welcome is there after `taken`.
int questions_for(WelcomePace& pace, std::chrono::microseconds taken) {
  std::chrono::microseconds asked_at = pace.first_wait();
  int questions = 1;
  for (auto pause = 4'000us; asked_at < taken; pause *= 2, ++questions) asked_at += pause;
  pace.found(asked_at, questions);
  return questions;
}

TEST(WelcomePace, LearnsHowLongWelcomesTake) {
  WelcomePace pace;
  for (const auto taken : {2'000us, 20'000us, 6'000us}) {
    for (int i = 0; i < 100; ++i) questions_for(pace, taken);
    int questions = 0;
    for (int i = 0; i < 100; ++i) questions += questions_for(pace, taken);
    EXPECT_LT(questions, 150) << taken.count();
    EXPECT_LT(pace.first_wait(), taken + taken / 2) << taken.count();
    EXPECT_GT(pace.first_wait(), taken / 2) << taken.count();
  }
}

TEST(WelcomePace, StaysWithinItsLimits) {
  WelcomePace pace;
  for (int i = 0; i < 1000; ++i) pace.found(0us, 1);
  EXPECT_EQ(pace.first_wait(), 1ms);
  for (int i = 0; i < 1000; ++i) pace.found(10s, 9);
  EXPECT_EQ(pace.first_wait(), 50ms);
}

}  // namespace
}  // namespace gateway
