#pragma once
// What the reader asks of rules and field options.

#include <nestcpp/dto/rule_value.hpp>
#include <nestcpp/dto/rules/modifiers.hpp>
#include <nestcpp/dto/validation_options.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

namespace nestcpp::detail {

template <class R>
concept field_option = requires { requires R::is_field_option; };

template <class R>
concept typed_rule = requires(const R& rule, const rule_value& value) {
  { rule.template check_for<int>(value) } -> std::convertible_to<bool>;
};

template <class R>
concept validation_rule = !field_option<R> && requires(const R& rule, const rule_value& value) {
  { rule.key } -> std::convertible_to<std::string_view>;
  { R::kinds } -> std::convertible_to<json_kinds>;
  requires typed_rule<R> || requires {
    { rule.check(value) } -> std::convertible_to<bool>;
  };
};

// 0: a rule on the value itself.
template <class R>
inline constexpr unsigned each_depth = each_depth_of<R>();
template <class R>
inline constexpr bool is_each_rule = each_depth<R> != 0;

// IsDefined: before all others, and in force where missing values are skipped.
template <class R>
inline constexpr bool runs_first = requires { requires R::runs_first; };

template <class R>
inline constexpr bool is_condition = requires { requires R::is_condition; };
template <class R>
inline constexpr bool is_transform = requires { requires R::is_transform; };
// class-validator keeps it as metadata: a property with some, none of which is in force, is not whitelisted.
template <class R>
inline constexpr bool is_metadata = validation_rule<R> || requires { requires R::is_metadata; };

// A predicate of a class that derives from the member's: checked where the DTO is put together.
template <class Predicate>
inline constexpr bool takes_other_class = std::is_class_v<typename predicate_parameter<Predicate>::type>;

// Value is the member's type without optional, or that of its items for each(…).
template <class Value, class R>
constexpr bool passes(const R& rule, const rule_value& value) {
  if constexpr (typed_rule<R>) {
    return rule.template check_for<Value>(value);
  } else {
    return rule.check(value);
  }
}

// class-validator's choice by groups, of rules and options alike.
template <class R>
constexpr bool in_force(const R& rule, const validation_options& options) {
  if constexpr (requires { requires R::is_always; }) {
    return true;
  } else if constexpr (requires { rule.groups; }) {
    return options.groups.empty() ? !options.strict_groups : rule.groups.intersects(options.groups);
  } else {
    return options.always || options.groups.empty();
  }
}

}  // namespace nestcpp::detail
