#pragma once
/// @file nestcpp/dto/rules/options.hpp
/// @brief What stands among a field's rules without being one, and what wraps a rule.

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
  static constexpr bool may_be_missing = true;
};

/// NestJS's `@ValidateNested()`. DTO members are validated without it; with it, `nested property x must be either
/// object or array` stands beside what other rules say of a value that is neither.
struct validate_nested {
  static constexpr bool is_field_option = true;
  static constexpr bool reports_nested = true;
};

/// The rule holds for every item of an array (NestJS's `{each: true}`); texts get `each value in ` in front.
template <class Rule>
struct each : Rule {
  static constexpr bool for_each_item = true;
  constexpr explicit each(Rule rule) : Rule{rule} {}
};

/// Another text for a rule: `with_message(min_length(8), "$property is too short, give $constraint1 characters")`.
/// `$value` is not replaced: what was sent never stands in a message.
template <class Rule>
struct with_message : Rule {
  std::string_view custom_text;
  constexpr with_message(Rule rule, std::string_view text) : Rule{rule}, custom_text{text} {}
};

}  // namespace nestcpp::rules
