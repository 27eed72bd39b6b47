#include <nestcpp/core/timestamp.hpp>

namespace nestcpp {

namespace {

constexpr std::int64_t ms_per_day = 86'400'000;

struct civil {
  std::int64_t year;
  unsigned month, day;
};

// The proleptic Gregorian calendar for any 64-bit day; std::chrono's year is 16 bits wide. Method: count days from
// 0000-03-01 in eras of 400 years, so that the leap day is the last of its year.
civil civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * shifted + 2) / 5 + 1};
}

std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + static_cast<std::int64_t>(day_of_era) - 719'468;
}

unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (month == 2 && leap ? 1U : 0U);
}

char* digits(char* out, std::uint64_t value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + width;
}

// A cursor over the text; each step says whether it fitted.
struct reader {
  std::string_view rest;

  bool literal(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool number(std::size_t width, unsigned& value) {
    if (rest.size() < width) return false;
    value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (rest[i] < '0' || rest[i] > '9') return false;
      value = value * 10 + static_cast<unsigned>(rest[i] - '0');
    }
    rest.remove_prefix(width);
    return true;
  }
  bool number_up_to(unsigned limit, unsigned& value) { return number(2, value) && value <= limit; }
  [[nodiscard]] bool at_digit() const { return !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; }

  bool year(std::int64_t& value) {
    unsigned number_read{};
    const bool minus = !rest.empty() && rest.front() == '-';
    if (minus || (!rest.empty() && rest.front() == '+')) {
      rest.remove_prefix(1);
      if (!number(6, number_read) || (minus && number_read == 0)) return false;
      value = minus ? -static_cast<std::int64_t>(number_read) : number_read;
      return true;
    }
    if (!number(4, number_read)) return false;
    value = number_read;
    return true;
  }

  bool fraction(unsigned& ms) {
    if (!at_digit()) return false;
    for (unsigned scale = 100; at_digit(); scale /= 10, rest.remove_prefix(1)) {
      ms += static_cast<unsigned>(rest.front() - '0') * scale;
    }
    return true;
  }

  bool zone(std::int64_t& offset_ms) {
    if (literal('Z')) return true;
    const bool minus = !rest.empty() && rest.front() == '-';
    if (!literal('-') && !literal('+')) return false;
    unsigned hours{};
    unsigned minutes{};
    unsigned seconds{};
    if (!number_up_to(23, hours)) return false;
    if ((literal(':') || at_digit()) && !number_up_to(59, minutes)) return false;
    if (literal(':') && !number_up_to(59, seconds)) return false;  // PostgreSQL shows old local mean times so
    offset_ms = (hours * 3600LL + minutes * 60LL + seconds) * 1000;
    if (minus) offset_ms = -offset_ms;
    return true;
  }
};

}  // namespace

void timestamp::append_to(std::string& out) const {
  std::int64_t day = ms_ / ms_per_day;
  std::int64_t rest = ms_ % ms_per_day;  // not ms_ - day * ms_per_day, which overflows at the lowest times
  if (rest < 0) {
    --day;
    rest += ms_per_day;
  }
  const auto in_day = static_cast<std::uint64_t>(rest);
  const auto [year, month, day_of_month] = civil_from_days(day);

  char text[40];
  char* end = text;
  if (year >= 0 && year <= 9999) {
    end = digits(end, static_cast<std::uint64_t>(year), 4);
  } else {
    *end++ = year < 0 ? '-' : '+';
    const auto size = static_cast<std::uint64_t>(year < 0 ? -year : year);
    end = digits(end, size, size > 999'999 ? 9 : 6);
  }
  *end++ = '-';
  end = digits(end, month, 2);
  *end++ = '-';
  end = digits(end, day_of_month, 2);
  *end++ = 'T';
  end = digits(end, in_day / 3'600'000, 2);
  *end++ = ':';
  end = digits(end, in_day / 60'000 % 60, 2);
  *end++ = ':';
  end = digits(end, in_day / 1000 % 60, 2);
  *end++ = '.';
  end = digits(end, in_day % 1000, 3);
  *end++ = 'Z';
  out.append(text, end);
}

std::string timestamp::to_iso8601() const {
  std::string text;
  text.reserve(24);
  append_to(text);
  return text;
}

std::optional<timestamp> timestamp::parse_iso8601(std::string_view text) {
  reader in{text};
  std::int64_t year{};
  unsigned month{};
  unsigned day{};
  unsigned hour{};
  unsigned minute{};
  unsigned second{};
  unsigned ms{};
  std::int64_t offset{};
  if (!in.year(year) || !in.literal('-') || !in.number_up_to(12, month) || month == 0 || !in.literal('-') ||
      !in.number_up_to(days_in_month(year, month), day) || day == 0) {
    return {};
  }
  if (!in.literal('T') && !in.literal(' ')) return {};
  if (!in.number_up_to(23, hour) || !in.literal(':') || !in.number_up_to(59, minute)) return {};
  if (in.literal(':')) {
    if (!in.number_up_to(59, second)) return {};
    if (in.literal('.') && !in.fraction(ms)) return {};
  }
  if (!in.zone(offset) || !in.rest.empty()) return {};
  const std::int64_t in_day = hour * 3'600'000LL + minute * 60'000LL + second * 1000LL + ms;
  return from_unix_ms(days_from_civil(year, month, day) * ms_per_day + in_day - offset);
}

}  // namespace nestcpp
