#pragma once
/// @file nestcpp/core/with_deadline.hpp
/// @brief Awaiting work for a limited time, and sleeping.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/task.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace nestcpp {

/// Ends at that time; where it is `never()`, when it is cancelled.
/// @par Cancellation Ends at once with operation_aborted.
[[nodiscard]] task<> sleep_until(deadline until);

/// Waits at least `wait`; not at all if it is negative.
/// @par Cancellation Ends at once with operation_aborted.
template <class Rep, class Period>
[[nodiscard]] task<> sleep_for(std::chrono::duration<Rep, Period> wait) {
  return sleep_until(deadline::after(wait));
}

namespace detail {

template <class T>
using stored_result = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
task<> store_result(task<T> work, std::optional<stored_result<T>>& result) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(work);
    result.emplace();
  } else {
    result.emplace(co_await std::move(work));
  }
}

[[nodiscard]] bool is_cancelled(const std::exception_ptr& failure) noexcept;

}  // namespace detail

/// Awaits `work` and gives its result, or cancels it at the deadline, waits until it has ended, and throws
/// `deadline_exceeded`. Work that ends all the same is heard: its result is given, its own exception thrown. Work that
/// has not begun by the deadline never begins.
/// @par Cancellation Cancels the work. Work that cannot be cancelled, as a job on a `blocking_pool`, is waited for.
template <class T>
[[nodiscard]] task<T> with_deadline(task<T> work, deadline limit) {
  if (limit.is_never()) co_return co_await std::move(work);
  if (limit.expired()) throw deadline_exceeded{};
  const auto executor = co_await boost::asio::this_coro::executor;
  timer alarm{executor, limit.at()};
  std::optional<detail::stored_result<T>> result;
  const std::tuple<std::array<std::size_t, 2>, std::exception_ptr, boost::system::error_code> ended =
      co_await boost::asio::experimental::make_parallel_group(
          boost::asio::co_spawn(executor, detail::store_result<T>(std::move(work), result), boost::asio::deferred),
          alarm.async_wait(boost::asio::deferred))
          .async_wait(boost::asio::experimental::wait_for_one{}, boost::asio::use_awaitable);
  if (const std::exception_ptr& failure = std::get<1>(ended)) {
    const bool expired = !std::get<2>(ended);
    if (expired && detail::is_cancelled(failure)) throw deadline_exceeded{};
    std::rethrow_exception(failure);
  }
  if constexpr (!std::is_void_v<T>) co_return std::move(*result);
}

}  // namespace nestcpp
