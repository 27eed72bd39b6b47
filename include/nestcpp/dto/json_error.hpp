#pragma once
/// @file nestcpp/dto/json_error.hpp
/// @brief Why a text is no JSON, in the words of JavaScript.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

struct json_error {
  std::string message;   ///< what `JSON.parse` (V8 of Node 20) says; may quote up to 20 characters of the text
  std::size_t position;  ///< where it went wrong, in UTF-16 units

  /// What a 400 says: the message, made to begin with "Unexpected" or "Expected" where V8's does not ("Unexpected end:
  /// Unterminated string in JSON at position 7").
  [[nodiscard]] std::string told() const;
};

/// The first error of a text, as V8 finds it; nullopt for JSON of any depth. Half a surrogate pair, where the quote
/// cuts one, is shown as U+FFFD.
[[nodiscard]] std::optional<json_error> find_json_error(std::string_view text);

/// "Unexpected token 'x', "[x]" is not valid JSON", of the character at byte `at`.
[[nodiscard]] json_error unexpected_token(std::string_view text, std::size_t at);

}  // namespace nestcpp
