#pragma once
/// @file nestcpp/database/entity.hpp
/// @brief NEST_ENTITY: which members of a class are which columns of which table.
///
/// @code
/// struct User { nest::uuid id; std::string firstName, email; bool isActive = true; nest::timestamp createdAt; };
/// NEST_ENTITY(User, "users", NEST_COLUMN(id, primary_key()),
///                            NEST_COLUMN(firstName),                  // first_name
///                            NEST_COLUMN(email),
///                            NEST_COLUMN(isActive, column_name("active")),
///                            NEST_COLUMN(createdAt));
/// @endcode
/// Members may have any type that `sql_value` and `column_value::as` know, `std::optional` of it for nullable columns.

#include <nestcpp/core/tag.hpp>
#include <nestcpp/database/result_set.hpp>
#include <nestcpp/database/sql_value.hpp>
#include <nestcpp/macros.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// What may stand behind the member in NEST_COLUMN.
namespace entity_options {

struct primary_key_option {};
/// The row's identity: what `update` looks for. Several members together make a composite key.
constexpr primary_key_option primary_key() { return {}; }

struct column_name_option {
  std::string_view name;
};
/// The column's name where it is not the member's in snake_case. @param name a literal.
constexpr column_name_option column_name(std::string_view name) { return {name}; }

}  // namespace entity_options

namespace detail {

/// "firstName" → "first_name", "userID" → "user_id", "HTTPPort" → "http_port".
[[nodiscard]] std::string snake_case(std::string_view name);

struct column_names {
  std::string name;
  bool primary = false;
  void apply(entity_options::primary_key_option) { primary = true; }
  void apply(entity_options::column_name_option option) { name = option.name; }
};

template <class T, class M, bool Primary>
struct column_description {
  static constexpr bool is_primary = Primary;
  static constexpr bool can_be_stored() { return std::is_constructible_v<sql_value, M&&>; }
  M T::* member;
  column_names names;
};

template <class T, class M, class... O>
[[nodiscard]] auto describe_column(M T::* member, std::string_view name, O... options) {
  constexpr bool primary = (std::is_same_v<O, entity_options::primary_key_option> || ...);
  column_description<T, M, primary> result{member, {snake_case(name), false}};
  (result.names.apply(options), ...);
  return result;
}

/// The SQL that is the same for every call, made once a type.
struct entity_sql {
  entity_sql(std::string_view table, std::vector<column_names> columns);

  std::string table;  // quoted, as are all names below
  std::vector<column_names> columns;
  std::string insert;
  std::string select;  // SELECT a, b FROM t
  std::string update;  // UPDATE t SET … WHERE key; values in the order others, then keys
  std::string count;   // SELECT count(*) FROM t

  /// Rows that one statement may insert, by its number of parameters.
  [[nodiscard]] std::size_t most_rows() const noexcept { return columns.size() > 30'000 ? 1 : 30'000 / columns.size(); }
  [[nodiscard]] std::string insert_rows(std::size_t count) const;
  /// @param unique quoted columns; the others are written where a row has theirs
  [[nodiscard]] std::string upsert(const std::vector<std::string>& unique) const;
};

[[noreturn]] void throw_no_column(const std::string& table);

template <class T, class... C>
struct entity_description {
  static constexpr bool has_primary_key = (C::is_primary || ...);
  std::tuple<C...> columns;
  entity_sql sql;

  /// The quoted name of a member's column. @throws database_error where NEST_ENTITY does not list it.
  template <class M>
  [[nodiscard]] const std::string& column_of(M T::* member) const {
    const std::string* found = nullptr;
    std::size_t index = 0;
    std::apply(
        [&](const auto&... column) {
          (
              [&] {
                if constexpr (std::is_same_v<decltype(column.member), M T::*>) {
                  if (column.member == member) found = &sql.columns[index].name;
                }
                ++index;
              }(),
              ...);
        },
        columns);
    if (found == nullptr) throw_no_column(sql.table);
    return *found;
  }

  /// All columns in order.
  [[nodiscard]] sql_values to_values(T&& entity) const {
    static_assert((C::can_be_stored() && ...),
                  "nestcpp: NEST_COLUMN: a member's type cannot be stored in a column; specialise "
                  "nestcpp::database_type<T> with to() and from(), see the types in entity_description<…> below");
    sql_values result;
    result.reserve(sizeof...(C));
    std::apply([&](const auto&... column) { (result.emplace_back(std::move(entity.*column.member)), ...); }, columns);
    return result;
  }

  /// The other columns, then the keys: as `entity_sql::update` wants them.
  [[nodiscard]] sql_values to_update_values(T&& entity) const {
    sql_values result;
    result.reserve(sizeof...(C));
    for (const bool keys : {false, true}) {
      std::apply(
          [&](const auto&... column) {
            (
                [&] {
                  if (column.is_primary == keys) result.emplace_back(std::move(entity.*column.member));
                }(),
                ...);
          },
          columns);
    }
    return result;
  }

  /// From a row whose columns are in our order.
  [[nodiscard]] T from_row(const result_row& source) const {
    T entity{};
    std::size_t index = 0;
    std::apply(
        [&](const auto&... column) {
          ((entity.*column.member =
                source[index++].template as<std::remove_reference_t<decltype(entity.*column.member)>>()),
           ...);
        },
        columns);
    return entity;
  }
};

template <class T, class... C>
[[nodiscard]] entity_description<T, C...> describe_entity(std::string_view table, C... columns) {
  static_assert(sizeof...(C) > 0, "nestcpp: NEST_ENTITY needs at least one NEST_COLUMN");
  return {std::tuple<C...>{columns...}, entity_sql{table, {columns.names...}}};
}

template <class T>
concept entity = requires { nestcpp_describe_entity(tag<T>{}); };

template <entity T>
[[nodiscard]] const auto& entity_of() {
  static const auto description = nestcpp_describe_entity(tag<T>{});
  return description;
}

}  // namespace detail
}  // namespace nestcpp
