#pragma once
/// @file nestcpp/database/repository.hpp
/// @brief Typed access to one table, in TypeORM's words.

#include <nestcpp/core/task.hpp>
#include <nestcpp/database/condition.hpp>
#include <nestcpp/database/database.hpp>
#include <nestcpp/database/entity.hpp>
#include <nestcpp/database/errors.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// One column of an ORDER BY: made by `ascending` and `descending`.
template <class T>
struct order_by {
  std::string column;  // quoted
  bool descending = false;
};

template <class T, class M>
[[nodiscard]] order_by<T> ascending(M T::* member) {
  return {detail::entity_of<T>().column_of(member), false};
}
template <class T, class M>
[[nodiscard]] order_by<T> descending(M T::* member) {
  return {detail::entity_of<T>().column_of(member), true};
}

/// `{.where = where::more_than(&User::age, 17), .order = {descending(&User::createdAt)}, .limit = 100}`
template <class T>
struct find_options {
  std::optional<condition<T>> where{};  ///< Default: all rows. Beside what `find_by` says.
  std::vector<order_by<T>> order{};
  std::optional<std::size_t> limit{};  ///< Default: all.
  std::size_t offset = 0;
  bool with_deleted = false;  ///< Rows that `soft_remove` took away, too.
};

namespace detail {
/// `select` + WHERE + ORDER BY + LIMIT; values become `$n`.
struct select_builder {
  explicit select_builder(const std::string& start) : sql{start} {}
  void where(const std::string& column, sql_value wanted);
  /// @param condition with `placeholder` for each value
  void where(const std::string& condition, const sql_values& values, char placeholder);
  void order(const std::string& column, bool descending);
  void limit(std::optional<std::size_t> count, std::size_t offset);

  std::string sql;
  sql_values parameters{};

 private:
  bool filtered_ = false;
  bool ordered_ = false;
};

/// The pairs of `rows`, a SELECT of left columns without order and limit, and the right rows that they refer to: the
/// number of the left row, whether there is a right one, the columns of both.
[[nodiscard]] select_builder join_select(const entity_sql& left, const std::string& left_column, select_builder rows,
                                         const std::string& order, std::optional<std::size_t> limit, std::size_t offset,
                                         const entity_sql& right, const std::string& right_column);
}  // namespace detail

/// Rows of `T`'s table. Every call takes a transaction as its last argument, or runs by itself.
/// @throws database_error or one of its kinds (errors.hpp); `unique_violation` names the column.
/// @par Thread safety Safe. @par Lifetime The database outlives it; a transaction given outlives the call.
template <class T>
class repository {
  static_assert(detail::entity<T>,
                "nestcpp: describe the type with NEST_ENTITY(Type, \"table\", NEST_COLUMN(…), …) "
                "in its own namespace");

 public:
  explicit repository(database& db) : db_{&db} {}

  [[nodiscard]] task<void> insert(T entity) { return insert_in(nullptr, std::move(entity)); }
  [[nodiscard]] task<void> insert(T entity, transaction& tx) { return insert_in(&tx, std::move(entity)); }
  /// Keeps the row, to insert it with what `tx` sends next: see `transaction::enqueue`.
  void enqueue_insert(T entity, transaction& tx) {
    meta().stamp_new(entity);
    tx.enqueue(meta().sql.insert, meta().to_values(std::move(entity)));
  }

  /// All of them, or none: as few statements as their number of values allows, in one transaction.
  [[nodiscard]] task<void> insert(std::vector<T> entities) { return insert_many(nullptr, std::move(entities)); }
  [[nodiscard]] task<void> insert(std::vector<T> entities, transaction& tx) {
    return insert_many(&tx, std::move(entities));
  }

  /// Inserts the row, or writes all columns of the one that has its primary key.
  [[nodiscard]] task<void> upsert(T entity) { return upsert_in(nullptr, std::move(entity), primary_keys()); }
  [[nodiscard]] task<void> upsert(T entity, transaction& tx) {
    return upsert_in(&tx, std::move(entity), primary_keys());
  }
  /// The same for another unique column: `upsert(user, &User::email)`. The primary key of a row that is there stays.
  template <class M>
  [[nodiscard]] task<void> upsert(T entity, M T::* unique) {
    return upsert_in(nullptr, std::move(entity), {meta().column_of(unique)});
  }

