#pragma once
// Text as the UTF-16 units that JavaScript's string functions and expressions look at.

#include <nestcpp/dto/text.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// Calls `visit(code point)` for each character. Three bytes that encode a surrogate are that surrogate; bytes that are
/// no UTF-8 are U+FFFD, one for each part that a decoder would replace. False: `visit` has said so, and was not asked
/// again.
template <class Visit>
bool for_each_code_point(std::string_view text, Visit visit) {
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p != end) {
    const auto byte = [p](int i) { return static_cast<char32_t>(static_cast<unsigned char>(p[i])); };
    if (byte(0) < 0x80) {
      if (!visit(byte(0))) return false;
      ++p;
      continue;
    }
    const int step = is_wtf8_surrogate(p, end) ? 3 : utf8_step(p, end);
    char32_t code = 0xfffd;
    if (step == 2) code = (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
    if (step == 3) code = (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    if (step == 4) code = (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
    if (!visit(code)) return false;
    p += step > 0 ? step : -step;
  }
  return true;
}

/// The same for UTF-16 units.
template <class Visit>
bool for_each_unit(std::string_view text, Visit visit) {
  return for_each_code_point(text, [&visit](char32_t code) {
    if (code < 0x10000) return visit(static_cast<char16_t>(code));
    return visit(static_cast<char16_t>(0xd7c0 + (code >> 10))) && visit(static_cast<char16_t>(0xdc00 | (code & 0x3ff)));
  });
}

inline void assign_units(std::u16string& out, std::string_view text) {
  out.clear();
  for_each_unit(text, [&out](char16_t unit) {
    out += unit;
    return true;
  });
}

/// Each surrogate becomes three bytes, whether it has a partner or not.
inline std::string text_of_units(std::u16string_view units) {
  std::string text;
  for (const char16_t unit : units) {
    if (unit < 0x80) {
      text += static_cast<char>(unit);
    } else if (unit < 0x800) {
      text += {static_cast<char>(0xc0 | unit >> 6), static_cast<char>(0x80 | (unit & 0x3f))};
    } else {
      text += {static_cast<char>(0xe0 | unit >> 12), static_cast<char>(0x80 | (unit >> 6 & 0x3f)),
               static_cast<char>(0x80 | (unit & 0x3f))};
    }
  }
  return text;
}

/// What JavaScript's `\s` and `trim()` take for white space.
constexpr bool is_space_unit(char32_t unit) {
  return (unit >= 9 && unit <= 13) || unit == ' ' || unit == 0xa0 || unit == 0x1680 ||
         (unit >= 0x2000 && unit <= 0x200a) || unit == 0x2028 || unit == 0x2029 || unit == 0x202f || unit == 0x205f ||
         unit == 0x3000 || unit == 0xfeff;
}

/// Length of the white space character that the text begins with, in bytes; 0: none.
inline std::size_t leading_space(std::string_view text) {
  std::size_t length = 0;
  const char first = text.empty() ? '\0' : text.front();
  if (first == ' ' || (first >= 9 && first <= 13)) return 1;
  if (static_cast<unsigned char>(first) < 0x80) return 0;
  for_each_code_point(text.substr(0, 4), [&length](char32_t code) {
    if (is_space_unit(code)) length = code < 0x800 ? 2 : 3;
    return false;
  });
  return length;
}

}  // namespace nestcpp::detail
