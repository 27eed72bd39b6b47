#pragma once
/// @file nestcpp/core/uuid.hpp
/// @brief UUIDs (RFC 9562): random and time-ordered ones, and reading them as class-validator's `IsUUID` does.

#include <fmt/format.h>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

/// 16 bytes in the order of the text; comparison follows the text's order.
class uuid {
 public:
  static constexpr std::size_t text_size = 36;

  /// The nil UUID.
  constexpr uuid() = default;
  constexpr explicit uuid(const std::array<std::uint8_t, 16>& bytes) : bytes_{bytes} {}

  /// Random, from the operating system's generator.
  /// @par Thread safety Safe, without a lock.
  /// @par Exceptions `std::system_error` where the operating system has no random numbers to give.
  [[nodiscard]] static uuid v4();
  /// Time-ordered: those of one process strictly ascend, which keeps a database's primary key index compact.
  /// @par Thread safety Safe, without a lock.
  /// @par Exceptions As `v4()`.
  [[nodiscard]] static uuid v7();

  /// `8-4-4-4-12` hexadecimal digits in any case, of version 1 to 8 and RFC variant, or nil, or all ones; nullopt
  /// otherwise.
  [[nodiscard]] static std::optional<uuid> parse(std::string_view text) noexcept;

  /// Lower case, 36 characters.
  [[nodiscard]] std::string to_string() const;
  void append_to(std::string& out) const;

  [[nodiscard]] constexpr const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  [[nodiscard]] constexpr bool is_nil() const { return *this == uuid{}; }
  [[nodiscard]] constexpr int version() const { return bytes_[6] >> 4U; }

  friend constexpr bool operator==(const uuid&, const uuid&) = default;
  friend constexpr auto operator<=>(const uuid&, const uuid&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace nestcpp

template <>
struct std::hash<nestcpp::uuid> {
  std::size_t operator()(const nestcpp::uuid& id) const noexcept {
    std::uint64_t halves[2];  // time-ordered ones differ in the first half, all differ in the second
    std::memcpy(halves, id.bytes().data(), sizeof halves);
    return static_cast<std::size_t>(halves[0] * 0x9E37'79B9'7F4A'7C15ULL ^ halves[1]);
  }
};

template <>
struct fmt::formatter<nestcpp::uuid> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const nestcpp::uuid& id, Context& context) const {
    return fmt::formatter<fmt::string_view>::format(id.to_string(), context);
  }
};
