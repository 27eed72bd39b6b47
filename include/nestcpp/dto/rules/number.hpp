#pragma once
/// @file nestcpp/dto/rules/number.hpp
/// @brief class-validator's rules for numbers.

#include <nestcpp/dto/detail/locale_names.hpp>
#include <nestcpp/dto/rule_value.hpp>
#include <nestcpp/dto/rules/text_list.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace nestcpp::rules {
struct currency_options;
}

namespace nestcpp::detail {

[[nodiscard]] std::size_t decimal_places(double value);
[[nodiscard]] bool is_number_string_text(std::string_view text, bool no_symbols, std::string_view locale);
[[nodiscard]] bool is_decimal_text(std::string_view text, bool force_decimal, std::size_t least, std::size_t most,
                                   std::string_view locale);
[[nodiscard]] bool is_currency_text(std::string_view text, const rules::currency_options& options);
[[nodiscard]] bool is_lat_long_text(std::string_view text);
// A number is judged by its text.
[[nodiscard]] bool is_latitude_value(const rule_value& value);
[[nodiscard]] bool is_longitude_value(const rule_value& value);

// Digits behind the mark as validator.js has them: "2", "1,", "1,3". {1, 0}: malformed.
struct digit_limits {
  std::size_t least, most;
};
constexpr digit_limits parse_digit_limits(std::string_view text) {
  std::size_t at = 0;
  const auto number = [&](std::size_t& value) {
    const std::size_t from = at;
    value = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && value < 100000) {
      value = value * 10 + static_cast<std::size_t>(text[at++] - '0');
    }
    return at != from;
  };
  digit_limits limits{};
  if (!number(limits.least)) return {1, 0};
  limits.most = limits.least;
  if (at != text.size()) {
    if (text[at++] != ',') return {1, 0};
    if (at == text.size()) {
      limits.most = static_cast<std::size_t>(-1);
    } else if (!number(limits.most) || at != text.size()) {
      return {1, 0};
    }
  }
  return limits;
}

}  // namespace nestcpp::detail

namespace nestcpp::rules {

/// A whole number; 5.0 is one.
struct is_int {
  static constexpr std::string_view key = "isInt";
  static constexpr std::string_view text = "$property must be an integer number";
  static constexpr json_kinds kinds = kinds_of(json_kind::number);
  constexpr bool check(const rule_value& value) const {
    return value.is_number() && std::isfinite(value.number) && std::trunc(value.number) == value.number;
  }
};

struct number_options {
  bool allow_nan = false;  ///< JSON has no NaN: without effect, as it is in a NestJS service.
  bool allow_infinity = false;
  std::optional<std::size_t> max_decimal_places{};  ///< Of the shortest text that reads back as the number.
};

/// A number that is neither NaN nor infinite (1e999 is infinite).
struct is_number {
  static constexpr std::string_view key = "isNumber";
  static constexpr std::string_view text = "$property must be a number conforming to the specified constraints";
  static constexpr json_kinds kinds = kinds_of(json_kind::number);
  number_options options{};
  constexpr is_number() = default;
  constexpr explicit is_number(number_options o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    if (!value.is_number()) return false;
    if (!std::isfinite(value.number)) return options.allow_infinity;
    return !options.max_decimal_places || detail::decimal_places(value.number) <= *options.max_decimal_places;
  }
};

template <class Number>
struct min {
  static constexpr std::string_view key = "min";
  static constexpr std::string_view text = "$property must not be less than $constraint1";
  static constexpr json_kinds kinds = kinds_of(json_kind::number);
  Number limit;
  constexpr explicit min(Number l) : limit{l} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_number() && value.number >= static_cast<double>(limit);
  }
  constexpr auto constraints() const { return std::tuple{limit}; }
};

template <class Number>
struct max {
  static constexpr std::string_view key = "max";
  static constexpr std::string_view text = "$property must not be greater than $constraint1";
  static constexpr json_kinds kinds = kinds_of(json_kind::number);
  Number limit;
  constexpr explicit max(Number l) : limit{l} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_number() && value.number <= static_cast<double>(limit);
  }
  constexpr auto constraints() const { return std::tuple{limit}; }
};

struct is_positive {
  static constexpr std::string_view key = "isPositive";
  static constexpr std::string_view text = "$property must be a positive number";
  static constexpr json_kinds kinds = kinds_of(json_kind::number);
  constexpr bool check(const rule_value& value) const { return value.is_number() && value.number > 0; }
};

struct is_negative {
  static constexpr std::string_view key = "isNegative";
  static constexpr std::string_view text = "$property must be a negative number";
  static constexpr json_kinds kinds = kinds_of(json_kind::number);
  constexpr bool check(const rule_value& value) const { return value.is_number() && value.number < 0; }
};

