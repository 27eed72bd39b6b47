#pragma once
/// @file nestcpp/database/database.hpp
/// @brief PostgreSQL and SQLite behind one interface: pooled connections on their own threads, awaited from the loops.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/database/errors.hpp>
#include <nestcpp/database/result_set.hpp>
#include <nestcpp/database/sql_value.hpp>
#include <nestcpp/database/transaction.hpp>
#include <nestcpp/observability/metric_sample.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp {

struct database_options {
  database_driver driver = database_driver::sqlite;

  /// SQLite: the file, made with its folder where it is missing. Readable for other processes (WAL).
  std::string path = "data/database.sqlite3";

  std::string host = "127.0.0.1";  ///< PostgreSQL, like the next four.
  std::uint16_t port = 5432;
  std::string username = "postgres";
  std::string password{};
  std::string name = "microservices_db";

  /// Connections, each with a thread. SQLite: one writer, the others read. Where the database runs on this machine
  /// (SQLite, PostgreSQL at a loopback address or a socket's path) work shorter than 5 ms uses at most two for each
  /// core.
  std::size_t pool_size = 10;
  /// Patience of `connect()`.
  std::chrono::milliseconds connect_timeout{30'000};
  /// How long a caller waits for a free connection before `database_unavailable`.
  std::chrono::milliseconds acquire_timeout{5'000};
  /// A statement that runs longer is cancelled (`statement_timeout`). 0 = no limit.
  std::chrono::milliseconds statement_timeout{30'000};
  /// Shown by PostgreSQL in `pg_stat_activity`.
  std::string application_name = "nestcpp";

  /// A connection that is older is replaced when it is next borrowed, up to a tenth of it earlier, by chance. 0 =
  /// never.
  std::chrono::milliseconds max_lifetime{std::chrono::minutes{30}};
  /// A statement that takes longer is logged, as it was written: without its parameters' values. 0 = none is.
  std::chrono::milliseconds slow_query_threshold{1'000};
  /// PostgreSQL's `sslmode`: disable, allow, prefer, require, verify-ca, verify-full. Default: libpq's, `PGSSLMODE` or
  /// prefer. What is not said here libpq takes from the environment: `PGSSLROOTCERT`, `PGSSLCERT`, `PGPASSFILE` ….
  std::string ssl_mode{};
  /// The file of the authorities that the server's certificate may come from.
  std::string ssl_root_cert{};
};

/// @par Thread safety Safe. @par Lifetime Outlives the coroutines that use it, and is destroyed before its runtime.
class database {
 public:
  virtual ~database() = default;
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// Runs one statement on a connection of its own, committed at once; `$1` is the first parameter on both drivers.
  /// @throws database_error or one of its kinds (errors.hpp).
  /// @par Cancellation Ends the wait for a connection, and a statement that runs in the database itself (PostgreSQL's
  /// cancel request, `sqlite3_interrupt`), with `boost::system::system_error` (operation_aborted): so a call's time
  /// limit and `with_deadline` limit its statements. What had been done already is done.
  [[nodiscard]] virtual task<result_set> execute(std::string sql, sql_values parameters) = 0;
  template <class... P>
    requires detail::statement_parameters<P...>
  [[nodiscard]] task<result_set> execute(std::string sql, P&&... parameters) {
    return execute(std::move(sql), detail::make_values(std::forward<P>(parameters)...));
  }

  /// Waits for a free connection. `BEGIN` itself travels with the first statement, whose call reports a database that
  /// is away. On SQLite writers queue fairly.
  /// @throws database_unavailable where no connection comes free within `acquire_timeout`.
  [[nodiscard]] virtual task<transaction> begin(transaction_options options) = 0;
  [[nodiscard]] task<transaction> begin() { return begin(transaction_options{}); }

  /// Opens the first connection, repeating with backoff and jitter for `connect_timeout`. Not needed: the first
  /// statement connects as well, but tries once.
  /// @throws startup_error "cannot reach PostgreSQL at 127.0.0.1:5433 within 30000 ms: <reason>".
  [[nodiscard]] virtual task<void> connect() = 0;

  /// A round trip, for health checks.
  /// @throws database_unavailable
  [[nodiscard]] virtual task<void> ping() = 0;

  /// Refuses new work, waits for what runs (at most `grace`) and closes the connections. Later calls throw
  /// `database_unavailable`.
  [[nodiscard]] virtual task<void> close(std::chrono::milliseconds grace = std::chrono::seconds{5}) = 0;

  [[nodiscard]] virtual database_driver driver() const noexcept = 0;
  /// "PostgreSQL at 127.0.0.1:5432" or "SQLite data/users.sqlite3".
  [[nodiscard]] virtual const std::string& description() const noexcept = 0;

  /// `database_connections{state}` (`idle`, `in_use`), `database_connections_max`, `database_waiting_callers`,
  /// `database_statements_total{outcome}` and `database_statement_duration_seconds`, each with the label `pool`.
  [[nodiscard]] virtual std::vector<metric_sample> metrics() const { return {}; }

 protected:
  database() = default;
};

/// Touches no file and no network: that is `connect()`.
/// @param rt runs the callers; the database is destroyed before it.
[[nodiscard]] std::unique_ptr<database> make_database(runtime& rt, database_options options);

}  // namespace nestcpp
