#pragma once
/// @file nestcpp/dto/rules/common.hpp
/// @brief class-validator's rules for values of any kind.
///
/// A rule is a small struct. `key`: its constraint's name; `text`: the default message, or `text_for(value)` where it
/// depends on the value; `kinds`: the JSON kinds of members it makes sense for; `check(value)`: whether a value passes,
/// for every kind of value including missing (constexpr, as missing values are judged when the program is compiled);
/// `constraints()`: what `$constraint1…` stand for, as a tuple. To add one: write it beside its likes, and add its name
/// to `NESTCPP_DETAIL_RULE_NAMES` in nestcpp/macros.hpp.

#include <nestcpp/dto/enums.hpp>
#include <nestcpp/dto/rule_value.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace nestcpp::detail {

// JavaScript's === with a constant.
template <class Constant>
constexpr bool strictly_equal(const rule_value& value, const Constant& constant) {
  if constexpr (std::same_as<Constant, bool>) {
    return value.kind == json_kind::boolean && value.boolean == constant;
  } else if constexpr (std::is_arithmetic_v<Constant>) {
    return value.is_number() && value.number == static_cast<double>(constant);
  } else {
    return value.is_string() && value.text == constant;
  }
}

// A text, or a number of an enumeration that travels by them.
template <described_enum Enum>
constexpr bool holds_enum(const rule_value& value) {
  if constexpr (numbered_enum<Enum>) {
    const bool whole = value.is_number() && value.number >= -9.2e18 && value.number <= 9.2e18 &&
                       static_cast<double>(static_cast<std::int64_t>(value.number)) == value.number;
    return whole && enum_of_number<Enum>(static_cast<std::int64_t>(value.number)).has_value();
  } else {
    return value.is_string() && parse_enum<Enum>(value.text).has_value();
  }
}

// Literals are kept as views.
template <class T>
using constant_t = std::conditional_t<std::is_convertible_v<T, std::string_view>, std::string_view, T>;

void append_constraint(std::string& out, bool value);
void append_constraint(std::string& out, double value);
void append_constraint(std::string& out, std::string_view value);
template <std::integral T>
  requires(!std::same_as<T, bool>)
void append_constraint(std::string& out, T value) {
  out += std::to_string(value);
}

template <class... T>
std::string join_constraints(const std::tuple<T...>& values) {
  std::string all;
  std::apply([&all](const auto&... value) { ((all += all.empty() ? "" : ", ", append_constraint(all, value)), ...); },
             values);
  return all;
}

}  // namespace nestcpp::detail