  /// Inserts the row, or writes the one that has its primary key. @return the row as it is stored then, with its dates
  /// and its version. @throws optimistic_lock_error where that row has another version than the entity
  [[nodiscard]] task<T> save(T entity) { return save_in(nullptr, std::move(entity)); }
  [[nodiscard]] task<T> save(T entity, transaction& tx) { return save_in(&tx, std::move(entity)); }

  /// Writes all columns of the row with this primary key, except its `create_date()`. @return false where there is
  /// none.
  /// @throws optimistic_lock_error where the row has another version than the entity, if it has one
  [[nodiscard]] task<bool> update(T entity) { return update_in(nullptr, std::move(entity)); }
  [[nodiscard]] task<bool> update(T entity, transaction& tx) { return update_in(&tx, std::move(entity)); }

  /// `find_one_by(&User::email, "ada@example.com")`. A value of `std::nullopt` looks for null.
  template <class M>
  [[nodiscard]] task<std::optional<T>> find_one_by(M T::* column, std::type_identity_t<M> wanted) {
    return find_one_in(nullptr, by(column, std::move(wanted), {.limit = 1}));
  }
  template <class M>
  [[nodiscard]] task<std::optional<T>> find_one_by(M T::* column, std::type_identity_t<M> wanted, transaction& tx) {
    return find_one_in(&tx, by(column, std::move(wanted), {.limit = 1}));
  }
  /// The first in that order.
  template <class M>
  [[nodiscard]] task<std::optional<T>> find_one_by(M T::* column, std::type_identity_t<M> wanted,
                                                   find_options<T> options) {
    options.limit = 1;
    return find_one_in(nullptr, by(column, std::move(wanted), options));
  }

  template <class M>
  [[nodiscard]] task<std::vector<T>> find_by(M T::* column, std::type_identity_t<M> wanted,
                                             find_options<T> options = {}) {
    return find_in(nullptr, by(column, std::move(wanted), options));
  }
  template <class M>
  [[nodiscard]] task<std::vector<T>> find_by(M T::* column, std::type_identity_t<M> wanted, find_options<T> options,
                                             transaction& tx) {
    return find_in(&tx, by(column, std::move(wanted), options));
  }

  [[nodiscard]] task<std::vector<T>> find(find_options<T> options = {}) { return find_in(nullptr, all(options)); }
  [[nodiscard]] task<std::vector<T>> find(find_options<T> options, transaction& tx) {
    return find_in(&tx, all(options));
  }

  /// The first in that order.
  [[nodiscard]] task<std::optional<T>> find_one(find_options<T> options) {
    options.limit = 1;
    return find_one_in(nullptr, all(options));
  }
  [[nodiscard]] task<std::optional<T>> find_one(find_options<T> options, transaction& tx) {
    options.limit = 1;
    return find_one_in(&tx, all(options));
  }

  /// @name Relations, by a LEFT JOIN: each row with those that belong to it
  /// Options say which rows of this table, in which order and how many; rows that `soft_remove` took away from the
  /// other one do not belong to any.
  /// @{
  /// Many to one: `orders.find_with_one(&Order::userId, &User::id)`. None: nullopt.
  template <class U, class M, class N>
  [[nodiscard]] task<std::vector<std::pair<T, std::optional<U>>>> find_with_one(M T::* column, N U::* other,
                                                                                find_options<T> options = {}) {
    return with_one<U>(join(column, other, options));
  }
  /// One to many: `users.find_with_many(&User::id, &Order::userId)`. In no order among those of one row.
  template <class U, class M, class N>
  [[nodiscard]] task<std::vector<std::pair<T, std::vector<U>>>> find_with_many(M T::* column, N U::* other,
                                                                               find_options<T> options = {}) {
    return with_many<U>(join(column, other, options));
  }
  /// @}

