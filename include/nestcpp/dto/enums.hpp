#pragma once
/// @file nestcpp/dto/enums.hpp
/// @brief Enumerations that travel by name, described with `NEST_ENUM`.

#include <nestcpp/core/tag.hpp>

#include <array>
#include <cstddef>
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

/// An enumeration with a `NEST_ENUM`, or a hand-written `nest_describe_enum(nestcpp::tag<E>)` that returns a
/// `std::array<nestcpp::enum_entry<E>, N>`.
template <class T>
concept described_enum = std::is_enum_v<T> && requires { nest_describe_enum(tag<T>{}); };

namespace detail {
template <described_enum Enum>
inline constexpr auto enum_entries = nest_describe_enum(tag<Enum>{});
}

/// The text of a value; empty for one that was not described.
template <described_enum Enum>
[[nodiscard]] constexpr std::string_view enum_name(Enum value) {
  for (const auto& entry : detail::enum_entries<Enum>) {
    if (entry.value == value) return entry.name;
  }
  return {};
}

/// The value of a text; nullopt for any other text.
template <described_enum Enum>
[[nodiscard]] constexpr std::optional<Enum> parse_enum(std::string_view name) {
  for (const auto& entry : detail::enum_entries<Enum>) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}

/// All texts, joined by ", ", in the order of the description.
template <described_enum Enum>
[[nodiscard]] std::string enum_names() {
  std::string all;
  for (const auto& entry : detail::enum_entries<Enum>) {
    if (!all.empty()) all += ", ";
    all += entry.name;
  }
  return all;
}

}  // namespace nestcpp
