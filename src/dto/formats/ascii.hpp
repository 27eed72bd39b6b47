#pragma once
// Characters of ASCII, and a reader of texts that are made of them.

#include <cstddef>
#include <string_view>

namespace nestcpp::detail {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
constexpr bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c | 32) : c; }
constexpr char to_upper(char c) { return is_lower(c) ? static_cast<char>(c & ~32) : c; }

template <class Pred>
constexpr bool all_of(std::string_view text, Pred fits) {
  for (const char c : text) {
    if (!fits(c)) return false;
  }
  return true;
}

/// Letters of ASCII are the same in both cases.
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

/// Goes through a text from its beginning, taking what fits.
class text_reader {
 public:
  constexpr explicit text_reader(std::string_view text) : rest_{text} {}

  constexpr bool at_end() const { return rest_.empty(); }
  constexpr std::string_view rest() const { return rest_; }
  /// The next character; '\0' at the end.
  constexpr char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  constexpr void skip(std::size_t count) { rest_.remove_prefix(count); }

  constexpr bool eat(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    skip(1);
    return true;
  }
  constexpr bool eat_any(std::string_view set) {
    if (rest_.empty() || set.find(rest_.front()) == std::string_view::npos) return false;
    skip(1);
    return true;
  }
  constexpr bool eat(std::string_view token) {
    if (rest_.substr(0, token.size()) != token) return false;
    skip(token.size());
    return true;
  }
  constexpr bool eat_ignoring_case(std::string_view token) {
    if (!equal_ignoring_case(rest_.substr(0, token.size()), token)) return false;
    skip(token.size());
    return true;
  }
  /// Takes all that fit, up to `most`; gives how many.
  template <class Pred>
  constexpr std::size_t run(Pred fits, std::size_t most = std::string_view::npos) {
    std::size_t count = 0;
    while (count < rest_.size() && count < most && fits(rest_[count])) ++count;
    skip(count);
    return count;
  }
  /// Takes `count` characters if that many fit.
  template <class Pred>
  constexpr bool exactly(std::size_t count, Pred fits) {
    if (rest_.size() < count || !all_of(rest_.substr(0, count), fits)) return false;
    skip(count);
    return true;
  }
  /// Takes a number of two digits from `least` to `most`.
  constexpr bool two_digits(int least, int most) {
    if (rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) return false;
    const int value = (rest_[0] - '0') * 10 + rest_[1] - '0';
    if (value < least || value > most) return false;
    skip(2);
    return true;
  }

 private:
  std::string_view rest_;
};

}  // namespace nestcpp::detail
