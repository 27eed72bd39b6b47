#pragma once
/// @file nestcpp/dto/field.hpp
/// @brief How a type becomes a DTO: its fields, each with its name, rules and options.

#include <nestcpp/core/tag.hpp>
#include <nestcpp/dto/detail/rule_traits.hpp>
#include <nestcpp/dto/detail/type_kinds.hpp>

#include <string_view>
#include <tuple>
#include <type_traits>

namespace nestcpp {

/// One field of a DTO. Made by `NEST_FIELD`, or by `make_field`.
template <auto Member, class... Rules>
struct dto_field {
  static constexpr auto member = Member;
  using owner_type = typename detail::member_pointer<decltype(Member)>::owner;
  using value_type = typename detail::member_pointer<decltype(Member)>::value;

  std::string_view name;  ///< The property's name in C++ and in messages; in JSON too, unless `json_name` says another.
  std::tuple<Rules...> rules;
};

namespace detail {

template <class Rule, auto Member>
consteval bool check_rule() {
  using value = typename member_pointer<decltype(Member)>::value;
  static_assert(
      validation_rule<Rule> || field_option<Rule>,
      "nestcpp: what follows the name in NEST_FIELD(name, …) must be rules such as is_string() or options such as "
      "json_name(\"…\"); a rule of your own needs key, text, kinds and check(const rule_value&) const");
  if constexpr (validation_rule<Rule>) {
    if constexpr (is_each_rule<Rule>) {
      static_assert(is_item_container<value>,
                    "nestcpp: each(…) is for arrays; give the rule itself to a field that is no std::vector or map");
      if constexpr (is_item_container<value>) {
        static_assert(
            (Rule::kinds & type_kinds<item_type<value>>) != 0,
            "nestcpp: the rule in each(…) does not fit the type of the member's items; see the rule and the member "
            "in check_rule<rule, &Dto::member> below");
      }
    } else {
      static_assert(
          (Rule::kinds & type_kinds<value>) != 0,
          "nestcpp: a rule does not fit the member's type (say each(rule) for a rule on the items of an array); "
          "see the rule and the member in check_rule<rule, &Dto::member> below");
    }
  }
  return true;
}

}  // namespace detail

/// Describes a field without a macro: `make_field<&UserDto::email>("email", rules::is_email())`.
template <auto Member, class... Rules>
constexpr dto_field<Member, Rules...> make_field(std::string_view name, Rules... rules) {
  static_assert(std::is_member_object_pointer_v<decltype(Member)>, "nestcpp: a DTO's field must be a data member");
  static_assert((detail::check_rule<Rules, Member>() && ...));
  return {name, std::tuple<Rules...>{rules...}};
}

/// A type with a `NEST_DTO`, or with a hand-written `constexpr auto nest_describe_dto(nestcpp::tag<T>)` in its
/// namespace that returns a `std::tuple` of fields. The description must stand before the type's first use as a DTO.
template <class T>
concept dto = std::is_class_v<T> && requires { nest_describe_dto(tag<T>{}); };

/// The name a field has in JSON: `json_name`'s, else the field's own.
template <class Field>
constexpr std::string_view json_name_of(const Field& field) {
  std::string_view name = field.name;
  std::apply(
      [&name](const auto&... rule) {
        (([&name](const auto& option) {
           if constexpr (requires { option.json_name_value; }) name = option.json_name_value;
         }(rule)),
         ...);
      },
      field.rules);
  return name;
}

/// Calls `visit` with every field of a DTO in the order of declaration, for example to make a schema.
template <dto T, class F>
constexpr void for_each_field(F visit) {
  std::apply([&visit](const auto&... field) { (visit(field), ...); }, nest_describe_dto(tag<T>{}));
}

}  // namespace nestcpp
