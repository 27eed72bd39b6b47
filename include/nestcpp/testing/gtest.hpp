#pragma once
/// @file nestcpp/testing/gtest.hpp
/// @brief Coroutine tests for GoogleTest; the rest of the kit does not know it, and works with any test framework.

#include <nestcpp/core/task.hpp>
#include <nestcpp/testing/run.hpp>

#include <gtest/gtest.h>

namespace nestcpp::testing::detail {

// Failures of the test that runs, so far.
[[nodiscard]] inline int failures() {
  const ::testing::TestInfo* const test = ::testing::UnitTest::GetInstance()->current_test_info();
  if (test == nullptr) return 0;
  int count = 0;
  for (int i = 0; i < test->result()->total_part_count(); ++i) {
    if (test->result()->GetTestPartResult(i).failed()) ++count;
  }
  return count;
}

}  // namespace nestcpp::testing::detail

/// A test whose body is a coroutine: `NEST_CO_TEST(Users, AreFound) { const auto user = co_await users.find(7); … }`.
/// It runs on an event loop in the test's thread, and fails where it does not end within 10 s of real time. With a
/// fixture: `TEST_F(Users, AreFound) { nest::testing::run([&]() -> nest::task<> { … }); }`.
#define NEST_CO_TEST(Suite, Name)                                                \
  static ::nestcpp::task<> nest_co_test_##Suite##_##Name();                      \
  TEST(Suite, Name) { ::nestcpp::testing::run(&nest_co_test_##Suite##_##Name); } \
  static ::nestcpp::task<> nest_co_test_##Suite##_##Name()

/// `NEST_CO_ASSERT(EXPECT_EQ(user.id, 7) << "why");` ends the coroutine, which yields nothing, where the expectation
/// fails. GoogleTest's ASSERT_EQ cannot stand in a coroutine, as it returns.
#define NEST_CO_ASSERT(...)                                                 \
  do {                                                                      \
    const int nest_failures = ::nestcpp::testing::detail::failures();       \
    __VA_ARGS__;                                                            \
    if (::nestcpp::testing::detail::failures() != nest_failures) co_return; \
  } while (false)
