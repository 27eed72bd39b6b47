#include <nestcpp/dto/decimal.hpp>

#include <nestcpp/dto/detail/std_codecs.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <system_error>

namespace nestcpp {
namespace {

constexpr std::int64_t largest_exponent = 1'000'000;

// A text taken apart: ± 0.digits × 10^point, where the digits begin and end with none that is 0.
struct parts {
  bool negative = false;
  std::string digits;
  std::int64_t point = 0;

  [[nodiscard]] bool is_zero() const noexcept { return digits.empty(); }
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take_apart(std::string_view text, parts& out) {
  const char* p = text.data();
  const char* const end = p + text.size();
  if (p != end && (*p == '-' || *p == '+')) out.negative = *p++ == '-';
  const char* const whole = p;
  while (p != end && is_digit(*p)) out.digits += *p++;
  if (p == whole) return false;
  out.point = p - whole;
  if (p != end && *p == '.') {
    const char* const fraction = ++p;
    while (p != end && is_digit(*p)) out.digits += *p++;
    if (p == fraction) return false;
  }
  if (p != end && (*p == 'e' || *p == 'E')) {
    ++p;
    if (p != end && *p == '+') {
      ++p;
      if (p == end || !is_digit(*p)) return false;
    }
    std::int64_t exponent = 0;
    const auto [rest, error] = std::from_chars(p, end, exponent);
    if (error != std::errc{} || exponent > largest_exponent || exponent < -largest_exponent) return false;
    out.point += exponent;
    p = rest;
  }
  if (p != end) return false;
  const std::size_t first = out.digits.find_first_not_of('0');
  if (first == std::string::npos) {
    out = parts{};
    return true;
  }
  out.digits.erase(0, first);
  out.point -= static_cast<std::int64_t>(first);
  out.digits.erase(out.digits.find_last_not_of('0') + 1);
  return true;
}

std::strong_ordering compare_magnitude(const parts& a, const parts& b) {
  if (a.is_zero() || b.is_zero()) return !a.is_zero() <=> !b.is_zero();
  if (const auto order = a.point <=> b.point; order != 0) return order;
  return a.digits.compare(b.digits) <=> 0;  // both begin with their first digit: 15 < 2 as .15 < .2
}

}  // namespace

std::optional<decimal> decimal::parse(std::string_view text) {
  parts found;
  if (!take_apart(text, found)) return std::nullopt;
  decimal value;
  value.text_ = text;
  return value;
}

double decimal::to_double() const noexcept {
  const char* const begin = text_.data() + (text_.front() == '+' ? 1 : 0);
  double value = 0;
  if (std::from_chars(begin, text_.data() + text_.size(), value).ec == std::errc::result_out_of_range) {
    parts found;
    take_apart(text_, found);
    value = found.point > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    if (found.negative) value = -value;
  }
  return value;
}

std::weak_ordering operator<=>(const decimal& a, const decimal& b) noexcept {
  parts left;
  parts right;
  take_apart(a.text_, left);
  take_apart(b.text_, right);
  if (left.negative != right.negative) {
    return left.negative ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  return left.negative ? compare_magnitude(right, left) : compare_magnitude(left, right);
}

namespace detail {

bool parse_day(std::string_view text, std::chrono::year_month_day& out) noexcept {
  constexpr std::size_t size = 10;  // 2026-11-25
  if (text.size() != size || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      if (!is_digit(text[i])) return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (year < 0 || month < 0 || day < 0) return false;
  const std::chrono::year_month_day read{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!read.ok()) return false;
  out = read;
  return true;
}

std::string day_text(const std::chrono::year_month_day& day) {
  std::string text;
  const auto put = [&text](unsigned value, int digits) {
    std::string all = std::to_string(value);
    text.append(all.size() < static_cast<std::size_t>(digits) ? static_cast<std::size_t>(digits) - all.size() : 0, '0');
    text += all;
  };
  const int year = static_cast<int>(day.year());
  if (year < 0) text += '-';
  put(static_cast<unsigned>(year < 0 ? -year : year), 4);
  text += '-';
  put(static_cast<unsigned>(day.month()), 2);
  text += '-';
  put(static_cast<unsigned>(day.day()), 2);
  return text;
}

}  // namespace detail
}  // namespace nestcpp