  [[nodiscard]] task<bool> exists(condition<T> which) {
    detail::select_builder query{"SELECT 1 FROM " + meta().sql.table};
    query.where(which.sql(), which.values(), condition<T>::placeholder);
    leave_out_deleted(query);
    query.limit(1, 0);
    return exists_in(std::move(query));
  }
  [[nodiscard]] task<std::int64_t> count(condition<T> which) {
    detail::select_builder query{meta().sql.count};
    query.where(which.sql(), which.values(), condition<T>::placeholder);
    leave_out_deleted(query);
    return count_in(nullptr, std::move(query));
  }
  [[nodiscard]] task<std::int64_t> count() {
    detail::select_builder query{meta().sql.count};
    leave_out_deleted(query);
    return count_in(nullptr, std::move(query));
  }
  template <class M>
  [[nodiscard]] task<std::int64_t> count_by(M T::* column, std::type_identity_t<M> wanted) {
    detail::select_builder query{meta().sql.count};
    query.where(meta().column_of(column), sql_value{std::move(wanted)});
    leave_out_deleted(query);
    return count_in(nullptr, std::move(query));
  }

  /// @name Rows that are hidden, not removed: entities with a `delete_date()`
  /// @return the number of rows that changed
  /// @{
  [[nodiscard]] task<std::size_t> soft_remove(condition<T> which) {
    return remove_in(nullptr, delete_date_query(which, timestamp::now()));
  }
  [[nodiscard]] task<std::size_t> soft_remove(condition<T> which, transaction& tx) {
    return remove_in(&tx, delete_date_query(which, timestamp::now()));
  }
  /// Finds them again.
  [[nodiscard]] task<std::size_t> restore(condition<T> which) {
    return remove_in(nullptr, delete_date_query(which, nullptr));
  }
  [[nodiscard]] task<std::size_t> restore(condition<T> which, transaction& tx) {
    return remove_in(&tx, delete_date_query(which, nullptr));
  }
  /// @}

  /// Removes them for good. @return the number of rows that were removed.
  [[nodiscard]] task<std::size_t> remove(condition<T> which) { return remove_in(nullptr, remove_query(which)); }
  [[nodiscard]] task<std::size_t> remove(condition<T> which, transaction& tx) {
    return remove_in(&tx, remove_query(which));
  }
  template <class M>
  [[nodiscard]] task<std::size_t> remove_by(M T::* column, std::type_identity_t<M> wanted) {
    return remove_in(nullptr, remove_query(column, std::move(wanted)));
  }
  template <class M>
  [[nodiscard]] task<std::size_t> remove_by(M T::* column, std::type_identity_t<M> wanted, transaction& tx) {
    return remove_in(&tx, remove_query(column, std::move(wanted)));
  }

 private:
  static const auto& meta() { return detail::entity_of<T>(); }

  static detail::select_builder all(const find_options<T>& options) {
    detail::select_builder query{meta().sql.select};
    finish(query, options);
    return query;
  }
  template <class M>
  static detail::select_builder by(M T::* column, M wanted, const find_options<T>& options) {
    detail::select_builder query{meta().sql.select};
    query.where(meta().column_of(column), sql_value{std::move(wanted)});
    finish(query, options);
    return query;
  }
  static void finish(detail::select_builder& query, const find_options<T>& options) {
    if (options.where) query.where(options.where->sql(), options.where->values(), condition<T>::placeholder);
    if (!options.with_deleted) leave_out_deleted(query);
    for (const auto& part : options.order) query.order(part.column, part.descending);
    query.limit(options.limit, options.offset);
  }
  static void leave_out_deleted(detail::select_builder& query) {
    if (!meta().sql.deleted.empty()) query.where(meta().sql.deleted, sql_value{nullptr});
  }
  static detail::select_builder delete_date_query(const condition<T>& which, sql_value at) {
    static_assert(std::remove_cvref_t<decltype(meta())>::has_delete_date,
                  "nestcpp: soft_remove() and restore() need a column with delete_date() in NEST_ENTITY");
    const auto& sql = meta().sql;
    const bool removes = !at.is_null();
    detail::select_builder query{"UPDATE " + sql.table + " SET " + sql.deleted + " = $1" +
                                 (sql.versioned.empty() ? "" : ", " + sql.versioned + " = " + sql.versioned + " + 1")};
    query.parameters.push_back(std::move(at));
    query.where(which.sql(), which.values(), condition<T>::placeholder);
    query.where(sql.deleted + (removes ? " IS NULL" : " IS NOT NULL"), {}, condition<T>::placeholder);
    return query;
  }
  template <class M>
  static detail::select_builder remove_query(M T::* column, M wanted) {
    detail::select_builder query{"DELETE FROM " + meta().sql.table};
    query.where(meta().column_of(column), sql_value{std::move(wanted)});
    return query;
  }

