#pragma once
// What the rules for formats of text have in common.

#include <nestcpp/dto/rule_value.hpp>

#include <string_view>

namespace nestcpp::detail {

/// A rule for strings that a function decides.
template <bool (*Format)(std::string_view)>
struct text_rule {
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  constexpr bool check(const rule_value& value) const { return value.is_string() && Format(value.text); }
};

}  // namespace nestcpp::detail
