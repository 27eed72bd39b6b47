#pragma once
/// @file nestcpp/core/tag.hpp
/// @brief An empty value that stands for a type in an argument list; descriptions of a type are found through it by
/// ADL.

namespace nestcpp {

template <class T>
struct tag {
  using type = T;
};

}  // namespace nestcpp
