#pragma once
/// @file nestcpp/core/task.hpp
/// @brief The coroutine type of handlers, services and clients.

#include <boost/asio/awaitable.hpp>

#include <type_traits>

namespace nestcpp {

/// A lazily started coroutine that yields a `T`; it is Asio's awaitable, so Asio operations and other libraries'
/// awaitables can be awaited in it. It runs on the event loop of its caller and resumes there.
/// @par Cancellation A cancelled task ends at its next suspension with `boost::system::system_error`
/// (operation_aborted).
/// @par Lifetime Arguments taken by reference must outlive the task: handlers take what they keep by value.
template <class T = void>
using task = boost::asio::awaitable<T>;

namespace detail {
template <class T>
struct task_value {
  using type = T;
  static constexpr bool is_task = false;
};
template <class T>
struct task_value<task<T>> {
  using type = T;
  static constexpr bool is_task = true;
};
}  // namespace detail

/// Whether `T` is a `task<U>`.
template <class T>
inline constexpr bool is_task_v = detail::task_value<T>::is_task;

/// `U` for `task<U>`, and `T` itself for anything else.
template <class T>
using task_value_t = typename detail::task_value<T>::type;

}  // namespace nestcpp
