#include "http/json_syntax.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nestcpp::detail {

namespace {

struct error {
  const char* text = nullptr;  // what comes before the position; null: the token at `position` itself is what is wrong
  std::size_t position = 0;
};

// V8's JsonParser: the same order of checks, so that the same thing is found first. `Char` is a byte of UTF-8 to check
// quickly, a unit of UTF-16 to find the position that V8 tells.
template <class Char>
class checker {
 public:
  explicit checker(std::basic_string_view<Char> text) : text_{text} {}

  /// Whether the text is JSON; else `found()` tells.
  bool run() {
    if (!value()) return false;
    blanks();
    if (at_ < text_.size()) return fail("Unexpected non-whitespace character after JSON at position ");
    return true;
  }
  [[nodiscard]] const error& found() const { return error_; }

 private:
  bool fail(const char* text = nullptr) {
    error_ = {text, at_};
    return false;
  }
  [[nodiscard]] bool is(char c) const { return at_ < text_.size() && text_[at_] == static_cast<Char>(c); }
  [[nodiscard]] bool is_digit() const {
    return at_ < text_.size() && text_[at_] >= static_cast<Char>('0') && text_[at_] <= static_cast<Char>('9');
  }
  bool take(char c) {
    blanks();
    if (!is(c)) return false;
    ++at_;
    return true;
  }
  void blanks() {
    while (is(' ') || is('\n') || is('\r') || is('\t')) ++at_;
  }

  bool value() {
    std::vector<bool> open;  // the containers around: true for objects
    while (true) {
      blanks();
      if (at_ == text_.size()) return fail();
      const Char c = text_[at_];
      if (c == '{') {
        ++at_;
        if (!take('}')) {
          open.push_back(true);
          if (!name("Expected property name or '}' in JSON at position ",
                    "Expected ':' after property name in JSON at position ")) {
            return false;
          }
          continue;
        }
      } else if (c == '[') {
        ++at_;
        if (!take(']')) {
          open.push_back(false);
          continue;
        }
      } else if (c == '"') {
        ++at_;
        if (!string()) return false;
      } else if (c == '-' || is_digit()) {
        if (!number()) return false;
      } else if (!literal(c)) {
        return false;
      }
      // A value is complete: it may complete containers, or be followed by the next one.
      while (true) {
        if (open.empty()) return true;
        if (take(',')) {
          if (open.back() && !name("Expected double-quoted property name in JSON at position ", nullptr)) return false;
          break;
        }
        if (!take(open.back() ? '}' : ']')) {
          return fail(open.back() ? "Expected ',' or '}' after property value in JSON at position "
                                  : "Expected ',' or ']' after array element in JSON at position ");
        }
        open.pop_back();
      }
    }
  }

  bool name(const char* no_name, const char* no_colon) {
    if (!take('"')) return fail(no_name);
    if (!string()) return false;
    return take(':') || fail(no_colon);
  }

  bool string() {
    for (;; ++at_) {
      if (at_ == text_.size()) return fail("Unterminated string in JSON at position ");
      const Char c = text_[at_];
      if (c == '"') break;
      if (static_cast<std::make_unsigned_t<Char>>(c) < 0x20)
        return fail("Bad control character in string literal in JSON at position ");
      if (c != '\\') continue;
      if (++at_ == text_.size()) return fail();
      const Char escaped = text_[at_];
      if (escaped == 'u') {
        for (int i = 0; i < 4; ++i) {
          ++at_;
          if (!is_hex()) return fail("Bad Unicode escape in JSON at position ");
        }
      } else if (escaped > 0x7f ||
                 std::string_view{"\"\\/bfnrt"}.find(static_cast<char>(escaped)) == std::string_view::npos) {
        return fail("Bad escaped character in JSON at position ");
      }
    }
    ++at_;
    return true;
  }

