#pragma once
/// @file nestcpp/dto/serialize_options.hpp
/// @brief What is written of a DTO: NestJS's `@SerializeOptions`.

#include <nestcpp/dto/group_list.hpp>

namespace nestcpp {

struct serialize_options {
  /// Fields with `expose({.groups = …})` are written only where they share a group with these.
  group_list groups{};
  /// Fields with `expose({.since = …, .until = …})` are written only where the version fits; 0: versions do not matter.
  double version = 0;
};

inline constexpr serialize_options default_serialize_options{};

}  // namespace nestcpp
