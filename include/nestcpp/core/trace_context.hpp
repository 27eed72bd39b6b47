#pragma once
/// @file nestcpp/core/trace_context.hpp
/// @brief Where a call stands in a distributed trace: W3C Trace Context's `traceparent`.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

/// `00-<trace id>-<parent id>-<flags>` as a value; https://www.w3.org/TR/trace-context/.
struct trace_context {
  std::array<std::uint8_t, 16> trace_id{};  ///< Not all zero.
  std::array<std::uint8_t, 8> parent_id{};  ///< The span that made the call; not all zero.
  std::uint8_t flags = 0;                   ///< Bit 0: sampled.

  [[nodiscard]] bool sampled() const noexcept { return (flags & 1U) != 0; }
  /// 32 and 16 hexadecimal digits, lower case.
  [[nodiscard]] std::string trace_id_text() const;
  [[nodiscard]] std::string parent_id_text() const;
  /// The header's text, version 00.
  [[nodiscard]] std::string to_string() const;

  /// Of a version above 00 the known part is read, as the specification asks; nullopt: malformed.
  [[nodiscard]] static std::optional<trace_context> parse(std::string_view traceparent) noexcept;

  friend bool operator==(const trace_context&, const trace_context&) = default;
};

}  // namespace nestcpp
