#pragma once
/// @file nestcpp/http/http_parameters.hpp
/// @brief Parameters that only HTTP calls have: NestJS's `@Ip()` and `@Headers()`, and cookies.

#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/http_headers.hpp>
#include <nestcpp/pipeline/arguments.hpp>
#include <nestcpp/pipeline/parameter_extractor.hpp>
#include <nestcpp/pipeline/parameters.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

/// The caller's address without the port, as the connection has it; empty where it is unknown.
struct caller_ip {
  std::string value;
  operator const std::string&() const noexcept { return value; }  // NOLINT: reads like the value
};
template <>
struct parameter_extractor<caller_ip> {
  static constexpr bool http_only = true;
  static caller_ip extract(execution_context& context) { return {context.switch_to_http().request().remote_address}; }
};

/// All headers of the request.
/// @par Lifetime As long as the call.
struct all_headers {
  const http_headers* value;
  [[nodiscard]] const http_headers& operator*() const noexcept { return *value; }
  [[nodiscard]] const http_headers* operator->() const noexcept { return value; }
};
template <>
struct parameter_extractor<all_headers> {
  static constexpr bool http_only = true;
  static all_headers extract(execution_context& context) { return {&context.switch_to_http().request().headers}; }
};

/// A cookie by its name, decoded and converted to `T` as `query<>` does. Missing: 400, unless `T` is a `std::optional`.
template <fixed_string Name, class T>
struct cookie : detail::named_parameter<Name, T> {};
template <fixed_string Name, class T>
struct parameter_extractor<cookie<Name, T>> {
  static constexpr bool http_only = true;
  static cookie<Name, T> extract(execution_context& context) {
    const auto text = context.switch_to_http().request().cookie(Name.view());
    return {{detail::convert_text<T>(text ? std::optional<std::string_view>{*text} : std::nullopt)}};
  }
};

}  // namespace nestcpp
