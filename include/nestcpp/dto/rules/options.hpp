#pragma once
/// @file nestcpp/dto/rules/options.hpp
/// @brief What stands among a field's rules without being one.

#include <nestcpp/dto/rule_value.hpp>

#include <string_view>

namespace nestcpp::rules {

/// The property's name in JSON where it differs from the member's: `json_name("e_mail")`. Messages use it too.
struct json_name {
  static constexpr bool is_field_option = true;
  std::string_view json_name_value;
  constexpr explicit json_name(std::string_view name) : json_name_value{name} {}
};

/// An empty optional is left out when writing. Default: it is written as null.
struct omit_empty {
  static constexpr bool is_field_option = true;
  static constexpr bool leaves_out_empty = true;
};

/// NestJS's `@IsOptional()`: missing or null, the member keeps its initialiser and no rule applies. `std::optional`
/// members are so by nature.
struct is_optional {
  static constexpr bool is_field_option = true;
  static constexpr bool is_metadata = true;
  static constexpr bool may_be_missing = true;
};

/// NestJS's `@ValidateNested()`. DTO members are validated without it; with it, `nested property x must be either
/// object or array` stands beside what other rules say of a value that is neither.
struct validate_nested {
  static constexpr bool is_field_option = true;
  static constexpr bool is_metadata = true;
  static constexpr bool reports_nested = true;
};

/// NestJS's `@Allow()`: no rule. It matters with `validation_options::groups` only, where a property without a rule in
/// force is none that the DTO has; `with_groups(allow(), "admin")` lets it pass for a group.
struct allow {
  static constexpr bool is_field_option = true;
  static constexpr bool is_metadata = true;
};

}  // namespace nestcpp::rules
