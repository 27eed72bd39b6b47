#include <nestcpp/dto/detail/json_syntax.hpp>

#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/dto/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp::detail {
namespace {

// JavaScript's view of the bytes.
std::u16string to_utf16(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p != end) {
    const int step = utf8_step(p, end);
    const auto byte = [p](int i) { return static_cast<unsigned>(static_cast<unsigned char>(p[i])); };
    switch (step) {
      case 1: units.push_back(static_cast<char16_t>(byte(0))); break;
      case 2: units.push_back(static_cast<char16_t>((byte(0) & 0x1f) << 6 | (byte(1) & 0x3f))); break;
      case 3:
        units.push_back(static_cast<char16_t>((byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f)));
        break;
      case 4: {
        const unsigned code =
            (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
        units.push_back(static_cast<char16_t>(0xd7c0 + (code >> 10)));
        units.push_back(static_cast<char16_t>(0xdc00 | (code & 0x3ff)));
        break;
      }
      default: units.push_back(u'\ufffd');
    }
    p += step > 0 ? step : -step;
  }
  return units;
}

// Back to UTF-8; a surrogate that was cut off its pair becomes U+FFFD.
std::string to_utf8(std::u16string_view units) {
  std::string text;
  for (std::size_t i = 0; i < units.size(); ++i) {
    unsigned code = units[i];
    if (code >= 0xd800 && code < 0xe000) {
      if (code < 0xdc00 && i + 1 < units.size() && units[i + 1] >= 0xdc00 && units[i + 1] < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (units[++i] - 0xdc00u);
      } else {
        code = 0xfffd;
      }
    }
    const auto put = [&text](unsigned byte) { text.push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xc0 | code >> 6);
      put(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
      put(0xe0 | code >> 12);
      put(0x80 | (code >> 6 & 0x3f));
      put(0x80 | (code & 0x3f));
    } else {
      put(0xf0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3f));
      put(0x80 | (code >> 6 & 0x3f));
      put(0x80 | (code & 0x3f));
    }
  }
  return text;
}

// Walks the text as V8's parser does until it meets the first thing it refuses. The texts that V8 begins otherwise
// ("Bad control character", "Unterminated string", "No number after minus sign") get an "Unexpected" or "Expected".
class diagnosis {
 public:
  diagnosis(std::string_view text, unsigned max_depth) : units_{to_utf16(text)}, max_depth_{max_depth} {}

  json_syntax_error run() {
    if (walk()) return {"Unexpected nesting in JSON", units_.size()};
    return {message_, at_};
  }

 private:
  using frame = char16_t;  // the bracket that is open

  bool end() const { return at_ == units_.size(); }
  char16_t peek() const { return end() ? u'\0' : units_[at_]; }
  bool is(char16_t c) const { return !end() && units_[at_] == c; }
  bool is_digit() const { return !end() && units_[at_] >= u'0' && units_[at_] <= u'9'; }
  void skip_space() {
    while (is(u' ') || is(u'\n') || is(u'\r') || is(u'\t')) ++at_;
  }

  bool refuse(std::string message) {
    message_ = std::move(message);
    return false;
  }
  bool refuse_at(const char* what) { return refuse(std::string{what} + " in JSON at position " + std::to_string(at_)); }

  // V8's ReportUnexpectedToken without a better message.
  bool unexpected() {
    if (end()) return refuse("Unexpected end of JSON input");
    if (is_digit() || is(u'-')) return refuse_at("Unexpected number");
    if (is(u'"')) return refuse_at("Unexpected string");
    const std::u16string_view all{units_};
    if (all == u"undefined" || all == u"NaN" || all == u"Infinity" || all == u"[object Object]") {
      return refuse("Unexpected value: \"" + to_utf8(all) + "\" is not valid JSON");
    }
    constexpr std::size_t context = 10;
    const bool cut_before = units_.size() > 2 * context && at_ >= context;
    const bool cut_after = units_.size() > 2 * context && (at_ < context || at_ < units_.size() - context);
    const std::size_t from = cut_before ? at_ - context : 0;
    const std::size_t to = cut_after ? at_ + context : units_.size();
    return refuse("Unexpected token '" + to_utf8(all.substr(at_, 1)) + "', " + (cut_before ? "...\"" : "\"") +
                  to_utf8(all.substr(from, to - from)) + (cut_after ? "\"..." : "\"") + " is not valid JSON");
  }

