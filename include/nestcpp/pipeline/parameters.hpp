#pragma once
/// @file nestcpp/pipeline/parameters.hpp
/// @brief Parameter types that say where a handler's argument comes from.
///
/// A parameter that is none of these, nor a context, is the body or payload.

#include <nestcpp/core/fixed_string.hpp>

#include <string_view>

namespace nestcpp {

namespace detail {
template <fixed_string Name, class T>
struct named_parameter {
  using type = T;
  static constexpr std::string_view name() { return Name.view(); }

  T value{};

  [[nodiscard]] const T& operator*() const noexcept { return value; }
  [[nodiscard]] const T* operator->() const noexcept { return &value; }
  operator const T&() const noexcept { return value; }  // NOLINT: reads like the value
};
}  // namespace detail

/// `:Name` of the route, converted to `T` (text, numbers, bool, uuid, enums); 400 "Validation failed (… is expected)".
template <fixed_string Name, class T>
struct path : detail::named_parameter<Name, T> {};

/// `?Name=` of the URL. Missing: 400, unless `T` is a `std::optional`.
template <fixed_string Name, class T>
struct query : detail::named_parameter<Name, T> {};

/// A request header, by case-insensitive name. Missing: 400, unless `T` is a `std::optional`.
template <fixed_string Name, class T>
struct header : detail::named_parameter<Name, T> {};

/// One property of the body or message payload, NestJS's `@Payload('name')` and `@Body('name')`; a missing one is read
/// as `null`.
template <fixed_string Name, class T>
struct payload : detail::named_parameter<Name, T> {};

}  // namespace nestcpp
