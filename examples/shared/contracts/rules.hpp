#pragma once
/// A validation rule of our own, beside those of the library.

#include "shared/nest.hpp"

#include <nestcpp/dto/rule_value.hpp>

#include <string_view>

namespace contracts {

/// Databases cannot store U+0000 in a text.
struct has_no_nul {
  static constexpr std::string_view key = "hasNoNul";
  static constexpr std::string_view text = "$property must not contain NUL characters";
  static constexpr nest::json_kinds kinds = nest::kinds_of(nest::json_kind::string);
  constexpr bool check(const nest::rule_value& value) const {
    return !value.is_string() || value.text.find('\0') == std::string_view::npos;
  }
};

}  // namespace contracts