  static detail::select_builder remove_query(const condition<T>& which) {
    detail::select_builder query{"DELETE FROM " + meta().sql.table};
    query.where(which.sql(), which.values(), condition<T>::placeholder);
    return query;
  }
  static std::vector<std::string> primary_keys() {
    static_assert(std::remove_cvref_t<decltype(meta())>::has_primary_key,
                  "nestcpp: upsert() needs to know the row: mark a column with primary_key() in NEST_ENTITY, or name a "
                  "unique one");
    std::vector<std::string> keys;
    for (const auto& column : meta().sql.columns) {
      if (column.primary) keys.push_back(column.name);
    }
    return keys;
  }

  template <class U, class M, class N>
  static detail::select_builder join(M T::* column, N U::* other, const find_options<T>& options) {
    static_assert(detail::entity<U>, "nestcpp: describe the other type with NEST_ENTITY, too");
    static_assert(std::is_same_v<typename column_operand<M>::type, typename column_operand<N>::type>,
                  "nestcpp: the two members that are compared must have the same type; one may be optional");
    detail::select_builder rows{meta().sql.select};
    finish(rows, {.where = options.where, .with_deleted = options.with_deleted});
    std::string order;
    for (const auto& part : options.order) {
      order += (order.empty() ? "" : ", ") + part.column + (part.descending ? " DESC" : "");
    }
    const auto& right = detail::entity_of<U>();
    return detail::join_select(meta().sql, meta().column_of(column), std::move(rows), order, options.limit,
                               options.offset, right.sql, right.column_of(other));
  }
  template <class U>
  task<std::vector<std::pair<T, std::vector<U>>>> with_many(detail::select_builder query) {
    const auto result = co_await run(nullptr, std::move(query.sql), std::move(query.parameters));
    std::vector<std::pair<T, std::vector<U>>> found;
    std::int64_t last = 0;
    for (const auto& row : result) {
      const auto number = row[0].template as<std::int64_t>();
      if (number != last) found.emplace_back(meta().from_row(row, 2), std::vector<U>{});
      last = number;
      if (row[1].template as<bool>()) {
        found.back().second.push_back(detail::entity_of<U>().from_row(row, 2 + meta().sql.columns.size()));
      }
    }
    co_return found;
  }
  template <class U>
  task<std::vector<std::pair<T, std::optional<U>>>> with_one(detail::select_builder query) {
    auto many = co_await with_many<U>(std::move(query));
    std::vector<std::pair<T, std::optional<U>>> found;
    found.reserve(many.size());
    for (auto& [left, right] : many) {
      found.emplace_back(std::move(left), std::nullopt);
      if (!right.empty()) found.back().second = std::move(right.front());
    }
    co_return found;
  }

