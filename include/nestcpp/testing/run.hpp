#pragma once
/// @file nestcpp/testing/run.hpp
/// @brief Coroutines in tests, which end or fail.

#include <nestcpp/core/task.hpp>
#include <nestcpp/testing/pending.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace nestcpp::testing {

namespace detail {

// The event loop of a coroutine test, run by the thread of the test.
class test_loop {
 public:
  test_loop();
  ~test_loop();
  test_loop(const test_loop&) = delete;
  test_loop& operator=(const test_loop&) = delete;

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  // @throws expectation_failed where `ended` does not become true in time
  void run_until(const bool& ended, std::chrono::milliseconds patience);

 private:
  struct impl;
  boost::asio::io_context context_{1};
  std::unique_ptr<impl> impl_;
};

template <class T>
using stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
task<> store(task<T> work, std::optional<stored<T>>& result) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(work);
    result.emplace();
  } else {
    result.emplace(co_await std::move(work));
  }
}

}  // namespace detail

/// Runs a coroutine on an event loop in this thread until it has ended, and gives its result.
/// A time limit on `nestcpp::clock` would not notice a test that hangs under a mock, so this one is of real time; it
/// looks at it between two steps of the coroutine, and cannot end a step that blocks.
/// @throws what the coroutine throws · expectation_failed where it does not end; it is destroyed then
template <class T>
T run(task<T> work, std::chrono::milliseconds patience = default_patience) {
  std::optional<detail::stored<T>> result;
  std::exception_ptr failure;
  bool ended = false;
  {
    detail::test_loop loop;  // goes before what its coroutines write to
    boost::asio::co_spawn(loop.context(), detail::store<T>(std::move(work), result),
                          [&](const std::exception_ptr& thrown) {
                            failure = thrown;
                            ended = true;
                          });
    loop.run_until(ended, patience);
  }
  if (failure) std::rethrow_exception(failure);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// The same for a lambda that returns a task; its captures live until the end.
template <std::invocable Body>
  requires is_task_v<std::invoke_result_t<Body&>>
task_value_t<std::invoke_result_t<Body&>> run(Body body, std::chrono::milliseconds patience = default_patience) {
  return run(std::invoke(body), patience);
}

}  // namespace nestcpp::testing
