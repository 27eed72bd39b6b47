#pragma once
/// @file nestcpp/http/cookie_options.hpp
/// @brief What a cookie says beside its value: Express' options of `res.cookie`.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace nestcpp {

enum class same_site : std::uint8_t { lax, strict, none };

struct cookie_options {
  std::string path = "/";
  std::string domain{};                           ///< Default: the answer's host only.
  std::optional<std::chrono::seconds> max_age{};  ///< Default: until the browser is closed. Also says `Expires`.
  bool http_only = false;                         ///< Out of reach for scripts.
  bool secure = false;                            ///< Sent over HTTPS only.
  bool partitioned = false;
  std::optional<nestcpp::same_site> same_site{};  ///< Default: not said; browsers take lax.
};

}  // namespace nestcpp
