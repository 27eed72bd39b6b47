#pragma once
/// @file nestcpp/dto/rules/array.hpp
/// @brief class-validator's rules for arrays as a whole; `each(rule)` is for their items.

#include <nestcpp/dto/rule_value.hpp>
#include <nestcpp/dto/rules/common.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace nestcpp::detail {

// What an item is compared with, by JavaScript's ===.
struct item_constant {
  enum class type : unsigned char { text, number, boolean } kind = type::text;
  std::string_view text{};
  double number = 0;
  bool boolean = false;

  template <class T>
  constexpr static item_constant of(const T& value) {
    item_constant made;
    if constexpr (std::same_as<T, bool>) {
      made.kind = type::boolean;
      made.boolean = value;
    } else if constexpr (std::is_arithmetic_v<T>) {
      made.kind = type::number;
      made.number = static_cast<double>(value);
    } else {
      made.text = value;
    }
    return made;
  }
};

// The array has no two items that are strictly equal: arrays and objects never are. With a property's name, that
// property of the items is compared.
[[nodiscard]] bool has_unique_items(const rule_value& array, std::string_view property);
// How many of the constants are among the array's items.
[[nodiscard]] std::size_t count_present(const rule_value& array, const item_constant* constants, std::size_t count);

template <class... Constants>
std::size_t count_present(const rule_value& array, const std::tuple<Constants...>& constants) {
  return std::apply(
      [&array](const auto&... constant) {
        const item_constant all[] = {item_constant::of(constant)...};
        return count_present(array, all, sizeof...(constant));
      },
      constants);
}

}  // namespace nestcpp::detail

namespace nestcpp::rules {

struct is_array {
  static constexpr std::string_view key = "isArray";
  static constexpr std::string_view text = "$property must be an array";
  static constexpr json_kinds kinds = kinds_of(json_kind::array);
  constexpr bool check(const rule_value& value) const { return value.is_array(); }
};

struct array_min_size {
  static constexpr std::string_view key = "arrayMinSize";
  static constexpr std::string_view text = "$property must contain at least $constraint1 elements";
  static constexpr json_kinds kinds = kinds_of(json_kind::array);
  std::size_t size;
  constexpr explicit array_min_size(std::size_t s) : size{s} {}
  constexpr bool check(const rule_value& value) const { return value.is_array() && value.size >= size; }
  constexpr auto constraints() const { return std::tuple{size}; }
};

struct array_max_size {
  static constexpr std::string_view key = "arrayMaxSize";
  static constexpr std::string_view text = "$property must contain no more than $constraint1 elements";
  static constexpr json_kinds kinds = kinds_of(json_kind::array);
  std::size_t size;
  constexpr explicit array_max_size(std::size_t s) : size{s} {}
  constexpr bool check(const rule_value& value) const { return value.is_array() && value.size <= size; }
  constexpr auto constraints() const { return std::tuple{size}; }
};

struct array_not_empty {
  static constexpr std::string_view key = "arrayNotEmpty";
  static constexpr std::string_view text = "$property should not be empty";
  static constexpr json_kinds kinds = kinds_of(json_kind::array);
  constexpr bool check(const rule_value& value) const { return value.is_array() && value.size != 0; }
};

/// No two items are strictly equal; objects and arrays are always different. `array_unique("id")`: no two items have
/// the same property `id`.
struct array_unique {
  static constexpr std::string_view key = "arrayUnique";
  static constexpr std::string_view text = "All $property's elements must be unique";
  static constexpr json_kinds kinds = kinds_of(json_kind::array);
  std::string_view property{};
  constexpr array_unique() = default;
  constexpr explicit array_unique(std::string_view p) : property{p} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_array() && detail::has_unique_items(value, property);
  }
};

/// Each of the constants is among the items: `array_contains("read", "write")`.
template <class... Constants>
struct array_contains {
  static_assert(sizeof...(Constants) > 0, "nestcpp: array_contains(…) needs at least one value");
  static constexpr std::string_view key = "arrayContains";
  static constexpr std::string_view text = "$property must contain $constraint1 values";
  static constexpr json_kinds kinds = kinds_of(json_kind::array);
  std::tuple<Constants...> constants;
  constexpr explicit array_contains(Constants... c) : constants{c...} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_array() && detail::count_present(value, constants) == sizeof...(Constants);
  }
  auto constraints() const { return std::tuple{detail::join_constraints(constants)}; }
};
template <class... T>
array_contains(T...) -> array_contains<detail::constant_t<T>...>;

/// None of the constants is among the items.
template <class... Constants>
struct array_not_contains {
  static_assert(sizeof...(Constants) > 0, "nestcpp: array_not_contains(…) needs at least one value");
  static constexpr std::string_view key = "arrayNotContains";
  static constexpr std::string_view text = "$property should not contain $constraint1 values";
  static constexpr json_kinds kinds = kinds_of(json_kind::array);
  std::tuple<Constants...> constants;
  constexpr explicit array_not_contains(Constants... c) : constants{c...} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_array() && detail::count_present(value, constants) == 0;
  }
  auto constraints() const { return std::tuple{detail::join_constraints(constants)}; }
};
template <class... T>
array_not_contains(T...) -> array_not_contains<detail::constant_t<T>...>;

}  // namespace nestcpp::rules
