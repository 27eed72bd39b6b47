#pragma once
// The syntax of JavaScript's regular expressions, as far as they can be decided in linear time: all but references to
// groups, lookbehind and \p{…}. One reader for two uses: `matches` has a pattern checked when the program is compiled,
// src/dto/formats/pattern.cpp makes it a matcher. The grammar is ECMA-262 §22.2.1 with annex B.1.2.

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace nestcpp::detail {

struct pattern_flags {
  bool ignore_case = false;
  bool multiline = false;
  bool dot_all = false;
  bool unicode = false;
};

// `g` and `d` are accepted, and without effect.
constexpr pattern_flags parse_pattern_flags(std::string_view text) {
  pattern_flags flags;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.find(text[i], i + 1) != std::string_view::npos) {
      throw std::invalid_argument{"nestcpp: matches(pattern, flags): a flag is given twice"};
    }
    switch (text[i]) {
      case 'i': flags.ignore_case = true; break;
      case 'm': flags.multiline = true; break;
      case 's': flags.dot_all = true; break;
      case 'u': flags.unicode = true; break;
      case 'd':
      case 'g': break;
      default: throw std::invalid_argument{"nestcpp: matches(pattern, flags): flags are d, g, i, m, s and u"};
    }
  }
  return flags;
}

enum class pattern_place : std::uint8_t { begin, end, word_edge, no_word_edge };

// A sink that only looks. Operands are put one after another; operators take the last one or two.
struct pattern_checker {
  constexpr void nothing() {}
  constexpr void character(char32_t) {}
  constexpr void any_character() {}
  constexpr void begin_class(bool /*negated*/) {}
  constexpr void range(char32_t /*first*/, char32_t /*last*/) {}
  constexpr void end_class() {}
  constexpr void place(pattern_place) {}
  constexpr void repeat(std::size_t /*least*/, std::size_t /*most*/) {}
  constexpr void both() {}
  constexpr void either() {}
  constexpr void look_ahead(bool /*negative*/) {}
};

inline constexpr std::size_t without_limit = static_cast<std::size_t>(-1);

// Tells a sink what a pattern is made of; throws std::invalid_argument where it is none, or none that is accepted.
template <class Sink>
class pattern_reader {
 public:
  constexpr pattern_reader(std::string_view text, pattern_flags flags, Sink& sink)
      : text_{text}, flags_{flags}, sink_{sink} {}

  constexpr void read() {
    const std::size_t size = disjunction(0);
    if (at_ != text_.size()) throw std::invalid_argument{"nestcpp: matches(pattern): a ) without its ("};
    if (size > largest_size) throw_too_large();
  }

 private:
  // Steps of the matcher, repetitions counted out: bounds the work for each character of a value.
  static constexpr std::size_t largest_size = 10000;
  static constexpr unsigned deepest_group = 100;

  [[noreturn]] static constexpr void throw_too_large() {
    throw std::invalid_argument{"nestcpp: matches(pattern): more than 10000 steps with all repetitions counted out"};
  }

  constexpr bool at_end() const { return at_ == text_.size(); }
  constexpr char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  constexpr bool eat(std::string_view token) {
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }

  // The functions below give the size of what they have read.
  constexpr std::size_t disjunction(unsigned depth) {
    if (depth > deepest_group) throw std::invalid_argument{"nestcpp: matches(pattern): groups lie too deep"};
    std::size_t size = alternative(depth);
    while (eat("|")) {
      size += alternative(depth) + 1;
      sink_.either();
    }
    return size;
  }

  constexpr std::size_t alternative(unsigned depth) {
    std::size_t size = 0;
    bool first = true;
    while (!at_end() && peek() != '|' && peek() != ')') {
      size += term(depth);
      if (size > largest_size) throw_too_large();
      if (!first) sink_.both();
      first = false;
    }
    if (first) sink_.nothing();
    return size;
  }

