#pragma once
// Digests, by OpenSSL.

#include <array>
#include <cstdint>
#include <string_view>

namespace nestcpp::detail {

[[nodiscard]] std::array<std::uint8_t, 20> sha1(std::string_view text) noexcept;

}  // namespace nestcpp::detail
