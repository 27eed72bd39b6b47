#pragma once
// Finding the ends of JSON tokens without reading them: as strict as `JSON.parse`, iterative, so that no depth
// overflows the stack, and without allocations up to 256 levels.

#include <cstddef>
#include <string_view>

namespace nestcpp::detail {

[[nodiscard]] constexpr bool is_json_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

[[nodiscard]] inline const char* skip_json_space(const char* at, const char* end) noexcept {
  while (at != end && is_json_space(*at)) ++at;
  return at;
}

/// `at` is behind the opening quote; returns what follows the closing one, or null. `escaped` becomes true if there is
/// a `\`.
[[nodiscard]] const char* skip_json_string(const char* at, const char* end, bool& escaped) noexcept;

/// `at` is at a value's first character (no white space); returns its end, or null. `depth`, if asked for, is how deep
/// arrays and objects nest in it: 0 for other values.
[[nodiscard]] const char* skip_json_value(const char* at, const char* end, std::size_t* depth = nullptr);

/// The value in `text` without the white space around it; empty if `text` is not JSON.
[[nodiscard]] std::string_view trim_json(std::string_view text, std::size_t* depth = nullptr);

}  // namespace nestcpp::detail
