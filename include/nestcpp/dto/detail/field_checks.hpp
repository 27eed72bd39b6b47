#pragma once
// What NEST_FIELD refuses, with words that say what to write.

#include <nestcpp/dto/detail/rule_traits.hpp>
#include <nestcpp/dto/detail/type_kinds.hpp>
#include <nestcpp/dto/rules/modifiers.hpp>

#include <type_traits>

namespace nestcpp::detail {

template <class Rule, class Value, unsigned Levels>
consteval void check_kinds() {
  if constexpr (Levels == 0) {
    static_assert(
        (Rule::kinds & type_kinds<Value>) != 0,
        "nestcpp: a rule does not fit the member's type (say each(rule) for a rule on the items of an array); "
        "see the rule and the member in check_rule<rule, &Dto::member> below");
  } else {
    static_assert(is_item_container<Value>,
                  "nestcpp: each(…) is for arrays; give the rule itself to a field that is no std::vector or map");
    if constexpr (is_item_container<Value>) {
      if constexpr (Levels == 1) {
        static_assert((Rule::kinds & type_kinds<item_type<Value>>) != 0,
                      "nestcpp: the rule in each(…) does not fit the type of the member's items; see the rule and the "
                      "member in check_rule<rule, &Dto::member> below");
      } else {
        check_kinds<Rule, item_type<Value>, Levels - 1>();
      }
    }
  }
}

template <class Option, class Value, unsigned Levels>
consteval bool can_transform() {
  using value = without_optional_t<Value>;
  if constexpr (Levels == 0) {
    return requires(const Option& option, value& v) { option.apply(v); } ||
           requires(const Option& option, Value& v) { option.apply(v); };
  } else if constexpr (is_item_container<value>) {
    return can_transform<Option, item_type<value>, Levels - 1>();
  } else {
    return false;
  }
}

template <class Rule, auto Member>
consteval bool check_rule() {
  using owner = typename member_pointer<decltype(Member)>::owner;
  using value = typename member_pointer<decltype(Member)>::value;
  static_assert(
      validation_rule<Rule> || field_option<Rule>,
      "nestcpp: what follows the name in NEST_FIELD(name, …) must be rules such as is_string() or options such as "
      "json_name(\"…\"); a rule of your own needs key, text, kinds and check(const rule_value&) const");
  if constexpr (validation_rule<Rule>) check_kinds<Rule, value, each_depth<Rule>>();
  if constexpr (is_condition<Rule>) {
    // A member of a base class may be told from by the class that is described, so the owner may be a base of it.
    using predicate = decltype(Rule::predicate);
    static_assert(std::is_invocable_r_v<bool, const predicate&, const owner&> || takes_other_class<predicate>,
                  "nestcpp: validate_if(function): the function is bool(const Dto&), of the DTO that holds the member");
  }
  if constexpr (is_transform<Rule>) {
    static_assert(can_transform<Rule, value, each_depth<Rule>>(),
                  "nestcpp: a transformation does not fit the member: trim() and its likes are for std::string, a "
                  "function of transform(…) takes the member's value; for the items of an array say each(…)");
  }
  if constexpr (requires { Rule::write_function; }) {
    static_assert(std::is_invocable_v<const decltype(Rule::write_function)&, const value&>,
                  "nestcpp: transform_on_write(function): the function takes the member's value and returns what is "
                  "written");
  }
  return true;
}

}  // namespace nestcpp::detail
