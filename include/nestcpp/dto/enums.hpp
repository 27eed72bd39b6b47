#pragma once
/// @file nestcpp/dto/enums.hpp
/// @brief Enumerations that travel by name, described with `NEST_ENUM`.

#include <nestcpp/core/tag.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace nestcpp {

/// One value of an enumeration and the text it travels as.
template <class Enum>
struct enum_entry {
  Enum value;
  std::string_view name;
};

/// One value of an enumeration and the number it travels as.
template <class Enum>
struct enum_number {
  Enum value;
  std::int64_t number;
};

/// For the macros: an entry by the kind of what the value travels as.
template <class Enum>
[[nodiscard]] constexpr enum_entry<Enum> make_enum_entry(Enum value, std::string_view name) {
  return {value, name};
}
template <class Enum, std::integral Number>
[[nodiscard]] constexpr enum_number<Enum> make_enum_entry(Enum value, Number number) {
  return {value, static_cast<std::int64_t>(number)};
}

/// An enumeration with a `NEST_ENUM`, or a hand-written `nest_describe_enum(nestcpp::tag<E>)` that returns a
/// `std::array<nestcpp::enum_entry<E>, N>`.
template <class T>
concept described_enum = std::is_enum_v<T> && requires { nest_describe_enum(tag<T>{}); };

namespace detail {
template <described_enum Enum>
inline constexpr auto enum_entries = nest_describe_enum(tag<Enum>{});

template <class Enum>
constexpr std::optional<Enum> find_enum(std::string_view name) {
  for (const auto& entry : enum_entries<Enum>) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}
}  // namespace detail

/// One that travels by numbers: `NEST_ENUM_AS(Level, (low, 1), (high, 2))`, as TypeScript's numeric enums do.
template <class T>
concept numbered_enum = described_enum<T> && requires { detail::enum_entries<T>[0].number; };

/// The number of a value; 0 for one that was not described.
template <numbered_enum Enum>
[[nodiscard]] constexpr std::int64_t enum_number_of(Enum value) {
  for (const auto& entry : detail::enum_entries<Enum>) {
    if (entry.value == value) return entry.number;
  }
  return 0;
}

/// The value of a number; nullopt for any other.
template <numbered_enum Enum>
[[nodiscard]] constexpr std::optional<Enum> enum_of_number(std::int64_t number) {
  for (const auto& entry : detail::enum_entries<Enum>) {
    if (entry.number == number) return entry.value;
  }
  return std::nullopt;
}

/// The text of a value; empty for one that was not described.
template <described_enum Enum>
  requires(!numbered_enum<Enum>)
[[nodiscard]] constexpr std::string_view enum_name(Enum value) {
  for (const auto& entry : detail::enum_entries<Enum>) {
    if (entry.value == value) return entry.name;
  }
  return {};
}

/// The value of a text, of a numbered enumeration that of its digits; nullopt for any other text.
template <described_enum Enum>
[[nodiscard]] constexpr std::optional<Enum> parse_enum(std::string_view name) {
  if constexpr (numbered_enum<Enum>) {
    for (const auto& entry : detail::enum_entries<Enum>) {
      if (std::to_string(entry.number) == name) return entry.value;
    }
    return std::nullopt;
  } else {
    return detail::find_enum<Enum>(name);
  }
}

/// All texts or numbers, joined by ", ", in the order of the description.
template <described_enum Enum>
[[nodiscard]] std::string enum_names() {
  std::string all;
  for (const auto& entry : detail::enum_entries<Enum>) {
    if (!all.empty()) all += ", ";
    if constexpr (numbered_enum<Enum>) {
      all += std::to_string(entry.number);
    } else {
      all += entry.name;
    }
  }
  return all;
}

}  // namespace nestcpp
