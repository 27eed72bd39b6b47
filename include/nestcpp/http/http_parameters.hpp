#pragma once
/// @file nestcpp/http/http_parameters.hpp
/// @brief Parameters that only HTTP calls have: NestJS's `@Ip()` and `@Headers()`.

#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/http_headers.hpp>
#include <nestcpp/pipeline/parameter_extractor.hpp>

#include <string>

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

}  // namespace nestcpp