  constexpr std::size_t term(unsigned depth) {
    bool repeatable = true;
    std::size_t size = atom(depth, repeatable);
    std::size_t least = 0, most = 0;
    if (!quantifier(least, most)) return size;
    if (!repeatable) throw std::invalid_argument{"nestcpp: matches(pattern): nothing to repeat before * + ? or {"};
    if (most < least) throw std::invalid_argument{"nestcpp: matches(pattern): numbers out of order in {}"};
    eat("?");  // lazy or greedy: the same, as it is only asked whether there is a match
    const std::size_t times = most == without_limit ? least + 1 : most;
    if (size != 0 && times > largest_size / size) throw_too_large();
    sink_.repeat(least, most);
    return size * times + 1;
  }

  constexpr std::size_t atom(unsigned depth, bool& repeatable) {
    const char c = peek();
    switch (c) {
      case '^':
        ++at_;
        sink_.place(pattern_place::begin);
        repeatable = false;
        return 1;
      case '$':
        ++at_;
        sink_.place(pattern_place::end);
        repeatable = false;
        return 1;
      case '(': return group(depth, repeatable);
      case '.':
        ++at_;
        sink_.any_character();
        return 1;
      case '[':
        ++at_;
        character_class();
        return 1;
      case '\\': ++at_; return escape(repeatable);
      case '*':
      case '+':
      case '?': throw std::invalid_argument{"nestcpp: matches(pattern): nothing to repeat before * + ? or {"};
      case '{': {
        const std::size_t before = at_;
        std::size_t least = 0, most = 0;
        if (flags_.unicode || quantifier(least, most)) {
          throw std::invalid_argument{"nestcpp: matches(pattern): nothing to repeat before * + ? or {"};
        }
        at_ = before;
        break;
      }
      case '}':
      case ']':
        if (flags_.unicode) throw std::invalid_argument{"nestcpp: matches(pattern): a bracket without its partner"};
        break;
      default: break;
    }
    return literal(code_point());
  }

  constexpr std::size_t literal(char32_t code) {
    sink_.character(code);
    return 1;
  }

  constexpr std::size_t group(unsigned depth, bool& repeatable) {
    ++at_;
    bool ahead = false, negative = false;
    if (eat("?")) {
      if (eat("=")) {
        ahead = true;
      } else if (eat("!")) {
        ahead = negative = true;
      } else if (text_.substr(at_, 2) == "<=" || text_.substr(at_, 2) == "<!") {
        throw std::invalid_argument{"nestcpp: matches(pattern): lookbehind (?<=…) is not supported"};
      } else if (eat("<")) {
        const std::size_t close = text_.find('>', at_);
        if (close == std::string_view::npos || close == at_) {
          throw std::invalid_argument{"nestcpp: matches(pattern): a group's name is not closed"};
        }
        at_ = close + 1;
      } else if (!eat(":")) {
        throw std::invalid_argument{"nestcpp: matches(pattern): after (? must come : = ! or <name>"};
      }
    }
    const std::size_t size = disjunction(depth + 1);
    if (!eat(")")) throw std::invalid_argument{"nestcpp: matches(pattern): a ( without its )"};
    if (ahead) {
      sink_.look_ahead(negative);
      repeatable = !flags_.unicode;
    }
    return size + 1;
  }

