#pragma once
/// @file nestcpp/macros.hpp
/// @brief Every macro that users write.

/// Describes how a class is stored, at namespace scope beside the class: `NEST_ENTITY(User, "users", NEST_COLUMN(…), …)`.
/// See nestcpp/database/entity.hpp.
#define NEST_ENTITY(Type, table, ...)                                                              \
  [[maybe_unused]] inline auto nestcpp_describe_entity(::nestcpp::tag<Type>) {                     \
    using nestcpp_described = Type;                                                                \
    using ::nestcpp::entity_options::column_name;                                                  \
    using ::nestcpp::entity_options::primary_key;                                                  \
    return ::nestcpp::detail::describe_entity<nestcpp_described>(table, __VA_ARGS__);              \
  }                                                                                                \
  static_assert(true)

/// One column in NEST_ENTITY: the member, then its options. The column's name is the member's in snake_case.
#define NEST_COLUMN(member, ...) ::nestcpp::detail::describe_column(&nestcpp_described::member, #member __VA_OPT__(, ) __VA_ARGS__)
