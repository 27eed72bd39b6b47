#include "dto/formats/ascii.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/string.hpp>

#include <algorithm>
#include <chrono>

// validator.js's isISO8601.

namespace nestcpp::detail {
namespace {

// validator.js's expression with its backtracking: each function takes a position and tries all that may follow.
class iso8601_matcher {
 public:
  iso8601_matcher(std::string_view text, bool strict_separator) : text_{text}, strict_separator_{strict_separator} {}

  bool matches() const {
    std::size_t p = 0;
    if (at(p) == '+' || at(p) == '-') ++p;
    if (!digits(p, 4)) return false;
    p += 4;
    if (digits(p, 2) && !is_word(at(p + 2))) return false;
    if (p == text_.size()) return true;
    return date(p, "") || (at(p) == '-' && date(p + 1, "-"));
  }

 private:
  char at(std::size_t p) const { return p < text_.size() ? text_[p] : '\0'; }
  static bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
  bool digits(std::size_t p, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(at(p + i))) return false;
    }
    return true;
  }
  // The number of two digits at p, or -1.
  int two(std::size_t p) const { return digits(p, 2) ? (at(p) - '0') * 10 + at(p + 1) - '0' : -1; }
  std::size_t run_of_digits(std::size_t p) const {
    std::size_t count = 0;
    while (is_digit(at(p + count))) ++count;
    return count;
  }

  bool date(std::size_t p, std::string_view separator) const {
    if (const int month = two(p); month >= 1 && month <= 12) {
      if (time(p + 2)) return true;
      if (text_.substr(p + 2, separator.size()) == separator) {
        const std::size_t q = p + 2 + separator.size();
        if (const int day = two(q); day >= 1 && day <= 31 && time(q + 2)) return true;
      }
    }
    if (at(p) == 'W' && two(p + 1) >= 0 && two(p + 1) <= 53) {
      const std::size_t q = p + 3 + (at(p + 3) == '-' ? 1 : 0);
      if (time(p + 3) || (at(q) >= '1' && at(q) <= '7' && time(q + 1))) return true;
    }
    if (digits(p, 3)) {
      const int day = two(p) * 10 + at(p + 2) - '0';
      if (day >= 1 && day <= 366 && day != 360) return time(p + 3);
    }
    return false;
  }

  bool time(std::size_t p) const {
    if (p == text_.size()) return true;
    const std::size_t step = at(p) == 'T' ? 1 : strict_separator_ ? 0 : leading_space(text_.substr(p));
    if (step == 0) return false;
    p += step;
    if (seconds(p, "")) return true;
    if (const int hour = two(p); hour >= 0 && hour <= 23) {
      const std::size_t q = p + 2;
      if (fraction(q, "")) return true;
      if (two(q) >= 0 && two(q) <= 59 && fraction(q + 2, "")) return true;
      if (at(q) == ':' && two(q + 1) >= 0 && two(q + 1) <= 59 && fraction(q + 3, ":")) return true;
    }
    if (two(p) != 24) return false;
    const std::size_t q = p + 2 + (at(p + 2) == ':' ? 1 : 0);
    return two(q) == 0 && fraction(q + 2, "");
  }

  // A fraction of hour or minute, then seconds. Where these have no separator they may be the fraction's last two
  // digits.
  bool fraction(std::size_t p, std::string_view separator) const {
    if (seconds(p, separator)) return true;
    if (at(p) != '.' && at(p) != ',') return false;
    const std::size_t count = run_of_digits(p + 1);
    if (count == 0) return false;
    const std::size_t q = p + 1 + count;
    if (at(q) != ':' && seconds(q, separator)) return true;
    return separator.empty() && count > 2 && seconds(q - 2, separator);
  }

  bool seconds(std::size_t p, std::string_view separator) const {
    if (zone(p)) return true;
    if (text_.substr(std::min(p, text_.size()), separator.size()) != separator) return false;
    p += separator.size();
    if (two(p) < 0 || two(p) > 59) return false;
    p += 2;
    if (zone(p)) return true;
    if (at(p) != '.' && at(p) != ',') return false;
    const std::size_t count = run_of_digits(p + 1);
    return count != 0 && zone(p + 1 + count);
  }

  bool zone(std::size_t p) const {
    if (p == text_.size()) return true;
    if (at(p) == 'z' || at(p) == 'Z') return p + 1 == text_.size();
    if (at(p) != '+' && at(p) != '-') return false;
    if (two(p + 1) < 0 || two(p + 1) > 23) return false;
    p += 3;
    if (at(p) == ':') ++p;
    if (two(p) >= 0 && two(p) <= 59) p += 2;
    return p == text_.size();
  }

  std::string_view text_;
  bool strict_separator_;
};

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// Whether the day exists, of a text that is ISO 8601. Only complete dates are looked at.
bool has_real_day(std::string_view text) {
  text_reader in{text};
  in.eat_any("+-");
  const std::string_view year_text = in.rest().substr(0, 4);
  int year = 0;
  for (const char c : year_text) year = year * 10 + c - '0';
  const bool sign = in.rest().size() != text.size();
  in.skip(4);
  in.eat('-');
  const std::string_view rest = in.rest();
  const auto digits = static_cast<std::size_t>(
      std::find_if(rest.begin(), rest.end(), [](char c) { return !is_digit(c); }) - rest.begin());
  // The day of a year; behind a sign validator.js does not see one.
  if (!sign && digits == 3 && (rest.size() == 3 || rest[3] == ' ' || rest[3] == 'T')) {
    const int day = (rest[0] - '0') * 100 + (rest[1] - '0') * 10 + rest[2] - '0';
    return day <= (is_leap(year) ? 366 : 365);
  }
  const auto number = [&in](std::size_t most) {
    const std::string_view all = in.rest();
    const std::size_t count = in.run(is_digit, most);
    int value = 0;
    for (const char c : all.substr(0, std::min<std::size_t>(count, 9))) value = value * 10 + c - '0';
    return value;
  };
  const int month = number(2);
  in.eat('-');
  const int day = number(std::string_view::npos);
  if (month == 0 || day == 0) return true;
  // JavaScript reads years below 100 as others once their zeros are gone.
  if (year < 100 || day > 31) return false;
  return std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                     std::chrono::day{static_cast<unsigned>(day)}}
      .ok();
}

}  // namespace

bool is_iso8601_text(std::string_view text, bool strict, bool strict_separator) noexcept {
  return iso8601_matcher{text, strict_separator}.matches() && (!strict || has_real_day(text));
}

}  // namespace nestcpp::detail