  [[nodiscard]] bool is_hex() const {
    if (at_ >= text_.size()) return false;
    const Char c = text_[at_];
    return is_digit() || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  bool number() {
    if (is('-')) {
      ++at_;
      if (!is_digit()) return fail("No number after minus sign in JSON at position ");
    }
    if (is('0')) {
      ++at_;
      if (is_digit()) return fail("Unexpected number in JSON at position ");
    } else {
      digits();
    }
    if (is('.')) {
      ++at_;
      if (!is_digit()) return fail("Unterminated fractional number in JSON at position ");
      digits();
    }
    if (is('e') || is('E')) {
      ++at_;
      if (is('+') || is('-')) ++at_;
      if (!is_digit()) return fail("Exponent part is missing a number in JSON at position ");
      digits();
    }
    return true;
  }
  void digits() {
    while (is_digit()) ++at_;
  }

  bool literal(Char first) {
    const std::string_view word = first == 't' ? "true" : first == 'f' ? "false" : first == 'n' ? "null" : "";
    if (word.empty()) return fail();
    for (const char c : word) {
      if (!is(c)) return fail();
      ++at_;
    }
    return true;
  }

  std::basic_string_view<Char> text_;
  std::size_t at_ = 0;
  error error_;
};

std::u16string to_utf16(std::string_view text) {
  std::u16string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<std::uint8_t>(text[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    static constexpr std::array<std::uint8_t, 5> masks{0, 0x7f, 0x1f, 0x0f, 0x07};
    std::uint32_t point = first & masks[length];
    for (std::size_t j = 1; j < length; ++j) point = (point << 6U) | (static_cast<std::uint8_t>(text[i + j]) & 0x3fU);
    if (point >= 0x10000) {
      out += static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10U));
      out += static_cast<char16_t>(0xdc00 + ((point - 0x10000) & 0x3ffU));
    } else {
      out += static_cast<char16_t>(point);
    }
    i += length;
  }
  return out;
}

// Lone surrogates become three bytes.
std::string to_wtf8(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint32_t point = text[i];
    if (point >= 0xd800 && point < 0xdc00 && i + 1 < text.size() && text[i + 1] >= 0xdc00 && text[i + 1] < 0xe000) {
      point = 0x10000 + ((point - 0xd800) << 10U) + (text[++i] - 0xdc00U);
    }
    if (point < 0x80) {
      out += static_cast<char>(point);
    } else if (point < 0x800) {
      out += {static_cast<char>(0xc0 | (point >> 6U)), static_cast<char>(0x80 | (point & 0x3fU))};
    } else if (point < 0x10000) {
      out += {static_cast<char>(0xe0 | (point >> 12U)), static_cast<char>(0x80 | ((point >> 6U) & 0x3fU)),
              static_cast<char>(0x80 | (point & 0x3fU))};
    } else {
      out += {static_cast<char>(0xf0 | (point >> 18U)), static_cast<char>(0x80 | ((point >> 12U) & 0x3fU)),
              static_cast<char>(0x80 | ((point >> 6U) & 0x3fU)), static_cast<char>(0x80 | (point & 0x3fU))};
    }
  }
  return out;
}

// The text around an unexpected token: all of it where it is short, else ten units on each side.
std::string quoted(std::u16string_view text, std::size_t position) {
  constexpr std::size_t context = 10;
  if (text.size() <= 2 * context) return '"' + to_wtf8(text) + '"';
  const std::size_t from = position < context ? 0 : position - context;
  const bool to_end = position >= context && position >= text.size() - context;
  const std::size_t to = to_end ? text.size() : position + context;
  return (from > 0 || position >= context ? "...\"" : "\"") + to_wtf8(text.substr(from, to - from)) +
         (to_end ? "\"" : "\"...");
}

std::string unexpected(std::u16string_view text, std::size_t position, std::u16string_view token) {
  return "Unexpected token '" + to_wtf8(token) + "', " + quoted(text, position) + " is not valid JSON";
}

// body-parser asks JSON.parse about the text with everything from its first character on turned into `#`, and puts the
// characters back into the message; so V8 tells the token, and the text from its beginning only where nothing precedes
// it.
std::string strict_error(std::u16string_view text, std::size_t first) {
  std::u16string masked{text};
  for (std::size_t i = first; i < masked.size(); ++i) masked[i] = u'#';
  std::string message = "Unexpected token '#', " + quoted(masked, first) + " is not valid JSON";
  std::string out;
  for (std::size_t i = 0; i < message.size();) {
    if (message[i] != '#') {
      out += message[i++];
      continue;
    }
    std::size_t length = 0;
    while (i + length < message.size() && message[i + length] == '#') ++length;
    out += to_wtf8(text.substr(first, length));
    i += length;
  }
  return out;
}

}  // namespace

std::optional<std::string> json_body_error(std::string_view utf8) {
  const auto first = utf8.find_first_not_of(" \t\n\r");
  if (first == std::string_view::npos) return "Unexpected end of JSON input";
  const bool container = utf8[first] == '{' || utf8[first] == '[';
  if (container && checker<char>{utf8}.run()) return std::nullopt;

  const std::u16string text = to_utf16(utf8);
  if (!container) return strict_error(text, first);
  checker<char16_t> exact{text};
  if (exact.run()) return std::nullopt;
  const auto& [words, position] = exact.found();
  if (words != nullptr) return words + std::to_string(position);
  if (position >= text.size()) return "Unexpected end of JSON input";
  if (text == u"[object Object]") return "\"[object Object]\" is not valid JSON";  // V8 knows who sends that
  const std::u16string_view view{text};
  if (text[position] == u'"') return "Unexpected string in JSON at position " + std::to_string(position);
  if (text[position] == u'-' || (text[position] >= u'0' && text[position] <= u'9')) {
    return "Unexpected number in JSON at position " + std::to_string(position);
  }
  return unexpected(view, position, view.substr(position, 1));
}

}  // namespace nestcpp::detail
