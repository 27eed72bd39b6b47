#pragma once
/// @file nestcpp/dto/rules/date.hpp
/// @brief class-validator's rules for dates, for members of type `nestcpp::timestamp`.

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/dto/rule_value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace nestcpp::detail {

// The moment a value stands for, as a member of type timestamp reads it.
[[nodiscard]] std::optional<timestamp> moment_of(const rule_value& value);
// JavaScript's Date.prototype.toString() in UTC.
[[nodiscard]] std::string date_text(timestamp at);

// A moment, or a function that gives one when a value is checked.
struct moment_limit {
  timestamp at{};
  timestamp (*given_by)() = nullptr;
  [[nodiscard]] constexpr timestamp now() const { return given_by != nullptr ? given_by() : at; }
};

}  // namespace nestcpp::detail

namespace nestcpp::rules {

/// A moment that the member can hold.
struct is_date {
  static constexpr std::string_view key = "isDate";
  static constexpr std::string_view text = "$property must be a Date instance";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::moment_of(value).has_value();
  }
};

/// Not before a moment: `min_date(timestamp::from_unix_ms(0))`, `min_date(sys_days{2026y / 1 / 31})`,
/// `min_date(&timestamp::now)`.
struct min_date {
  static constexpr std::string_view key = "minDate";
  static constexpr std::string_view text = "minimal allowed date for $property is $constraint1";
  static constexpr std::string_view text_for_each = "minimal allowed date for each value in $property is $constraint1";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  detail::moment_limit limit;
  constexpr explicit min_date(timestamp at) : limit{at} {}
  constexpr explicit min_date(timestamp::time_point at) : limit{timestamp{at}} {}
  constexpr explicit min_date(timestamp (*given_by)()) : limit{{}, given_by} {}
  constexpr bool check(const rule_value& value) const {
    if (!value.is_string()) return false;
    const auto at = detail::moment_of(value);
    return at && *at >= limit.now();
  }
  auto constraints() const { return std::tuple{detail::date_text(limit.now())}; }
};

/// Not after a moment.
struct max_date {
  static constexpr std::string_view key = "maxDate";
  static constexpr std::string_view text = "maximal allowed date for $property is $constraint1";
  static constexpr std::string_view text_for_each = "maximal allowed date for each value in $property is $constraint1";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  detail::moment_limit limit;
  constexpr explicit max_date(timestamp at) : limit{at} {}
  constexpr explicit max_date(timestamp::time_point at) : limit{timestamp{at}} {}
  constexpr explicit max_date(timestamp (*given_by)()) : limit{{}, given_by} {}
  constexpr bool check(const rule_value& value) const {
    if (!value.is_string()) return false;
    const auto at = detail::moment_of(value);
    return at && *at <= limit.now();
  }
  auto constraints() const { return std::tuple{detail::date_text(limit.now())}; }
};

}  // namespace nestcpp::rules
