#pragma once
/// @file nestcpp/dto/rules/number.hpp
/// @brief class-validator's rules for numbers.

#include <nestcpp/dto/rule_value.hpp>

#include <cmath>
#include <string_view>
#include <tuple>

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

/// A number that is neither NaN nor infinite (1e999 is infinite).
struct is_number {
  static constexpr std::string_view key = "isNumber";
  static constexpr std::string_view text = "$property must be a number conforming to the specified constraints";
  static constexpr json_kinds kinds = kinds_of(json_kind::number);
  constexpr bool check(const rule_value& value) const { return value.is_number() && std::isfinite(value.number); }
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

}  // namespace nestcpp::rules
