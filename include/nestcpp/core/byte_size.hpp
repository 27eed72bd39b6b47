#pragma once
/// @file nestcpp/core/byte_size.hpp
/// @brief A number of bytes that is written with a unit: `10MiB`.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

struct byte_size {
  std::uint64_t bytes = 0;

  /// Digits, then nothing or one of `B`, `KiB`, `MiB`, `GiB`, `TiB` (powers of 1024), `kB`, `KB`, `MB`, `GB`, `TB`
  /// (powers of 1000), after a blank or not, in any case; nullopt for anything else and for what does not fit.
  [[nodiscard]] static std::optional<byte_size> parse(std::string_view text);
  /// With the largest power of 1024 that leaves a whole number: "10MiB", "1500B".
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const byte_size&, const byte_size&) = default;
};

}  // namespace nestcpp