namespace nestcpp::rules {

struct is_defined {
  static constexpr std::string_view key = "isDefined";
  static constexpr std::string_view text = "$property should not be null or undefined";
  static constexpr json_kinds kinds = any_kind;
  static constexpr bool runs_first = true;
  constexpr bool check(const rule_value& value) const { return !value.is_nullish(); }
};

/// Not "", null or missing; 0, false, [] and {} pass.
struct is_not_empty {
  static constexpr std::string_view key = "isNotEmpty";
  static constexpr std::string_view text = "$property should not be empty";
  static constexpr json_kinds kinds = any_kind;
  constexpr bool check(const rule_value& value) const {
    return !value.is_nullish() && !(value.is_string() && value.text.empty());
  }
};

/// "", null or missing.
struct is_empty {
  static constexpr std::string_view key = "isEmpty";
  static constexpr std::string_view text = "$property must be empty";
  static constexpr json_kinds kinds = any_kind;
  constexpr bool check(const rule_value& value) const {
    return value.is_nullish() || (value.is_string() && value.text.empty());
  }
};

/// Equal as by JavaScript's `===`.
template <class Constant>
struct equals {
  static constexpr std::string_view key = "equals";
  static constexpr std::string_view text = "$property must be equal to $constraint1";
  static constexpr json_kinds kinds = any_kind;
  Constant constant;
  constexpr explicit equals(Constant c) : constant{c} {}
  constexpr bool check(const rule_value& value) const { return detail::strictly_equal(value, constant); }
  constexpr auto constraints() const { return std::tuple{constant}; }
};
template <class T>
equals(T) -> equals<detail::constant_t<T>>;

template <class Constant>
struct not_equals {
  static constexpr std::string_view key = "notEquals";
  static constexpr std::string_view text = "$property should not be equal to $constraint1";
  static constexpr json_kinds kinds = any_kind;
  Constant constant;
  constexpr explicit not_equals(Constant c) : constant{c} {}
  constexpr bool check(const rule_value& value) const { return !detail::strictly_equal(value, constant); }
  constexpr auto constraints() const { return std::tuple{constant}; }
};
template <class T>
not_equals(T) -> not_equals<detail::constant_t<T>>;

/// One of the given constants: `is_in("a", "b")`.
template <class... Constants>
struct is_in {
  static constexpr std::string_view key = "isIn";
  static constexpr std::string_view text = "$property must be one of the following values: $constraint1";
  static constexpr json_kinds kinds = any_kind;
  std::tuple<Constants...> constants;
  constexpr explicit is_in(Constants... c) : constants{c...} {}
  constexpr bool check(const rule_value& value) const {
    return std::apply([&value](const auto&... c) { return (detail::strictly_equal(value, c) || ...); }, constants);
  }
  auto constraints() const { return std::tuple{detail::join_constraints(constants)}; }
};
template <class... T>
is_in(T...) -> is_in<detail::constant_t<T>...>;

template <class... Constants>
struct is_not_in {
  static constexpr std::string_view key = "isNotIn";
  static constexpr std::string_view text = "$property should not be one of the following values: $constraint1";
  static constexpr json_kinds kinds = any_kind;
  std::tuple<Constants...> constants;
  constexpr explicit is_not_in(Constants... c) : constants{c...} {}
  constexpr bool check(const rule_value& value) const {
    return std::apply([&value](const auto&... c) { return !(detail::strictly_equal(value, c) || ...); }, constants);
  }
  auto constraints() const { return std::tuple{detail::join_constraints(constants)}; }
};
template <class... T>
is_not_in(T...) -> is_not_in<detail::constant_t<T>...>;

/// One of an enumeration's texts or numbers: `is_enum()` on a member of that type, `is_enum<Status>()` on a string.
template <class Enum = void>
struct is_enum {
  static constexpr std::string_view key = "isEnum";
  static constexpr std::string_view text = "$property must be one of the following values: $constraint2";
  static constexpr json_kinds kinds = kinds_of(json_kind::string, json_kind::number);

  template <class Value>
  using enum_of = std::conditional_t<std::is_void_v<Enum>, Value, Enum>;

  template <class Value>
  constexpr bool check_for(const rule_value& value) const {
    static_assert(
        described_enum<enum_of<Value>>,
        "nestcpp: is_enum() needs a member whose type has a NEST_ENUM(…); for a string write is_enum<TheEnum>()");
    return detail::holds_enum<enum_of<Value>>(value);
  }
  template <class Value>
  auto constraints_for() const {
    // class-validator's first one is the enumeration itself, of which JavaScript prints nothing useful.
    return std::tuple{enum_names<enum_of<Value>>(), enum_names<enum_of<Value>>()};
  }
};

struct is_boolean {
  static constexpr std::string_view key = "isBoolean";
  static constexpr std::string_view text = "$property must be a boolean value";
  static constexpr json_kinds kinds = kinds_of(json_kind::boolean);
  constexpr bool check(const rule_value& value) const { return value.kind == json_kind::boolean; }
};

struct is_object {
  static constexpr std::string_view key = "isObject";
  static constexpr std::string_view text = "$property must be an object";
  static constexpr json_kinds kinds = kinds_of(json_kind::object);
  constexpr bool check(const rule_value& value) const { return value.kind == json_kind::object; }
};

/// An object with at least one property.
struct is_not_empty_object {
  static constexpr std::string_view key = "isNotEmptyObject";
  static constexpr std::string_view text = "$property must be a non-empty object";
  static constexpr json_kinds kinds = kinds_of(json_kind::object);
  constexpr bool check(const rule_value& value) const { return value.kind == json_kind::object && value.size != 0; }
};

}  // namespace nestcpp::rules
