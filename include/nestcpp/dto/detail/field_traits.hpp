#pragma once
// What a field's rules and options come to, worked out when the program is compiled.

#include <nestcpp/dto/detail/rule_traits.hpp>
#include <nestcpp/dto/field.hpp>
#include <nestcpp/dto/inherited_fields.hpp>
#include <nestcpp/dto/rules/options.hpp>
#include <nestcpp/dto/rules/transform.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>

namespace nestcpp::detail {

template <class R>
inline constexpr bool allows_missing = requires { requires R::may_be_missing; };
template <class R>
inline constexpr bool leaves_out_empty = requires { requires R::leaves_out_empty; };
template <class R>
inline constexpr bool reports_nested = requires { requires R::reports_nested; };
template <class R>
inline constexpr bool keeps_from_reading = requires { requires R::not_read; };
template <class R>
inline constexpr bool keeps_from_writing = requires { requires R::not_written; };
template <class R>
inline constexpr bool changes_when_written = requires(const R& option) { option.write_function; };

template <class Field>
struct field_traits;
template <auto Member, class... Rules>
struct field_traits<dto_field<Member, Rules...>> {
  using member_type = typename dto_field<Member, Rules...>::value_type;
  using value_type = without_optional_t<member_type>;
  static constexpr bool is_optional_member = is_optional_type<member_type>;
  // Neither missing nor null is looked at by rules.
  static constexpr bool optional = is_optional_member || (allows_missing<Rules> || ...);
  static constexpr bool omit_empty = is_maybe<member_type> || (is_optional_member && (leaves_out_empty<Rules> || ...));
  static constexpr bool nested_rule = (reports_nested<Rules> || ...);
  static constexpr bool has_item_rules = ((validation_rule<Rules> && is_each_rule<Rules>) || ...);
  static constexpr bool has_rules = (validation_rule<Rules> || ...);
  static constexpr bool has_metadata = (is_metadata<Rules> || ...);
  static constexpr bool conditional = (is_condition<Rules> || ...);
  static constexpr bool has_transforms = (is_transform<Rules> || ...);
  static constexpr bool is_read = !(keeps_from_reading<Rules> || ...);
  static constexpr bool is_written = !(keeps_from_writing<Rules> || ...);
};

// Whether a field with expose({.groups, .since, .until}) travels.
constexpr bool is_exposed(const expose_options& field, const group_list& groups, double version) {
  if (!field.groups.empty() && !field.groups.intersects(groups)) return false;
  if (version == 0) return true;
  return (field.since == 0 || version >= field.since) && (field.until == 0 || version < field.until);
}

// The field's exposure; all defaults where it has none.
template <class Field>
constexpr expose_options exposure_of(const Field& field) {
  expose_options found;
  std::apply(
      [&found](const auto&... rule) {
        (([&found](const auto& option) {
           if constexpr (requires { option.exposure; }) found = option.exposure;
         }(rule)),
         ...);
      },
      field.rules);
  return found;
}

}  // namespace nestcpp::detail
