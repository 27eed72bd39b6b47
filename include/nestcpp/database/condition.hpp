#pragma once
/// @file nestcpp/database/condition.hpp
/// @brief Which rows: TypeORM's find operators, as typed conditions on an entity's members.
///
///     namespace where = nest::where;
///     co_await orders.find({.where = where::more_than(&Order::total, 100) && !where::is_null(&Order::paidAt)});
///
/// Values travel as parameters, never in SQL text.

#include <nestcpp/database/entity.hpp>
#include <nestcpp/database/sql_value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// Made by the functions of `nestcpp::where`, joined by `&&`, `||` and `!`.
/// @throws database_error where a member is not listed in NEST_ENTITY, when it is made
template <class T>
class condition {
 public:
  /// @param sql with `placeholder` in the place of each value
  condition(std::string sql, sql_values values) : sql_{std::move(sql)}, values_{std::move(values)} {}

  static constexpr char placeholder = '\x1f';

  [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
  [[nodiscard]] const sql_values& values() const noexcept { return values_; }

  [[nodiscard]] friend condition operator&&(condition a, condition b) {
    return join(std::move(a), " AND ", std::move(b));
  }
  [[nodiscard]] friend condition operator||(condition a, condition b) {
    return join(std::move(a), " OR ", std::move(b));
  }
  /// As SQL has it: what compares with null is neither, and `!` of it neither.
  [[nodiscard]] condition operator!() const { return {"NOT (" + sql_ + ")", values_}; }

 private:
  static condition join(condition a, const char* by, condition b) {
    for (auto& each : b.values_) a.values_.push_back(std::move(each));
    return {"(" + a.sql_ + ")" + by + "(" + b.sql_ + ")", std::move(a.values_)};
  }

  std::string sql_;
  sql_values values_;
};

/// A member's value, or what an optional one holds.
template <class M>
struct column_operand {
  using type = M;
};
template <class M>
struct column_operand<std::optional<M>> {
  using type = M;
};

namespace detail {
template <class T, class M>
[[nodiscard]] condition<T> compare(M T::* column, const char* by, sql_value wanted) {
  return {entity_of<T>().column_of(column) + by + condition<T>::placeholder, {std::move(wanted)}};
}
}  // namespace detail

/// TypeORM's operators. The value has the member's type; of an optional member, what it holds.
namespace where {

template <class M>
using operand = typename column_operand<M>::type;

template <class T, class M>
[[nodiscard]] condition<T> equal(M T::* column, std::type_identity_t<operand<M>> to) {
  return detail::compare(column, " = ", sql_value{std::move(to)});
}
template <class T, class M>
[[nodiscard]] condition<T> not_equal(M T::* column, std::type_identity_t<operand<M>> to) {
  return detail::compare(column, " <> ", sql_value{std::move(to)});
}
template <class T, class M>
[[nodiscard]] condition<T> less_than(M T::* column, std::type_identity_t<operand<M>> bound) {
  return detail::compare(column, " < ", sql_value{std::move(bound)});
}
template <class T, class M>
[[nodiscard]] condition<T> less_than_or_equal(M T::* column, std::type_identity_t<operand<M>> bound) {
  return detail::compare(column, " <= ", sql_value{std::move(bound)});
}
template <class T, class M>
[[nodiscard]] condition<T> more_than(M T::* column, std::type_identity_t<operand<M>> bound) {
  return detail::compare(column, " > ", sql_value{std::move(bound)});
}
template <class T, class M>
[[nodiscard]] condition<T> more_than_or_equal(M T::* column, std::type_identity_t<operand<M>> bound) {
  return detail::compare(column, " >= ", sql_value{std::move(bound)});
}
/// Both included.
template <class T, class M>
[[nodiscard]] condition<T> between(M T::* column, std::type_identity_t<operand<M>> from,
                                   std::type_identity_t<operand<M>> to) {
  return more_than_or_equal(column, std::move(from)) && less_than_or_equal(column, std::move(to));
}
/// Of an empty list: no row.
template <class T, class M>
[[nodiscard]] condition<T> in(M T::* column, std::vector<std::type_identity_t<operand<M>>> list) {
  if (list.empty()) return {"1 = 0", {}};
  std::string sql = detail::entity_of<T>().column_of(column) + " IN (";
  sql_values values;
  for (auto each : list) {
    if (!values.empty()) sql += ", ";
    sql += condition<T>::placeholder;
    values.emplace_back(std::move(each));
  }
  return {sql + ")", std::move(values)};
}
/// `%` stands for any text, `_` for any character. SQLite ignores the case of ASCII letters, PostgreSQL does not.
template <class T, class M>
[[nodiscard]] condition<T> like(M T::* column, std::string pattern) {
  return detail::compare(column, " LIKE ", sql_value{std::move(pattern)});
}
template <class T, class M>
[[nodiscard]] condition<T> is_null(M T::* column) {
  return {detail::entity_of<T>().column_of(column) + " IS NULL", {}};
}

}  // namespace where

}  // namespace nestcpp
