#pragma once
/// @file nestcpp/dto/rules/array.hpp
/// @brief class-validator's rules for arrays as a whole; `each(rule)` is for their items.

#include <nestcpp/dto/rule_value.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>

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

}  // namespace nestcpp::rules