  task<result_set> run(transaction* tx, std::string sql, sql_values parameters) {
    return tx != nullptr ? tx->execute(std::move(sql), std::move(parameters))
                         : db_->execute(std::move(sql), std::move(parameters));
  }
  task<void> insert_in(transaction* tx, T entity) {
    meta().stamp_new(entity);
    co_await run(tx, meta().sql.insert, meta().to_values(std::move(entity)));
  }
  task<void> insert_many(transaction* tx, std::vector<T> entities) {
    const std::size_t most = meta().sql.most_rows();
    if (tx == nullptr && entities.size() > most) {
      transaction own = co_await db_->begin();
      co_await insert_many(&own, std::move(entities));
      co_await own.commit();
      co_return;
    }
    for (std::size_t at = 0; at < entities.size(); at += most) {
      const std::size_t count = std::min(most, entities.size() - at);
      sql_values values;
      for (std::size_t i = 0; i < count; ++i) {
        meta().stamp_new(entities[at + i]);
        for (auto& each : meta().to_values(std::move(entities[at + i]))) values.push_back(std::move(each));
      }
      co_await run(tx, meta().sql.insert_rows(count), std::move(values));
    }
  }
  task<void> upsert_in(transaction* tx, T entity, std::vector<std::string> unique) {
    meta().stamp_new(entity);
    meta().stamp_changed(entity);
    co_await run(tx, meta().sql.upsert(unique), meta().to_values(std::move(entity)));
  }
  task<bool> exists_in(detail::select_builder query) {
    const auto result = co_await run(nullptr, std::move(query.sql), std::move(query.parameters));
    co_return !result.empty();
  }
  task<bool> update_in(transaction* tx, T entity) {
    static_assert(std::remove_cvref_t<decltype(meta())>::has_primary_key,
                  "nestcpp: update() needs to know the row: mark a column with primary_key() in NEST_ENTITY");
    meta().stamp_changed(entity);
    if constexpr (!std::remove_cvref_t<decltype(meta())>::has_version) {
      const auto result = co_await run(tx, meta().sql.update, meta().to_update_values(std::move(entity)));
      co_return result.affected_rows() > 0;
    } else {
      auto query = row_of(entity);
      const auto result = co_await run(tx, meta().sql.update, meta().to_update_values(std::move(entity)));
      if (result.affected_rows() > 0) co_return true;
      const std::optional<T> there = co_await find_one_in(tx, std::move(query));
      if (there) detail::throw_version_mismatch(meta().sql.table);
      co_return false;
    }
  }
  /// The row with the entity's primary key, removed or not.
  static detail::select_builder row_of(const T& entity) {
    detail::select_builder query{meta().sql.select};
    std::size_t index = 0;
    std::apply(
        [&](const auto&... column) {
          (
              [&] {
                if (column.is_primary) query.where(meta().sql.columns[index].name, sql_value{entity.*column.member});
                ++index;
              }(),
              ...);
        },
        meta().columns);
    return query;
  }
  task<T> save_in(transaction* tx, T entity) {
    static_assert(std::remove_cvref_t<decltype(meta())>::has_primary_key,
                  "nestcpp: save() needs to know the row: mark a column with primary_key() in NEST_ENTITY");
    if (tx == nullptr) {
      transaction own = co_await db_->begin();
      T stored = co_await save_in(&own, std::move(entity));
      co_await own.commit();
      co_return stored;
    }
    auto query = row_of(entity);
    const bool updated = co_await update_in(tx, entity);
    if (!updated) co_await insert_in(tx, std::move(entity));
    auto stored = co_await find_one_in(tx, std::move(query));
    if (!stored) throw database_error{"the row of table " + meta().sql.table + " is gone after it was saved"};
    co_return *std::move(stored);
  }
  task<std::optional<T>> find_one_in(transaction* tx, detail::select_builder query) {
    const auto result = co_await run(tx, std::move(query.sql), std::move(query.parameters));
    if (result.empty()) co_return std::nullopt;
    co_return meta().from_row(result[0]);
  }
  task<std::vector<T>> find_in(transaction* tx, detail::select_builder query) {
    const auto result = co_await run(tx, std::move(query.sql), std::move(query.parameters));
    std::vector<T> found;
    found.reserve(result.size());
    for (const auto& each : result) found.push_back(meta().from_row(each));
    co_return found;
  }
  task<std::int64_t> count_in(transaction* tx, detail::select_builder query) {
    const auto result = co_await run(tx, std::move(query.sql), std::move(query.parameters));
    co_return result[0][0].template as<std::int64_t>();
  }
  task<std::size_t> remove_in(transaction* tx, detail::select_builder query) {
    const auto result = co_await run(tx, std::move(query.sql), std::move(query.parameters));
    co_return result.affected_rows();
  }

  database* db_;
};

}  // namespace nestcpp
