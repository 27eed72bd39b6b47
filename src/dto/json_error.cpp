#include <nestcpp/dto/json_error.hpp>

#include "dto/utf8.hpp"

#include <nestcpp/dto/json_scan.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace nestcpp {
namespace {

using detail::measure_utf8;
using detail::read_utf8_part;
using detail::replacement_character;
using detail::utf8_part;

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

std::size_t unit_position(std::string_view text, std::size_t at) { return measure_utf8(text.substr(0, at)).units; }

class diagnosis {
 public:
  explicit diagnosis(std::string_view text) : text_{text} {}

  std::optional<json_error> run() {
    skip_space();
    if (values()) {
      skip_space();
      if (!ended()) fail("Unexpected non-whitespace character after JSON");
    }
    return std::move(error_);
  }

 private:
  [[nodiscard]] bool ended() const { return at_ == text_.size(); }
  [[nodiscard]] char current() const { return ended() ? '\0' : text_[at_]; }
  void skip_space() {
    const char* const end = text_.data() + text_.size();
    at_ = static_cast<std::size_t>(detail::skip_space(text_.data() + at_, end) - text_.data());
  }

  bool fail(std::string_view what) {
    const std::size_t position = unit_position(text_, at_);
    const std::string_view where = what.ends_with("after JSON") ? "" : " in JSON";
    error_ = json_error{fmt::format("{}{} at position {}", what, where, position), position};
    return false;
  }

  // Something else than a value.
  bool fail_unexpected() {
    if (is_digit(current()) || current() == '-') return fail("Unexpected number");
    if (current() == '"') return fail("Unexpected string");
    const std::size_t position = unit_position(text_, at_);
    if (ended()) {
      error_ = json_error{"Unexpected end of JSON input", position};
    } else if (text_ == "NaN" || text_ == "Infinity" || text_ == "undefined" || text_ == "[object Object]") {
      error_ = json_error{fmt::format("\"{}\" is not valid JSON", text_), position};  // V8 knows who sends that
    } else {
      error_ = unexpected_token(text_, at_);
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

  // The character here is above U+00FF; V8 words that differently. Bytes that are no text count as U+FFFD.
  [[nodiscard]] bool beyond_latin1() const {
    const auto byte = static_cast<unsigned char>(current());
    return byte >= 0x80 &&
           (byte >= 0xC4 || !read_utf8_part(text_.data() + at_, text_.data() + text_.size()).well_formed);
  }

  bool escape() {
    if (ended() || beyond_latin1()) return fail_unexpected();
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
  std::optional<json_error> error_;
};

}  // namespace

std::optional<json_error> find_json_error(std::string_view text) { return diagnosis{text}.run(); }

json_error unexpected_token(std::string_view text, std::size_t at) {
  const std::size_t position = unit_position(text, at), size = measure_utf8(text).units;
  const bool cut_before = size > 2 * context && position >= context;
  const bool cut_after = size > 2 * context && position + context < size;
  const auto quoted = slice_units(text, cut_before ? position - context : 0, cut_after ? position + context : size);
  return {fmt::format("Unexpected token '{}', {}\"{}\"{} is not valid JSON", slice_units(text, position, position + 1),
                      cut_before ? "..." : "", quoted, cut_after ? "..." : ""),
          position};
}

std::string json_error::told() const {
  if (message.starts_with("Unexpected") || message.starts_with("Expected")) return message;
  if (message.starts_with("Unterminated string")) return "Unexpected end: " + message;
  if (message.starts_with("Bad")) return "Unexpected character: " + message;
  if (message.starts_with('"')) return "Unexpected value: " + message;
  return "Expected digits: " + message;  // of a number that breaks off
}

}  // namespace nestcpp
