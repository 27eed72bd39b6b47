#pragma once
/// @file nestcpp/database/transaction.hpp
/// @brief A transaction by RAII: what is not committed is rolled back.

#include <nestcpp/core/task.hpp>
#include <nestcpp/database/result_set.hpp>
#include <nestcpp/database/sql_value.hpp>
#include <nestcpp/dto/enums.hpp>
#include <nestcpp/macros.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace nestcpp {

enum class database_driver { sqlite, postgres };
NEST_ENUM(database_driver, sqlite, postgres);

/// What a transaction sees of others. SQLite's are always serializable, as writers take turns.
enum class isolation_level { read_committed, repeatable_read, serializable };

struct transaction_options {
  isolation_level isolation = isolation_level::read_committed;
  /// It only reads: PostgreSQL refuses what writes; on SQLite it runs beside the writer, on a snapshot.
  bool read_only = false;
};

namespace detail {
class transaction_state;

template <class... P>
concept statement_parameters = (std::constructible_from<sql_value, P> && ...);

template <class... P>
[[nodiscard]] sql_values make_values(P&&... parameters) {
  sql_values result;
  result.reserve(sizeof...(P));
  (result.emplace_back(std::forward<P>(parameters)), ...);
  return result;
}
}  // namespace detail

/// From `database::begin()`. Holds one connection until it is committed, rolled back or destroyed.
///
/// After any error the transaction has failed, on every driver: further statements and `commit()` throw, only
/// `rollback()` and destruction remain. Destroying an unfinished transaction rolls it back in the background, without
/// blocking the loop; the connection goes back to the pool after that.
/// @par Thread safety One statement at a time; a second one meanwhile is refused with a `database_error`.
class transaction {
 public:
  transaction() noexcept = default;  ///< Of no database: a place for one to come.
  explicit transaction(std::shared_ptr<detail::transaction_state> state) noexcept;
  transaction(transaction&&) noexcept;
  transaction& operator=(transaction&&) noexcept;
  ~transaction();

  /// Runs one statement; `$1` is the first parameter.
  /// @throws database_error or one of its kinds (errors.hpp).
  /// @par Cancellation Ends the statement in the database, too, with `boost::system::system_error`
  /// (operation_aborted); the transaction has failed then. `commit()` is not cancelled.
  [[nodiscard]] task<result_set> execute(std::string sql, sql_values parameters);
  template <class... P>
    requires detail::statement_parameters<P...>
  [[nodiscard]] task<result_set> execute(std::string sql, P&&... parameters) {
    return execute(std::move(sql), detail::make_values(std::forward<P>(parameters)...));
  }

  /// Keeps a statement whose result nobody needs, to send it together with the next `execute()` or `commit()`. On
  /// PostgreSQL all that is sent together takes one round trip, with the BEGIN before it and the COMMIT behind it. Its
  /// error comes from there; nothing is executed after it.
  void enqueue(std::string sql, sql_values parameters);

  /// Several statements without parameters, separated by semicolons (for migrations).
  [[nodiscard]] task<void> execute_script(std::string sql);

  /// @name Savepoints
  /// What was done since one can be undone without the rest; also after an error, which ends there then.
  /// @param name letters, digits and `_`
  /// @{
  [[nodiscard]] task<void> savepoint(std::string name);
  /// Undoes what was done since; the savepoint stays. @throws database_error where there is none of that name
  [[nodiscard]] task<void> rollback_to(std::string name);
  /// Forgets it; what was done since belongs to the rest.
  [[nodiscard]] task<void> release(std::string name);
  /// @}

  /// @throws database_unavailable where the connection broke: the outcome is unknown then.
  [[nodiscard]] task<void> commit();
  /// Runs one last statement and commits, in one round trip where the database can.
  /// @return its rows, once it is committed. @throws as `execute()` and `commit()`
  [[nodiscard]] task<result_set> commit_with(std::string sql, sql_values parameters);
  template <class... P>
    requires detail::statement_parameters<P...>
  [[nodiscard]] task<result_set> commit_with(std::string sql, P&&... parameters) {
    return commit_with(std::move(sql), detail::make_values(std::forward<P>(parameters)...));
  }
  [[nodiscard]] task<void> rollback();

  /// Neither committed nor rolled back yet.
  [[nodiscard]] bool is_active() const noexcept;
  [[nodiscard]] database_driver driver() const;

  /// Runs `action` on the committing coroutine's thread once the commit succeeded; it must not throw. For library parts
  /// that wake somebody up (the outbox).
  void after_commit(std::function<void()> action);

 private:
  std::shared_ptr<detail::transaction_state> state_;
};

}  // namespace nestcpp
