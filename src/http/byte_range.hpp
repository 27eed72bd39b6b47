#pragma once
// The request header `Range` (RFC 9110, 14.2).

#include <cstdint>
#include <string_view>

namespace nestcpp::detail {

struct byte_range {
  enum class kind : std::uint8_t {
    whole,          ///< none, malformed, of another unit, or several: the whole is sent
    part,           ///< `count` bytes from `first` on
    unsatisfiable,  ///< nothing of it is there
  };
  kind what = kind::whole;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// @param size of the whole, in bytes
[[nodiscard]] byte_range parse_range(std::string_view header, std::uint64_t size) noexcept;

}  // namespace nestcpp::detail