template <class Number>
struct is_divisible_by {
  static constexpr std::string_view key = "isDivisibleBy";
  static constexpr std::string_view text = "$property must be divisible by $constraint1";
  static constexpr json_kinds kinds = kinds_of(json_kind::number);
  Number divisor;
  constexpr explicit is_divisible_by(Number d) : divisor{d} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_number() && std::fmod(value.number, static_cast<double>(divisor)) == 0;
  }
  constexpr auto constraints() const { return std::tuple{divisor}; }
};

struct number_string_options {
  bool no_symbols = false;            ///< Digits only.
  std::string_view locale = "en-US";  ///< Whose decimal mark stands in it.
};

/// A number as text: digits with or without sign and decimals.
struct is_number_string {
  static constexpr std::string_view key = "isNumberString";
  static constexpr std::string_view text = "$property must be a number string";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  number_string_options options{};
  constexpr is_number_string() = default;
  constexpr explicit is_number_string(number_string_options o) : options{o} {
    if (!detail::has_word(detail::decimal_locale_names, o.locale)) {
      throw std::invalid_argument{"nestcpp: is_number_string: this locale is not known; see docs/validation-rules.md"};
    }
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_number_string_text(value.text, options.no_symbols, options.locale);
  }
};

struct decimal_options {
  bool force_decimal = false;              ///< Decimals must be there.
  std::string_view decimal_digits = "1,";  ///< How many: `"2"`, `"1,"` (one or more), `"1,3"`.
  std::string_view locale = "en-US";       ///< Whose decimal mark stands in it.
};

/// A decimal number as text; `.5` is one.
struct is_decimal {
  static constexpr std::string_view key = "isDecimal";
  static constexpr std::string_view text = "$property is not a valid decimal number.";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  decimal_options options{};
  constexpr is_decimal() = default;
  constexpr explicit is_decimal(decimal_options o) : options{o} {
    if (!detail::has_word(detail::decimal_locale_names, o.locale)) {
      throw std::invalid_argument{"nestcpp: is_decimal: this locale is not known; see docs/validation-rules.md"};
    }
    const auto limits = detail::parse_digit_limits(o.decimal_digits);
    if (limits.most < limits.least) throw std::invalid_argument{"nestcpp: is_decimal: decimal_digits is 2, 1, or 1,3"};
  }
  constexpr bool check(const rule_value& value) const {
    const auto limits = detail::parse_digit_limits(options.decimal_digits);
    return value.is_string() &&
           detail::is_decimal_text(value.text, options.force_decimal, limits.least, limits.most, options.locale);
  }
};

/// Where sign, symbol and blanks stand in an amount; names and defaults are validator.js's.
struct currency_options {
  std::string_view symbol = "$";
  bool require_symbol = false;
  bool allow_space_after_symbol = false;
  bool symbol_after_digits = false;
  bool allow_negatives = true;
  bool parens_for_negatives = false;
  bool negative_sign_before_digits = false;
  bool negative_sign_after_digits = false;
  bool allow_negative_sign_placeholder = false;
  std::string_view thousands_separator = ",";
  std::string_view decimal_separator = ".";
  bool allow_decimal = true;
  bool require_decimal = false;
  value_list<std::size_t> digits_after_decimal{2};  ///< One of these numbers of digits.
  bool allow_space_after_digits = false;
};

/// An amount of money: `-$1,234.56`.
struct is_currency {
  static constexpr std::string_view key = "isCurrency";
  static constexpr std::string_view text = "$property must be a currency";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  currency_options options{};
  constexpr is_currency() = default;
  constexpr explicit is_currency(const currency_options& o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_currency_text(value.text, options);
  }
};

/// Degrees from -90 to 90, as a number or as text.
struct is_latitude {
  static constexpr std::string_view key = "isLatitude";
  static constexpr std::string_view text = "$property must be a latitude string or number";
  static constexpr json_kinds kinds = kinds_of(json_kind::number, json_kind::string);
  constexpr bool check(const rule_value& value) const {
    return (value.is_number() || value.is_string()) && detail::is_latitude_value(value);
  }
};

/// Degrees from -180 to 180, as a number or as text.
struct is_longitude {
  static constexpr std::string_view key = "isLongitude";
  static constexpr std::string_view text = "$property must be a longitude string or number";
  static constexpr json_kinds kinds = kinds_of(json_kind::number, json_kind::string);
  constexpr bool check(const rule_value& value) const {
    return (value.is_number() || value.is_string()) && detail::is_longitude_value(value);
  }
};

/// Latitude and longitude with a comma between, both in parentheses or none: `48.2,16.37`.
struct is_lat_long {
  static constexpr std::string_view key = "isLatLong";
  static constexpr std::string_view text = "$property must be a latitude,longitude string";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_lat_long_text(value.text);
  }
};

}  // namespace nestcpp::rules