  constexpr bool number(std::size_t& value) {
    const std::size_t from = at_;
    value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = value > largest_size ? value : value * 10 + static_cast<std::size_t>(peek() - '0');
      ++at_;
    }
    return at_ != from;
  }

  constexpr bool quantifier(std::size_t& least, std::size_t& most) {
    most = without_limit;
    least = 0;
    if (eat("*")) return true;
    if (eat("+")) return least = 1, true;
    if (eat("?")) return most = 1, true;
    const std::size_t before = at_;
    if (eat("{") && number(least)) {
      most = least;
      if (eat(",") && !number(most)) most = without_limit;
      if (eat("}")) return true;
    }
    if (at_ != before && flags_.unicode) throw std::invalid_argument{"nestcpp: matches(pattern): incomplete {}"};
    at_ = before;
    return false;
  }

  // A character of the pattern, which is UTF-8; without the flag u one beyond U+FFFF is two, as it is in JavaScript.
  constexpr char32_t code_point() {
    const auto byte = [this](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(peek(i))); };
    const char32_t lead = byte(0);
    const std::size_t size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (at_ + size > text_.size()) throw std::invalid_argument{"nestcpp: matches(pattern): the pattern is no UTF-8"};
    char32_t code = size == 1 ? lead : lead & (0xffu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) code = code << 6 | (byte(i) & 0x3f);
    if (code > 0xffff && !flags_.unicode) {
      half_ = !half_;
      if (half_) return 0xd7c0 + (code >> 10);
      code = 0xdc00 | (code & 0x3ff);
    }
    at_ += size;
    return code;
  }

  constexpr bool hex(std::size_t digits, char32_t& code) {
    code = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = peek(i);
      const char low = static_cast<char>(c | 32);
      if (c >= '0' && c <= '9') {
        code = code << 4 | static_cast<char32_t>(c - '0');
      } else if (low >= 'a' && low <= 'f') {
        code = code << 4 | static_cast<char32_t>(low - 'a' + 10);
      } else {
        return false;
      }
    }
    at_ += digits;
    return true;
  }

  // What a \ before d, D, w, W, s, S stands for, as ranges. False: something else stands there.
  constexpr bool class_escape(bool& negated) {
    struct span {
      char32_t first, last;
    };
    constexpr span digits[] = {{'0', '9'}};
    constexpr span words[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
    constexpr span spaces[] = {{9, 13},          {' ', ' '},       {0xa0, 0xa0},     {0x1680, 0x1680},
                               {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f},
                               {0x3000, 0x3000}, {0xfeff, 0xfeff}};
    const auto put = [this](const span* from, std::size_t count, bool inverse) {
      char32_t next = 0;
      for (std::size_t i = 0; i < count; ++i) {
        if (!inverse) {
          sink_.range(from[i].first, from[i].last);
        } else if (from[i].first != next) {
          sink_.range(next, from[i].first - 1);
        }
        next = from[i].last + 1;
      }
      if (inverse) sink_.range(next, 0x10ffff);
    };
    const char c = peek();
    negated = c == 'D' || c == 'W' || c == 'S';
    switch (c) {
      case 'd':
      case 'D': put(digits, 1, negated); break;
      case 'w':
      case 'W': put(words, 4, negated); break;
      case 's':
      case 'S': put(spaces, 10, negated); break;
      case 'p':
      case 'P':
        if (flags_.unicode) throw std::invalid_argument{"nestcpp: matches(pattern): \\p{…} is not supported"};
        return false;
      default: return false;
    }
    ++at_;
    return true;
  }

  constexpr bool is_class_escape() const {
    const char c = peek();
    return c == 'd' || c == 'D' || c == 'w' || c == 'W' || c == 's' || c == 'S';
  }

  // A character behind a \, inside or outside of a class.
  constexpr char32_t character_escape(bool in_class) {
    if (at_end()) throw std::invalid_argument{"nestcpp: matches(pattern): a \\ at the end"};
    const char c = peek();
    char32_t code = 0;
    switch (c) {
      case 't': ++at_; return '\t';
      case 'n': ++at_; return '\n';
      case 'v': ++at_; return '\v';
      case 'f': ++at_; return '\f';
      case 'r': ++at_; return '\r';
      case 'c':
        if ((peek(1) | 32) >= 'a' && (peek(1) | 32) <= 'z') {
          code = static_cast<char32_t>(peek(1) & 31);
          at_ += 2;
          return code;
        }
        throw std::invalid_argument{"nestcpp: matches(pattern): after \\c must come a letter"};
      case 'x':
        ++at_;
        if (hex(2, code)) return code;
        if (flags_.unicode)
          throw std::invalid_argument{"nestcpp: matches(pattern): after \\x must come two hex digits"};
        return 'x';
      case 'u': ++at_; return unicode_escape();
      case 'k': throw std::invalid_argument{"nestcpp: matches(pattern): references to groups are not supported"};
      default: break;
    }
    if (c == '0' && !(peek(1) >= '0' && peek(1) <= '9')) {
      ++at_;
      return 0;
    }
    if (c >= '0' && c <= '9') {
      throw std::invalid_argument{
          "nestcpp: matches(pattern): references to groups and octal escapes are not supported"};
    }
    constexpr std::string_view syntax = "^$\\.*+?()[]{}|/";
    if (flags_.unicode && syntax.find(c) == std::string_view::npos && !(in_class && c == '-')) {
      throw std::invalid_argument{"nestcpp: matches(pattern, \"u\"): a \\ before a character that needs none"};
    }
    return code_point();
  }

  constexpr char32_t unicode_escape() {
    char32_t code = 0;
    if (flags_.unicode && eat("{")) {
      char32_t digit = 0;
      bool any = false;
      while (hex(1, digit)) {
        code = code << 4 | digit;
        any = true;
        if (code > 0x10ffff) break;
      }
      if (any && code <= 0x10ffff && eat("}")) return code;
    } else if (hex(4, code)) {
      if (flags_.unicode && code >= 0xd800 && code <= 0xdbff && text_.substr(at_, 2) == "\\u") {
        const std::size_t before = at_;
        char32_t low = 0;
        at_ += 2;
        if (hex(4, low) && low >= 0xdc00 && low <= 0xdfff) return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at_ = before;
      }
      return code;
    } else if (!flags_.unicode) {
      return 'u';
    }
    throw std::invalid_argument{
        "nestcpp: matches(pattern): after \\u must come four hex digits, or {…} with the flag u"};
  }

  constexpr std::size_t escape(bool& repeatable) {
    if (peek() == 'b' || peek() == 'B') {
      sink_.place(peek() == 'b' ? pattern_place::word_edge : pattern_place::no_word_edge);
      ++at_;
      repeatable = false;
      return 1;
    }
    if (is_class_escape() || ((peek() | 32) == 'p' && flags_.unicode)) {
      bool negated = false;
      sink_.begin_class(false);
      class_escape(negated);
      sink_.end_class();
      return 1;
    }
    return literal(character_escape(false));
  }

  // One side of a range. False: a class such as \d.
  constexpr bool class_atom(char32_t& code) {
    if (!eat("\\")) {
      code = code_point();
      return true;
    }
    bool negated = false;
    if (class_escape(negated)) return false;
    if (eat("b")) {
      code = '\b';
    } else if (eat("-")) {
      code = '-';
    } else {
      code = character_escape(true);
    }
    return true;
  }

  constexpr void character_class() {
    sink_.begin_class(eat("^"));
    while (!eat("]")) {
      if (at_end()) throw std::invalid_argument{"nestcpp: matches(pattern): a [ without its ]"};
      char32_t first = 0, last = 0;
      const bool single = class_atom(first);
      if (peek() == '-' && peek(1) != ']' && peek(1) != '\0') {
        ++at_;
        const bool to_single = class_atom(last);
        if (single && to_single) {
          if (last < first) throw std::invalid_argument{"nestcpp: matches(pattern): a range in [] is out of order"};
          sink_.range(first, last);
          continue;
        }
        if (flags_.unicode) throw std::invalid_argument{"nestcpp: matches(pattern): a range from or to a class in []"};
        sink_.range('-', '-');
        if (to_single) sink_.range(last, last);
      }
      if (single) sink_.range(first, first);
    }
    sink_.end_class();
  }

  std::string_view text_;
  pattern_flags flags_;
  Sink& sink_;
  std::size_t at_ = 0;
  bool half_ = false;  // the first half of a surrogate pair has been read
};

// Throws where [characters] is no class of an expression.
constexpr void check_character_class(std::string_view characters) {
  std::array<char, 128> text{};
  if (characters.size() + 2 > text.size()) throw std::length_error{"nestcpp: too many characters in a rule's option"};
  std::size_t size = 0;
  text[size++] = '[';
  for (const char c : characters) text[size++] = c;
  text[size++] = ']';
  pattern_checker checker;
  pattern_reader{std::string_view{text.data(), size}, pattern_flags{}, checker}.read();
}

}  // namespace nestcpp::detail
