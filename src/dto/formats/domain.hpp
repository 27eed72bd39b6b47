#pragma once
// Domain names, as UTF-16 units.

#include <nestcpp/dto/rules/network.hpp>

#include <string_view>

namespace nestcpp::detail {

/// Letters beyond ASCII in addresses.
constexpr bool is_international(char16_t unit) {
  return (unit >= 0xa1 && unit <= 0xd7ff) || (unit >= 0xf900 && unit <= 0xfdcf) || (unit >= 0xfdf0 && unit <= 0xffef);
}

[[nodiscard]] bool is_domain(std::u16string_view domain, const rules::fqdn_options& options);

}  // namespace nestcpp::detail
