#pragma once
/// @file nestcpp/pipeline/decorator_option.hpp
/// @brief The kinds of options that decorators take, so that a wrong one is told at the decorator.

#include <type_traits>

namespace nestcpp::detail {

// Fits everywhere: has `apply(enhancers&, resolver&)`.
struct enhancer_option {};
// Fits HTTP routes only: has `apply_to(route_options&)` and `constexpr bool is_valid()`.
struct http_option {};

template <class... Options>
constexpr bool are_enhancer_options(const Options&...) {
  return (std::is_base_of_v<enhancer_option, Options> && ...);
}

template <class... Options>
constexpr bool are_http_options(const Options&...) {
  return ((std::is_base_of_v<enhancer_option, Options> || std::is_base_of_v<http_option, Options>) && ...);
}

template <class Option>
constexpr bool is_valid_option(const Option& option) {
  if constexpr (std::is_base_of_v<http_option, Option>)
    return option.is_valid();
  else
    return true;
}
template <class... Options>
constexpr bool are_valid_options(const Options&... options) {
  return (is_valid_option(options) && ...);
}

}  // namespace nestcpp::detail
