#include "dto/formats/ascii.hpp"

#include <nestcpp/dto/rules/date.hpp>
#include <nestcpp/dto/rules/identifier.hpp>

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdlib>

namespace nestcpp::detail {

bool is_military_time_text(std::string_view text) {
  text_reader in{text};
  if (!in.two_digits(0, 23)) return false;
  in.eat(':');
  return in.two_digits(0, 59) && in.at_end();
}

bool is_rfc3339_text(std::string_view text) {
  text_reader in{text};
  if (!in.exactly(4, is_digit) || !in.eat('-') || !in.two_digits(1, 12) || !in.eat('-') || !in.two_digits(1, 31)) {
    return false;
  }
  if (!in.eat_any(" tT") || !in.two_digits(0, 23) || !in.eat(':') || !in.two_digits(0, 59) || !in.eat(':') ||
      !in.two_digits(0, 60)) {
    return false;
  }
  if (in.eat('.') && in.run(is_digit) == 0) return false;
  if (in.eat_any("zZ")) return in.at_end();
  return in.eat_any("+-") && in.two_digits(0, 23) && in.eat(':') && in.two_digits(0, 59) && in.at_end();
}

std::optional<timestamp> moment_of(const rule_value& value) { return timestamp::parse_iso8601(value.text); }

std::string date_text(timestamp at) {
  using namespace std::chrono;
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<std::chrono::days>(at.at());
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(at.at() - day)};
  const int year = static_cast<int>(date.year());
  return fmt::format("{} {} {:02} {}{:04} {:02}:{:02}:{:02} GMT+0000 (Coordinated Universal Time)",
                     days[weekday{day}.c_encoding()], months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<unsigned>(date.day()), year < 0 ? "-" : "", std::abs(year), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

}  // namespace nestcpp::detail
