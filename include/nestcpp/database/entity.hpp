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
///                            NEST_COLUMN(createdAt, create_date()));
/// @endcode
/// Members may have any type that `sql_value` and `column_value::as` know, `std::optional` of it for nullable columns.

#include <nestcpp/core/tag.hpp>
#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/database/result_set.hpp>
#include <nestcpp/database/sql_value.hpp>
#include <nestcpp/macros.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

namespace detail {
enum class column_kind { plain, create_date, update_date, version, delete_date };
}

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

/// @name What the repository fills in, as TypeORM's columns of these names
/// @{
template <detail::column_kind Kind>
struct column_kind_option {};
/// When the row was inserted: then, where the member has none. Not written after that. A `timestamp`, or an optional
/// one.
constexpr column_kind_option<detail::column_kind::create_date> create_date() { return {}; }
/// When the row was last written. A `timestamp`, or an optional one.
constexpr column_kind_option<detail::column_kind::update_date> update_date() { return {}; }
/// Counts how often the row was written, from 1. `update` writes only the version that the entity has, which is the one
/// that was read, and throws `optimistic_lock_error` where there is another one meanwhile. An integer.
constexpr column_kind_option<detail::column_kind::version> version() { return {}; }
/// When the row was removed by `soft_remove`; null: it is there. Rows that have one are not found, unless one asks
/// `with_deleted`. A `std::optional<timestamp>`.
constexpr column_kind_option<detail::column_kind::delete_date> delete_date() { return {}; }
/// @}

}  // namespace entity_options

namespace detail {

/// "firstName" → "first_name", "userID" → "user_id", "HTTPPort" → "http_port".
[[nodiscard]] std::string snake_case(std::string_view name);

struct column_names {
  std::string name;
  bool primary = false;
  column_kind kind = column_kind::plain;
  template <column_kind Kind>
  void apply(entity_options::column_kind_option<Kind>) {
    kind = Kind;
  }
  void apply(entity_options::primary_key_option) { primary = true; }
  void apply(entity_options::column_name_option option) { name = option.name; }
};

template <class O>
constexpr column_kind kind_of_option = column_kind::plain;
template <column_kind Kind>
constexpr column_kind kind_of_option<entity_options::column_kind_option<Kind>> = Kind;

template <class T, class M, bool Primary, column_kind Kind>
struct column_description {
  static constexpr bool is_primary = Primary;
  static constexpr column_kind kind = Kind;
  static constexpr bool can_be_stored() { return std::is_constructible_v<sql_value, M&&>; }
  M T::* member;
  column_names names;
};

template <class T, class M, class... O>
[[nodiscard]] auto describe_column(M T::* member, std::string_view name, O... options) {
  constexpr bool primary = (std::is_same_v<O, entity_options::primary_key_option> || ...);
  constexpr auto kind = static_cast<column_kind>((0 + ... + static_cast<int>(kind_of_option<O>)));
  constexpr bool dates = std::is_same_v<M, timestamp> || std::is_same_v<M, std::optional<timestamp>>;
  static_assert((0 + ... + (kind_of_option<O> != column_kind::plain ? 1 : 0)) <= 1,
                "nestcpp: NEST_COLUMN: a column is one of create_date(), update_date(), version() and delete_date()");
  static_assert((kind != column_kind::create_date && kind != column_kind::update_date) || dates,
                "nestcpp: NEST_COLUMN: create_date() and update_date() need a member of type timestamp or "
                "std::optional<timestamp>");
  static_assert(kind != column_kind::version || (std::is_integral_v<M> && !std::is_same_v<M, bool>),
                "nestcpp: NEST_COLUMN: version() needs a member of an integer type");
  static_assert(kind != column_kind::delete_date || std::is_same_v<M, std::optional<timestamp>>,
                "nestcpp: NEST_COLUMN: delete_date() needs a member of type std::optional<timestamp>");
  column_description<T, M, primary, kind> result{member, {snake_case(name)}};
  (result.names.apply(options), ...);
  return result;
}

/// The SQL that is the same for every call, made once a type.
struct entity_sql {
  entity_sql(std::string_view table, std::vector<column_names> columns);

  std::string table;  // quoted, as are all names below
  std::vector<column_names> columns;
  std::string insert;
  std::string select;     // SELECT a, b FROM t
  std::string update;     // UPDATE t SET … WHERE key; values as to_update_values gives them
  std::string deleted;    // the quoted name of the delete_date(), if there is one
  std::string versioned;  // and of the version()
  std::string count;      // SELECT count(*) FROM t

  [[nodiscard]] std::string names_of(std::string_view alias) const;  // a."id", a."name"
  /// Rows that one statement may insert, by its number of parameters.
  [[nodiscard]] std::size_t most_rows() const noexcept { return columns.size() > 30'000 ? 1 : 30'000 / columns.size(); }
  [[nodiscard]] std::string insert_rows(std::size_t count) const;
  /// @param unique quoted columns; the others are written where a row has theirs
  [[nodiscard]] std::string upsert(const std::vector<std::string>& unique) const;
};

[[noreturn]] void throw_no_column(const std::string& table);
[[noreturn]] void throw_version_mismatch(const std::string& table);

template <class T, class... C>
struct entity_description {
  static constexpr bool has_primary_key = (C::is_primary || ...);
  static constexpr bool has_version = ((C::kind == column_kind::version) || ...);
  static constexpr bool has_delete_date = ((C::kind == column_kind::delete_date) || ...);
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

  /// Before it is inserted: dates, where it has none, and the first version.
  void stamp_new(T& entity) const {
    const timestamp now = timestamp::now();
    each_of(entity, [&]<class Column>(const Column&, auto& member) {
      if constexpr (Column::kind == column_kind::create_date || Column::kind == column_kind::update_date) {
        if (member == std::remove_reference_t<decltype(member)>{}) member = now;
      } else if constexpr (Column::kind == column_kind::version) {
        member = 1;
      }
    });
  }
  /// Before it is written again.
  void stamp_changed(T& entity) const {
    each_of(entity, []<class Column>(const Column&, auto& member) {
      if constexpr (Column::kind == column_kind::update_date) member = timestamp::now();
    });
  }
  template <class F>
  void each_of(T& entity, F&& action) const {
    std::apply([&](const auto&... column) { (action(column, entity.*column.member), ...); }, columns);
  }

  /// What may be set, then the keys, then the version: as `entity_sql::update` wants them.
  [[nodiscard]] sql_values to_update_values(T&& entity) const {
    sql_values result;
    result.reserve(sizeof...(C));
    enum class part { set, key, version, none };
    for (const part now : {part::set, part::key, part::version}) {
      each_of(entity, [&]<class Column>(const Column&, auto& member) {
        constexpr part mine = Column::is_primary                         ? part::key
                              : Column::kind == column_kind::version     ? part::version
                              : Column::kind == column_kind::create_date ? part::none
                                                                         : part::set;
        if (mine == now) result.emplace_back(std::move(member));
      });
    }
    return result;
  }

  /// From a row whose columns are in our order, from the `index`-th.
  [[nodiscard]] T from_row(const result_row& source, std::size_t index = 0) const {
    T entity{};
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
