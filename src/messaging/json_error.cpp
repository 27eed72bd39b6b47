#include "messaging/json_error.hpp"

#include "messaging/utf8.hpp"

#include <nestcpp/dto/json_scan.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <vector>

namespace nestcpp::detail {
namespace {

// V8 quotes this many units on either side of an unexpected character.
constexpr std::size_t context{10};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The units [from, to) of a well-formed text; half a surrogate pair becomes U+FFFD.
std::string slice_units(std::string_view text, std::size_t from, std::size_t to) {
  std::string slice;
  std::size_t unit{0};
  for (std::size_t at{0}; at < text.size() && unit < to;) {
    const auto part = static_cast<unsigned char>(text[at]) < 0x80
                          ? utf8_part{1, true, false}
                          : read_utf8_part(text.data() + at, text.data() + text.size());
    const std::size_t next = unit + part.units();
    if (unit >= from && next <= to && part.well_formed) {
      slice += text.substr(at, part.bytes);
    } else if (next > from) {
      slice += replacement_character;
    }
    unit = next;
    at += part.bytes;
  }
  return slice;
}

class diagnosis {
 public:
  explicit diagnosis(std::string_view text) : text_{text} {}

  std::string run() {
    skip_space();
    if (!values()) return message_;
    skip_space();
    if (!ended()) fail("Unexpected non-whitespace character after JSON");
    return message_;
  }

 private:
  [[nodiscard]] bool ended() const { return at_ == text_.size(); }
  [[nodiscard]] char current() const { return ended() ? '\0' : text_[at_]; }
  [[nodiscard]] std::size_t position() const { return measure_utf8(text_.substr(0, at_)).units; }
  void skip_space() {
    const char* const end = text_.data() + text_.size();
    at_ = static_cast<std::size_t>(detail::skip_space(text_.data() + at_, end) - text_.data());
  }

  bool fail(std::string_view what) {
    message_ = fmt::format("{} in JSON at position {}", what, position());
    if (what.ends_with("after JSON")) message_ = fmt::format("{} at position {}", what, position());
    return false;
  }

  // Something else than a value.
  bool fail_unexpected() {
    if (ended()) {
      message_ = "Unexpected end of JSON input";
    } else if (is_digit(current()) || current() == '-') {
      return fail("Unexpected number");
    } else if (current() == '"') {
      return fail("Unexpected string");
    } else if (text_ == "NaN" || text_ == "Infinity" || text_ == "undefined" || text_ == "[object Object]") {
      message_ = fmt::format("\"{}\" is not valid JSON", text_);
    } else {
      const auto at = position();
      const auto size = measure_utf8(text_).units;
      const auto token = slice_units(text_, at, at + 1);
      if (size <= 2 * context) {
        message_ = fmt::format("Unexpected token '{}', \"{}\" is not valid JSON", token, slice_units(text_, 0, size));
      } else if (at < context) {
        message_ = fmt::format("Unexpected token '{}', \"{}\"... is not valid JSON", token,
                               slice_units(text_, 0, at + context));
      } else if (at < size - context) {
        message_ = fmt::format("Unexpected token '{}', ...\"{}\"... is not valid JSON", token,
                               slice_units(text_, at - context, at + context));
      } else {
        message_ = fmt::format("Unexpected token '{}', ...\"{}\" is not valid JSON", token,
                               slice_units(text_, at - context, size));
      }
    }
    return false;
  }

  // One value with all that is in it, without recursion.
  bool values() {
    for (;;) {
      if (current() == '{' || current() == '[') {
        const bool object{current() == '{'};
        ++at_;
        skip_space();
        if (current() != (object ? '}' : ']')) {
          levels_.push_back(object);
          if (object && !first_key()) return false;
          continue;
        }
        ++at_;
      } else if (!scalar()) {
        return false;
      }
      for (;;) {
        if (levels_.empty()) return true;
        const bool object{levels_.back()};
        skip_space();
        if (current() == ',') {
          ++at_;
          skip_space();
          if (object && !further_key()) return false;
          break;
        }
        if (current() != (object ? '}' : ']')) {
          return fail(object ? "Expected ',' or '}' after property value" : "Expected ',' or ']' after array element");
        }
        ++at_;
        levels_.pop_back();
      }
    }
  }

  bool first_key() {
    if (current() != '"') return fail("Expected property name or '}'");
    if (!string()) return false;
    skip_space();
    if (current() != ':') return fail("Expected ':' after property name");
    return colon();
  }

  bool further_key() {
    if (current() != '"') return fail("Expected double-quoted property name");
    if (!string()) return false;
    skip_space();
    if (current() != ':') return fail_unexpected();  // V8 has no own text for it here
    return colon();
  }

  bool colon() {
    ++at_;
    skip_space();
    return true;
  }

  bool scalar() {
    switch (current()) {
      case '"': return string();
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return is_digit(current()) || current() == '-' ? number() : fail_unexpected();
    }
  }

  bool word(std::string_view expected) {
    for (const char c : expected) {
      if (current() != c) return fail_unexpected();
      ++at_;
    }
    return true;
  }

  void digits() {
    while (is_digit(current())) ++at_;
  }

  bool number() {
    if (current() == '-') {
      ++at_;
      if (!is_digit(current())) return fail("No number after minus sign");
    }
    if (current() == '0') {
      ++at_;
      if (is_digit(current())) return fail("Unexpected number");
    }
    digits();
    if (current() == '.') {
      ++at_;
      if (!is_digit(current())) return fail("Unterminated fractional number");
      digits();
    }
    if (current() == 'e' || current() == 'E') {
      ++at_;
      if (current() == '+' || current() == '-') ++at_;
      if (!is_digit(current())) return fail("Exponent part is missing a number");
      digits();
    }
    return true;
  }

  bool string() {
    ++at_;
    for (;;) {
      if (ended()) return fail("Unterminated string");
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) return fail("Bad control character in string literal");
      ++at_;
      if (c == '"') return true;
      if (c == '\\' && !escape()) return false;
    }
  }

  bool escape() {
    if (ended() || static_cast<unsigned char>(current()) >= 0xC4) return fail_unexpected();  // V8: beyond Latin-1
    constexpr std::string_view hex{"0123456789abcdefABCDEF"}, simple{"\"\\/bfnrt"};
    if (current() == 'u') {
      ++at_;
      for (int i{0}; i < 4; ++i, ++at_) {
        if (ended() || hex.find(current()) == std::string_view::npos) return fail("Bad Unicode escape");
      }
      return true;
    }
    if (simple.find(current()) == std::string_view::npos) return fail("Bad escaped character");
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_{0};
  std::vector<bool> levels_;
  std::string message_;
};

}  // namespace

std::string json_parse_error(std::string_view text) { return diagnosis{text}.run(); }

}  // namespace nestcpp::detail
