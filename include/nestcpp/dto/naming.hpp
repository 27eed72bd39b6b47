#pragma once
/// @file nestcpp/dto/naming.hpp
/// @brief Names of properties made from the names of members, for a whole DTO.

#include <cstddef>
#include <string_view>

namespace nestcpp {

enum class naming_strategy { as_written, snake_case, kebab_case, camel_case, pascal_case };

namespace rules {

/// @name For a whole DTO, anywhere in NEST_DTO: `NEST_DTO(UserDto, snake_case(), NEST_FIELD(firstName))`
/// Properties without a name of their own are called by the rule, in JSON and in messages: `first_name`.
/// @{
struct snake_case {
  static constexpr naming_strategy dto_naming = naming_strategy::snake_case;
};
struct kebab_case {
  static constexpr naming_strategy dto_naming = naming_strategy::kebab_case;
};
struct camel_case {
  static constexpr naming_strategy dto_naming = naming_strategy::camel_case;
};
struct pascal_case {
  static constexpr naming_strategy dto_naming = naming_strategy::pascal_case;
};
/// @}

}  // namespace rules

namespace detail {

constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_small_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
constexpr char to_small(char c) { return is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char to_capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Calls put(c) for each character of the name. Words begin at an underscore, at a capital after a small letter or
// digit, and at the last capital of several (HTTPServer: http, server).
template <class Put>
constexpr void put_styled(std::string_view name, naming_strategy style, Put put) {
  bool first_of_word = true;
  bool first_word = true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '_') {
      first_of_word = true;
      continue;
    }
    const bool after_small = i > 0 && is_small_or_digit(name[i - 1]);
    const bool before_small = i > 0 && is_capital(name[i - 1]) && i + 1 < name.size() &&
                              is_small_or_digit(name[i + 1]) && !is_capital(name[i + 1]);
    if (is_capital(c) && (after_small || before_small)) first_of_word = true;
    if (first_of_word && !first_word) {
      if (style == naming_strategy::snake_case) put('_');
      if (style == naming_strategy::kebab_case) put('-');
    }
    const bool capital = first_of_word && (style == naming_strategy::pascal_case ||
                                           (style == naming_strategy::camel_case && !first_word));
    put(capital ? to_capital(c) : to_small(c));
    first_of_word = first_word = false;
  }
}

constexpr std::size_t styled_size(std::string_view name, naming_strategy style) {
  std::size_t size = 0;
  put_styled(name, style, [&size](char) { ++size; });
  return size;
}

}  // namespace detail
}  // namespace nestcpp
