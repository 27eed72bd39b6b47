#pragma once
/// @file nestcpp/dto/rules/modifiers.hpp
/// @brief What wraps a rule, makes rules conditional, or makes one out of a function.

#include <nestcpp/dto/group_list.hpp>
#include <nestcpp/dto/rule_value.hpp>

#include <boost/json/fwd.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// What a message is made from: class-validator's `ValidationArguments`.
/// @par Lifetime During the call only.
struct message_arguments {
  std::string_view property;
  std::string_view target_name;                 ///< the DTO's class, without namespaces
  const boost::json::value* value;              ///< the property's value; null: it is missing
  const std::vector<std::string>& constraints;  ///< what `$constraint1`… stand for
};

namespace detail {

// How many each(…) stand around a rule.
template <class Rule>
consteval unsigned each_depth_of() {
  if constexpr (requires { Rule::each_levels; }) {
    return Rule::each_levels;
  } else {
    return 0;
  }
}

// What a function of one parameter takes; void for templates and overloads.
template <class Predicate>
struct predicate_parameter {
  using type = void;
};
template <class R, class A>
struct predicate_parameter<R (*)(A)> {
  using type = std::remove_cvref_t<A>;
};
template <class R, class A>
struct predicate_parameter<R (*)(A) noexcept> : predicate_parameter<R (*)(A)> {};
template <class C, class R, class A>
struct predicate_parameter<R (C::*)(A) const> : predicate_parameter<R (*)(A)> {};
template <class C, class R, class A>
struct predicate_parameter<R (C::*)(A) const noexcept> : predicate_parameter<R (*)(A)> {};
template <class Predicate>
  requires requires { &Predicate::operator(); }
struct predicate_parameter<Predicate> : predicate_parameter<decltype(&Predicate::operator())> {};

}  // namespace detail

