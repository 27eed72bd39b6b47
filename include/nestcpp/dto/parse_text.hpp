#pragma once
/// @file nestcpp/dto/parse_text.hpp
/// @brief Single values from plain text: path, query and header parameters, configuration.

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/core/uuid.hpp>
#include <nestcpp/dto/detail/type_kinds.hpp>
#include <nestcpp/dto/enums.hpp>
#include <nestcpp/dto/json_codec.hpp>

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace nestcpp {

/// What all functions below do: the whole text becomes the value, or false is given and `out` is left alone. No white
/// space, no plus sign. Numbers are decimal and finite; `bool` is `true` or `false`; enumerations go by their texts.
template <std::integral T>
  requires detail::json_integer<T>
[[nodiscard]] bool parse_text(std::string_view text, T& out) noexcept {
  T value{};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size()) return false;
  out = value;
  return true;
}

[[nodiscard]] bool parse_text(std::string_view text, double& out) noexcept;
[[nodiscard]] bool parse_text(std::string_view text, float& out) noexcept;
[[nodiscard]] bool parse_text(std::string_view text, bool& out) noexcept;
[[nodiscard]] inline bool parse_text(std::string_view text, std::string& out) {
  out = text;
  return true;
}
[[nodiscard]] bool parse_text(std::string_view text, uuid& out) noexcept;
[[nodiscard]] bool parse_text(std::string_view text, timestamp& out);

template <described_enum T>
[[nodiscard]] bool parse_text(std::string_view text, T& out) noexcept {
  const auto value = parse_enum<T>(text);
  if (value) out = *value;
  return value.has_value();
}

/// Types with a `json_codec` that has a `parse_text`.
template <class T>
  requires requires(std::string_view text, T& out) {
    { json_codec<T>::parse_text(text, out) } -> std::same_as<bool>;
  }
[[nodiscard]] bool parse_text(std::string_view text, T& out) {
  return json_codec<T>::parse_text(text, out);
}

template <class T>
[[nodiscard]] bool parse_text(std::string_view text, std::optional<T>& out) {
  T value{};
  if (!parse_text(text, value)) return false;
  out = std::move(value);
  return true;
}

/// Whether a type can be made from plain text.
template <class T>
concept text_parsable = requires(std::string_view text, T& out) {
  { parse_text(text, out) } -> std::same_as<bool>;
};

}  // namespace nestcpp
