#pragma once
/// @file nestcpp/module/detail/type_id.hpp
/// @brief Types as keys of the container, with their names.

#include <nestcpp/core/type_name.hpp>

#include <string_view>

namespace nestcpp::detail {

struct type_descriptor {
  std::string_view name;
};

template <class T>
inline constexpr type_descriptor type_descriptor_of{type_name<T>()};

/// Equal for equal types.
using type_id = const type_descriptor*;

template <class T>
inline constexpr type_id type_id_of = &type_descriptor_of<T>;

}  // namespace nestcpp::detail
