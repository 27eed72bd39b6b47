#pragma once
/// @file nestcpp/dto/field.hpp
/// @brief How a type becomes a DTO: its fields, each with its name, rules and options.

#include <nestcpp/core/tag.hpp>
#include <nestcpp/dto/detail/field_checks.hpp>
#include <nestcpp/dto/detail/type_kinds.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// One field of a DTO. Made by `NEST_FIELD`, or by `make_field`.
template <auto Member, class... Rules>
struct dto_field {
  static constexpr auto member = Member;
  using owner_type = typename detail::member_pointer<decltype(Member)>::owner;
  using value_type = typename detail::member_pointer<decltype(Member)>::value;

  std::string_view name;  ///< The property's name in C++ and in messages; in JSON too, unless `json_name` says another.
  std::tuple<Rules...> rules;
  std::string_view styled_name{};  ///< The name that the DTO's naming strategy has made; empty: there is none.
};

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

/// The name a field has in JSON: `json_name`'s or `expose`'s, else the DTO's naming strategy's, else the field's own.
template <class Field>
constexpr std::string_view json_name_of(const Field& field) {
  std::string_view name = field.styled_name.empty() ? field.name : field.styled_name;
  std::apply(
      [&name](const auto&... rule) {
        (([&name](const auto& option) {
           if constexpr (requires { option.json_name_value; }) {
             name = option.json_name_value;
           } else if constexpr (requires { option.exposure; }) {
             if (!option.exposure.name.empty()) name = option.exposure.name;
           }
         }(rule)),
         ...);
      },
      field.rules);
  return name;
}

}  // namespace nestcpp