namespace rules {

/// The rule holds for every item of an array, set or map (NestJS's `{each: true}`); texts get `each value in ` in
/// front. `each(each(rule))`: for the items of the items.
template <class Rule>
struct each : Rule {
  static constexpr unsigned each_levels = detail::each_depth_of<Rule>() + 1;
  constexpr explicit each(Rule rule) : Rule{std::move(rule)} {}
};
template <class Rule>
each(Rule) -> each<Rule>;
template <class Rule>
each(each<Rule>) -> each<each<Rule>>;

/// Another text for a rule: `with_message(min_length(8), "$property is too short, give $constraint1 characters")`.
/// `$property`, `$constraint1`…, `$target` (the class) and `$value` (what was sent, where that is a string, a number or
/// a boolean) are replaced. A `$value` puts what a caller sent into an answer and into logs: keep it away from secrets.
/// Instead of a text, a function that makes one: `[](const nest::message_arguments& of) { return std::string{…}; }`. An
/// empty text counts as not given.
template <class Rule, class Text = std::string_view>
struct with_message : Rule {
  Text custom_text;
  constexpr with_message(Rule rule, Text text) : Rule{std::move(rule)}, custom_text{text} {
    static_assert(std::is_convertible_v<const Text&, std::string_view> ||
                      std::is_invocable_r_v<std::string, const Text&, const message_arguments&>,
                  "nestcpp: with_message(rule, text): the text is a string literal, or a function that makes one: "
                  "std::string(const nest::message_arguments&)");
  }
};
template <class Rule, class Text>
with_message(Rule, Text)
    -> with_message<Rule, std::conditional_t<std::is_convertible_v<Text, std::string_view>, std::string_view, Text>>;

/// The rule, or option such as `is_optional()`, belongs to groups (NestJS's `{groups: […]}`): `with_groups(is_email(),
/// "create", "update")`. It is in force where `validation_options::groups` names one of them or none at all.
template <class Rule>
struct with_groups : Rule {
  group_list groups;
  template <class... Name>
    requires(std::convertible_to<Name, std::string_view> && ...)
  constexpr explicit with_groups(Rule rule, Name... names) : Rule{std::move(rule)}, groups{std::string_view{names}...} {
    static_assert(sizeof...(Name) != 0, "nestcpp: with_groups(rule, \"group\", …) needs the name of a group");
  }
};
template <class Rule, class... Name>
with_groups(Rule, Name...) -> with_groups<Rule>;

/// In force whatever groups are asked for (NestJS's `{always: true}`).
template <class Rule>
struct always : Rule {
  static constexpr bool is_always = true;
  constexpr explicit always(Rule rule) : Rule{std::move(rule)} {}
};

/// NestJS's `@ValidateIf()`: the field's rules apply only where the function of the DTO gives true; it sees the other
/// members as they were read, wherever they stand in the text, and the initialisers of those that are missing or unfit.
///
///     NEST_FIELD(phone, validate_if([](const ContactDto& c) { return c.channel == Channel::sms; }), is_phone_number())
///
/// Where it gives false, nothing is said of the property; a value that the member cannot hold leaves it its
/// initialiser. Several: all must give true. The function is a lambda without captures or a plain function.
template <class Predicate>
struct validate_if {
  static constexpr bool is_field_option = true;
  static constexpr bool is_metadata = true;
  static constexpr bool is_condition = true;
  Predicate predicate;
  constexpr explicit validate_if(Predicate p) : predicate{p} {}
};

/// A rule made of a function (class-validator's `ValidateBy`): `validate_by("isEven", "$property must be even",
/// [](int value) { return value % 2 == 0; })`. The function takes what is to be judged as a number, `bool` or
/// `std::string_view`, and values of other kinds are refused unasked; or it takes a `const nest::rule_value&` and is
/// asked of everything, missing values too.
template <class Predicate>
struct validate_by {
  using parameter = typename detail::predicate_parameter<Predicate>::type;
  static constexpr bool takes_anything = std::is_invocable_r_v<bool, const Predicate&, const rule_value&>;
  static constexpr bool takes_text = !takes_anything && std::is_invocable_r_v<bool, const Predicate&, std::string_view>;
  static constexpr bool takes_bool = !takes_anything && std::is_same_v<parameter, bool>;
  static constexpr bool takes_number = !takes_anything && !takes_bool && std::is_arithmetic_v<parameter>;
  static_assert(
      takes_anything || takes_text || takes_bool || takes_number,
      "nestcpp: validate_by(key, text, function): the function is bool(std::string_view), bool(int or double), "
      "bool(bool) or bool(const nest::rule_value&)");
  static constexpr json_kinds kinds = takes_text     ? kinds_of(json_kind::string)
                                      : takes_bool   ? kinds_of(json_kind::boolean)
                                      : takes_number ? kinds_of(json_kind::number)
                                                     : any_kind;
  std::string_view key;
  std::string_view text;
  Predicate predicate;

  constexpr validate_by(std::string_view k, std::string_view t, Predicate p) : key{k}, text{t}, predicate{p} {}
  constexpr bool check(const rule_value& value) const {
    if constexpr (takes_anything) {
      return predicate(value);
    } else if constexpr (takes_text) {
      return value.is_string() && predicate(value.text);
    } else if constexpr (takes_bool) {
      return value.kind == json_kind::boolean && predicate(value.boolean);
    } else if constexpr (std::is_floating_point_v<parameter>) {
      return value.is_number() && predicate(static_cast<parameter>(value.number));
    } else {
      // A number that the parameter cannot hold is none that the function knows.
      if (!value.is_number() || !(value.number >= -9.2e18 && value.number <= 9.2e18)) return false;
      const auto whole = static_cast<std::int64_t>(value.number);
      return static_cast<double>(whole) == value.number && std::in_range<parameter>(whole) &&
             predicate(static_cast<parameter>(whole));
    }
  }
};

}  // namespace rules
}  // namespace nestcpp
