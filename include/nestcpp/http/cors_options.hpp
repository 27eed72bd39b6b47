#pragma once
/// @file nestcpp/http/cors_options.hpp
/// @brief Which pages of other origins may call: the options of NestJS's `enableCors`, which are those of `cors`.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nestcpp {

/// Answers have the headers of the npm package `cors` 2.8, and every OPTIONS request is answered as a preflight.
struct cors_options {
  /// `"*"`: all; one origin: always named; several: named where the request comes from it. Default: all.
  std::vector<std::string> origins{"*"};
  /// Instead of `origins`: whether that origin may call; it is named then.
  std::function<bool(std::string_view origin)> allows{};
  std::vector<std::string> methods{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"};
  /// Request headers that may be sent. Default: those that the preflight asks for.
  std::optional<std::vector<std::string>> allowed_headers{};
  /// Answer headers that pages may read beside the usual ones.
  std::vector<std::string> exposed_headers{};
  bool credentials = false;                       ///< Cookies and the like may be sent.
  std::optional<std::chrono::seconds> max_age{};  ///< How long a preflight holds. Default: the browser's.
  int options_success_status = 204;               ///< Of preflights.
};

}  // namespace nestcpp
