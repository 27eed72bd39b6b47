#pragma once
// Finding the ends of JSON tokens without reading them: as strict as `JSON.parse`, iterative, so that no depth
// overflows the stack, and without allocations up to 256 levels.

#include <nestcpp/dto/json_scan.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// `at` is at an opening quote; returns what follows the closing one, or null.
[[nodiscard]] inline const char* skip_string(const char* at, const json_input& in) noexcept {
  const char* const stop = find_special(at + 1, in.begin, in.end);
  return stop != in.end && *stop == '"' ? stop + 1 : skip_text(at + 1, in);
}

/// `at` is at a value's first character (no white space); returns its end, or null. `depth`, if asked for, is how deep
/// arrays and objects nest in it: 0 for other values.
[[nodiscard]] const char* skip_json_value(const char* at, const char* end, std::size_t* depth = nullptr);

/// The text of a well-formed string literal, quotes included; lone surrogates in three bytes (WTF-8).
[[nodiscard]] std::string unquote_json(std::string_view literal);

/// The value in `text` without the white space around it; empty if `text` is not JSON.
[[nodiscard]] std::string_view trim_json(std::string_view text, std::size_t* depth = nullptr);

}  // namespace nestcpp::detail