  bool string() {
    ++at_;
    for (;;) {
      if (end()) return refuse_at("Unexpected end: Unterminated string");
      const char16_t c = units_[at_];
      if (c == u'"') {
        ++at_;
        return true;
      }
      if (c < 0x20) return refuse_at("Unexpected character: Bad control character in string literal");
      ++at_;
      if (c == u'\\' && !escape()) return false;
    }
  }
  bool escape() {
    if (end() || units_[at_] > 0xff) return unexpected();  // V8 looks at Latin-1 only
    if (!is(u'u')) {
      if (std::u16string_view{u"\"\\/bfnrt"}.find(units_[at_]) == std::u16string_view::npos) {
        return refuse_at("Unexpected character: Bad escaped character");
      }
      ++at_;
      return true;
    }
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char16_t c = peek();
      const bool hex = is_digit() || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
      if (!hex) return refuse_at("Unexpected character: Bad Unicode escape");
    }
    return true;
  }

  bool number() {
    if (is(u'-')) {
      ++at_;
      if (!is_digit()) return refuse_at("Expected digits: No number after minus sign");
    }
    if (is(u'0')) {
      ++at_;
      if (is_digit()) return refuse_at("Unexpected number");
    } else {
      while (is_digit()) ++at_;
    }
    if (is(u'.')) {
      ++at_;
      if (!is_digit()) return refuse_at("Expected digits: Unterminated fractional number");
      while (is_digit()) ++at_;
    }
    if (is(u'e') || is(u'E')) {
      ++at_;
      if (is(u'+') || is(u'-')) ++at_;
      if (!is_digit()) return refuse_at("Expected digits: Exponent part is missing a number");
      while (is_digit()) ++at_;
    }
    return true;
  }

  bool literal(std::u16string_view word) {
    for (const char16_t c : word) {
      if (!is(c)) return unexpected();
      ++at_;
    }
    return true;
  }

  // A value that is no bracket.
  bool scalar() {
    switch (peek()) {
      case u'"': return string();
      case u't': return literal(u"true");
      case u'f': return literal(u"false");
      case u'n': return literal(u"null");
      default: return is_digit() || is(u'-') ? number() : unexpected();
    }
  }

  // V8 has a text for a missing colon behind an object's first key only.
  bool key(bool first) {
    if (!is(u'"')) return refuse_at(first ? "Expected property name or '}'" : "Expected double-quoted property name");
    if (!string()) return false;
    skip_space();
    if (!is(u':')) return first ? refuse_at("Expected ':' after property name") : unexpected();
    ++at_;
    return true;
  }

  bool walk() {
    std::vector<frame> open;
    for (;;) {
      skip_space();
      if (is(u'{') || is(u'[')) {
        if (open.size() == max_depth_) {
          return refuse("Unexpected nesting of more than " + std::to_string(max_depth_) +
                        " levels in JSON at position " + std::to_string(at_));
        }
        open.push_back(units_[at_++]);
        skip_space();
        if (open.back() == u'{' && !is(u'}')) {
          if (!key(true)) return false;
          continue;
        }
        if (open.back() == u'[' && !is(u']')) continue;
        ++at_;
        open.pop_back();
      } else if (!scalar()) {
        return false;
      }
      // A value has ended: close what ends with it, or go on behind a comma.
      for (;;) {
        skip_space();
        if (open.empty())
          return end() || refuse("Unexpected non-whitespace character after JSON at position " + std::to_string(at_));
        if (is(u',')) {
          ++at_;
          skip_space();
          if (open.back() == u'{' && !key(false)) return false;
          break;
        }
        if (!is(open.back() == u'{' ? u'}' : u']')) {
          return refuse_at(open.back() == u'{' ? "Expected ',' or '}' after property value"
                                               : "Expected ',' or ']' after array element");
        }
        ++at_;
        open.pop_back();
      }
    }
  }

  std::u16string units_;
  unsigned max_depth_;
  std::size_t at_ = 0;
  std::string message_;
};

}  // namespace

json_syntax_error diagnose_json(std::string_view text, unsigned max_depth) { return diagnosis{text, max_depth}.run(); }

}  // namespace nestcpp::detail
