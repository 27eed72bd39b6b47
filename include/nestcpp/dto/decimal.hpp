#pragma once
/// @file nestcpp/dto/decimal.hpp
/// @brief Decimal numbers kept as the text they came as.

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

/// A decimal number of any size and precision, as text: money and measurements that must not pass through a double.
/// There is no arithmetic; hand `text()` to what calculates. In JSON it is read from a string (`"12.50"`) or a number
/// (`12.50`), in both cases digit by digit, and written as a string.
class decimal {
 public:
  decimal() = default;  ///< "0"

  /// An optional sign, digits with an optional fraction, an optional exponent: `-12.50`, `1e-3`. Nullopt for any other
  /// text, and for exponents beyond ±1,000,000.
  [[nodiscard]] static std::optional<decimal> parse(std::string_view text);

  /// As it was given.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The nearest double.
  [[nodiscard]] double to_double() const noexcept;

  /// By value: 1.5 equals 1.50, and -0 equals 0.
  friend bool operator==(const decimal& a, const decimal& b) noexcept { return (a <=> b) == 0; }
  friend std::weak_ordering operator<=>(const decimal& a, const decimal& b) noexcept;

 private:
  std::string text_ = "0";
};

}  // namespace nestcpp
