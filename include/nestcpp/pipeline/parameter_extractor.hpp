#pragma once
/// @file nestcpp/pipeline/parameter_extractor.hpp
/// @brief Parameters of one's own: NestJS's createParamDecorator.
///
///     struct CurrentUser { std::string id; };
///     template <>
///     struct nestcpp::parameter_extractor<CurrentUser> {
///       static CurrentUser extract(nestcpp::execution_context& context) {
///         return {std::string{context.header("x-user").value_or("nobody")}};
///       }
///     };
///     …
///     NEST_GET(me, "/me");
///     UserDto me(CurrentUser user);
///
/// The specialisation stands before the controllers that use it. Pipes of the type see what was extracted. What must be
/// awaited belongs into a guard, which keeps it with `context.set(…)`; the handler takes it as `from_context<T>`.

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/type_name.hpp>
#include <nestcpp/pipeline/execution_context.hpp>

#include <concepts>
#include <string>

namespace nestcpp {

/// Specialise it: `static T extract(execution_context&)`, which may throw as a handler may. Where only HTTP calls have
/// what it reads, `static constexpr bool http_only = true;` makes a message handler that asks for it not compile.
/// Called from all loops at a time.
template <class T>
struct parameter_extractor;

namespace detail {
template <class T>
concept extractable = requires(execution_context& context) { parameter_extractor<T>::extract(context); };
template <class T>
concept http_extractable = extractable<T> && requires { requires parameter_extractor<T>::http_only; };
}  // namespace detail

/// What a guard or interceptor kept with `context.set<T>(…)`. A handler that asks for what nobody kept fails with an
/// internal error, which is logged.
template <class T>
struct from_context {
  T* value;
  [[nodiscard]] T& operator*() const noexcept { return *value; }
  [[nodiscard]] T* operator->() const noexcept { return value; }
  operator T&() const noexcept { return *value; }  // NOLINT: reads like the value
};
template <class T>
struct parameter_extractor<from_context<T>> {
  static from_context<T> extract(execution_context& context) { return {&context.get<T>()}; }
};

/// The call's request id, as text.
struct call_request_id {
  std::string value;
  operator const std::string&() const noexcept { return value; }  // NOLINT: reads like the value
};
template <>
struct parameter_extractor<call_request_id> {
  static call_request_id extract(execution_context& context) { return {context.request_id()}; }
};

/// The time until which the caller waits.
template <>
struct parameter_extractor<deadline> {
  static deadline extract(execution_context& context) { return context.get_deadline(); }
};

}  // namespace nestcpp
