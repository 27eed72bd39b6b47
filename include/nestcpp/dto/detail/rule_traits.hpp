#pragma once
// What the reader asks of rules and field options.

#include <nestcpp/dto/rule_value.hpp>

#include <concepts>
#include <string_view>

namespace nestcpp::detail {

template <class R>
concept field_option = requires { requires R::is_field_option; };

template <class R>
concept typed_rule = requires(const R& rule, const rule_value& value) {
  { rule.template check_for<int>(value) } -> std::convertible_to<bool>;
};

template <class R>
concept validation_rule = !field_option<R> && requires(const R& rule, const rule_value& value) {
  { R::key } -> std::convertible_to<std::string_view>;
  { R::kinds } -> std::convertible_to<json_kinds>;
  requires typed_rule<R> || requires {
    { rule.check(value) } -> std::convertible_to<bool>;
  };
};

template <class R>
inline constexpr bool is_each_rule = requires { requires R::for_each_item; };

// IsDefined: before all others, and in force where missing values are skipped.
template <class R>
inline constexpr bool runs_first = requires { requires R::runs_first; };

// Value is the member's type without optional, or that of its items for each(…).
template <class Value, class R>
constexpr bool passes(const R& rule, const rule_value& value) {
  if constexpr (typed_rule<R>) {
    return rule.template check_for<Value>(value);
  } else {
    return rule.check(value);
  }
}

}  // namespace nestcpp::detail
