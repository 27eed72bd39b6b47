#pragma once
// Upper and lower case as JavaScript has them: Unicode's, whatever the language is.

#include "dto/formats/tables/tables.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// The character's upper case if that is one character, else the character itself.
[[nodiscard]] char32_t simple_upper(char32_t code);

/// Whether `toUpperCase()` and `toLowerCase()` leave the text as it is.
[[nodiscard]] bool is_upper_text(std::string_view text);
[[nodiscard]] bool is_lower_text(std::string_view text);

/// What `toUpperCase()` gives as far as that is ASCII: `ß` becomes SS. Other characters stay as they are.
[[nodiscard]] std::string upper_ascii(std::string_view text);

/// Calls `visit` with characters whose upper case is `upper`.
template <class Visit>
void for_each_lower_of(char32_t upper, Visit visit) {
  if (upper < 128) {
    if (upper >= 'A' && upper <= 'Z') visit(upper | 32);
    if (upper == 'S') visit(0x17f);
    if (upper == 'K') visit(0x212a);
    return;
  }
  for (const case_run& run : to_upper_runs) {
    const auto code = static_cast<std::int64_t>(upper) - run.distance;
    if (code >= run.first && code <= run.last && (code - run.first) % run.stride == 0) {
      visit(static_cast<char32_t>(code));
    }
  }
}

}  // namespace nestcpp::detail
