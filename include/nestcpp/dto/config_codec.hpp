#pragma once
/// @file nestcpp/dto/config_codec.hpp
/// @brief How a type is read from a variable of the environment, and shown.

#include <nestcpp/core/byte_size.hpp>
#include <nestcpp/core/config.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/dto/parse_text.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace nestcpp {

/// Specialise it for a type of yours:
///
///     template <>
///     struct nestcpp::config_codec<Endpoint> {
///       static std::optional<Endpoint> parse(std::string_view text);   // nullopt: refused
///       static std::string accepted() { return "HOST:PORT"; }          // completes "… is accepted"
///       static std::string print(const Endpoint& value);
///     };
///
/// The library reads `bool`, numbers, `std::string`, `NEST_ENUM` enumerations, `uuid`, `timestamp`, durations,
/// `byte_size`, `log_level`, `log_format`, types whose `json_codec` has a `parse_text`, and `std::vector`s of these.
template <class T>
struct config_codec;

template <class T>
concept has_config_codec = requires(std::string_view text, const T& value) {
  { config_codec<T>::parse(text) } -> std::same_as<std::optional<T>>;
  { config_codec<T>::accepted() } -> std::convertible_to<std::string>;
  { config_codec<T>::print(value) } -> std::convertible_to<std::string>;
};

/// Digits with a unit: `250ms`, `5s`, `1h30m`; `ns us ms s m h d`. A number alone is milliseconds. Nullopt for anything
/// else, and for what is no whole number of `D`s or does not fit.
template <class D>
[[nodiscard]] std::optional<D> parse_duration(std::string_view text);
/// With the largest unit that leaves a whole number: "5s", "1500ms".
[[nodiscard]] std::string print_duration(std::chrono::nanoseconds duration);

namespace detail {

[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_nanoseconds(std::string_view text);
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view text);

template <class>
inline constexpr bool is_chrono_duration = false;
template <class Rep, class Period>
inline constexpr bool is_chrono_duration<std::chrono::duration<Rep, Period>> = true;

/// What is never a secret, whatever its variable is called: PASSWORD_HASH_KIB.
template <class T>
inline constexpr bool never_secret =
    std::is_arithmetic_v<T> || is_chrono_duration<T> || std::is_same_v<T, byte_size> || std::is_same_v<T, log_level>;

template <class T>
std::optional<T> parse_plain(std::string_view text) {
  T value{};
  if (!parse_text(text, value)) return std::nullopt;
  return value;
}

}  // namespace detail

template <class D>
std::optional<D> parse_duration(std::string_view text) {
  const auto parsed = detail::parse_nanoseconds(text);
  if (!parsed) return std::nullopt;
  const auto whole = std::chrono::duration_cast<D>(*parsed);
  if (std::chrono::duration_cast<std::chrono::nanoseconds>(whole) != *parsed) return std::nullopt;
  return whole;
}

template <>
struct config_codec<bool> {
  static std::optional<bool> parse(std::string_view text) { return detail::parse_config_bool(text); }
  static std::string accepted() { return "true or false (also 1, 0, yes, no, on, off)"; }
  static std::string print(bool value) { return value ? "true" : "false"; }
};

template <detail::json_integer T>
struct config_codec<T> {
  static std::optional<T> parse(std::string_view text) { return detail::parse_plain<T>(text); }
  static std::string accepted() { return accepted(std::numeric_limits<T>::min(), std::numeric_limits<T>::max()); }
  static std::string accepted(T min, T max) {
    return "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
  }
  static std::string print(T value) { return std::to_string(value); }
};

template <std::floating_point T>
struct config_codec<T> {
  static std::optional<T> parse(std::string_view text) { return detail::parse_plain<T>(text); }
  static std::string accepted() { return "a number"; }
  static std::string print(T value) { return fmt::format("{}", value); }
};

template <>
struct config_codec<std::string> {
  static std::optional<std::string> parse(std::string_view text) { return std::string{text}; }
  static std::string accepted() { return "any text"; }
  static std::string print(const std::string& value) { return value; }
};

template <described_enum T>
struct config_codec<T> {
  static std::optional<T> parse(std::string_view text) { return parse_enum<T>(text); }
  static std::string accepted() {
    std::vector<std::string_view> names;
    for (const auto& entry : detail::enum_entries<T>) names.push_back(entry.name);
    return detail::list_of_texts(names);
  }
  static std::string print(T value) { return std::string{enum_name(value)}; }
};

template <>
struct config_codec<uuid> {
  static std::optional<uuid> parse(std::string_view text) { return uuid::parse(text); }
  static std::string accepted() { return "a UUID"; }
  static std::string print(const uuid& value) { return value.to_string(); }
};

template <>
struct config_codec<timestamp> {
  static std::optional<timestamp> parse(std::string_view text) { return timestamp::parse_iso8601(text); }
  static std::string accepted() { return "a time in ISO 8601, such as 2026-11-22T21:54:35Z"; }
  static std::string print(const timestamp& value) {
    std::string text;
    value.append_to(text);
    return text;
  }
};

template <class Rep, class Period>
struct config_codec<std::chrono::duration<Rep, Period>> {
  using duration = std::chrono::duration<Rep, Period>;
  static std::optional<duration> parse(std::string_view text) { return parse_duration<duration>(text); }
  static std::string accepted() { return "a duration such as 250ms, 5s or 2m (a number alone is milliseconds)"; }
  static std::string print(duration value) {
    return print_duration(std::chrono::duration_cast<std::chrono::nanoseconds>(value));
  }
};

template <>
struct config_codec<byte_size> {
  static std::optional<byte_size> parse(std::string_view text) { return byte_size::parse(text); }
  static std::string accepted() { return "a size such as 512KiB, 10MiB or 1GB (a number alone is bytes)"; }
  static std::string print(byte_size value) { return value.to_string(); }
};

template <>
struct config_codec<log_level> {
  static std::optional<log_level> parse(std::string_view text) { return parse_log_level(text); }
  static std::string accepted() { return "trace, debug, info, warn, error, fatal or off"; }
  static std::string print(log_level value);
};

template <>
struct config_codec<log_format> {
  static std::optional<log_format> parse(std::string_view text) { return parse_log_format(text); }
  static std::string accepted() { return "pretty or json"; }
  static std::string print(log_format value) { return value == log_format::json ? "json" : "pretty"; }
};

/// Items stand between commas, blanks around them do not count: `a, b,c`.
template <class T>
struct config_codec<std::vector<T>> {
  static std::optional<std::vector<T>> parse(std::string_view text) {
    std::vector<T> all;
    for (const std::string_view item : detail::split_list(text)) {
      auto parsed = config_codec<T>::parse(item);
      if (item.empty() || !parsed) return std::nullopt;
      all.push_back(*std::move(parsed));
    }
    return all;
  }
  static std::string accepted() { return "a list with commas between, of each item " + config_codec<T>::accepted(); }
  static std::string print(const std::vector<T>& value) {
    std::string text;
    for (const T& item : value) text += (text.empty() ? "" : ",") + config_codec<T>::print(item);
    return text;
  }
};

}  // namespace nestcpp
