// JavaScript's forms of numbers and strings.
#include "messaging/utf8.hpp"

#include <nestcpp/messaging/pattern.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>

namespace nestcpp {
namespace {

// The generalised UTF-8 of a code point, surrogates included.
void append_code_point(std::string& out, std::uint32_t c) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::uint32_t read_hex4(const char* at) noexcept {
  std::uint32_t value{};
  std::from_chars(at, at + 4, value, 16);
  return value;
}

void append_unit_escape(std::string& out, std::uint32_t unit) {
  static constexpr char digits[]{"0123456789abcdef"};
  out += "\\u";
  for (int shift{12}; shift >= 0; shift -= 4) out += digits[unit >> shift & 0xF];
}

}  // namespace

std::string quote_json(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte >= 0x80) {
      const auto part = detail::read_utf8_part(at, end);
      if (part.well_formed) {
        out.append(at, part.bytes);
        at += part.bytes;
      } else if (byte == 0xED && end - at >= 3 && (at[1] & 0xE0) == 0xA0 && (at[2] & 0xC0) == 0x80) {
        append_unit_escape(out, 0xD000u | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu));
        at += 3;
      } else {
        out += detail::replacement_character;
        at = part.bytes == 0 ? end : at + part.bytes;
      }
      continue;
    }
    switch (*at++) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (byte < 0x20) {
          append_unit_escape(out, byte);
        } else {
          out += static_cast<char>(byte);
        }
    }
  }
  out += '"';
  return out;
}

namespace detail {

std::string unquote_json(std::string_view literal) {
  const char* at = literal.data() + 1;
  const char* const end = literal.data() + literal.size() - 1;
  std::string out;
  out.reserve(literal.size());
  for (;;) {
    const auto* backslash = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)));
    if (backslash == nullptr) return out.append(at, end);
    out.append(at, backslash);
    at = backslash + 2;
    switch (backslash[1]) {
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 'u': {
        auto unit = read_hex4(at);
        at += 4;
        if (unit >= 0xD800 && unit < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
          if (const auto low = read_hex4(at + 2); low >= 0xDC00 && low < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            at += 6;
          }
        }
        append_code_point(out, unit);
        break;
      }
      default: out += backslash[1];
    }
  }
}

void append_js_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (value == 0) {
    out += '0';
    return;
  }
  if (std::signbit(value)) out += '-';
  if (std::isinf(value)) {
    out += "Infinity";
    return;
  }
  // The shortest digits that read back as `value`, as JavaScript takes them: d.ddde±xx.
  char buffer[32];
  const char* const stop =
      std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value), std::chars_format::scientific).ptr;
  const std::string_view text{buffer, static_cast<std::size_t>(stop - buffer)};
  const auto e = text.find('e');
  int exponent{};
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), stop, exponent);
  std::string digits{text.substr(0, 1)};
  if (e > 2) digits += text.substr(2, e - 2);

  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits in front of the decimal point
  if (point > 0 && point <= 21) {
    if (count <= point) {
      out.append(digits).append(static_cast<std::size_t>(point - count), '0');
    } else {
      out.append(digits, 0, static_cast<std::size_t>(point)).append(1, '.');
      out.append(digits, static_cast<std::size_t>(point));
    }
  } else if (point > -6 && point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else {
    out += digits[0];
    if (count > 1) out.append(1, '.').append(digits, 1);
    out.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
  }
}

}  // namespace detail
}  // namespace nestcpp
