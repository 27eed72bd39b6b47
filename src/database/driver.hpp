#pragma once
// What a driver implements: blocking connections, used by one pool thread at a time.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/database/database.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>

namespace nestcpp::detail {

using rows = std::shared_ptr<const result_data>;

struct statement {
  std::string sql;
  sql_values parameters;
};

/// What goes to the database together, in one round trip where the driver can do that; nothing is executed after what
/// failed.
struct statement_batch {
  const transaction_options* begin = nullptr;  // null: no transaction is begun
  std::span<const statement> statements;
  bool commit = false;
  /// Told of each statement as it ends.
  std::function<void(const statement&, bool failed)> ended{};
};

class database_connection {
 public:
  virtual ~database_connection() = default;
  database_connection(const database_connection&) = delete;
  database_connection& operator=(const database_connection&) = delete;

  /// Statements outside of a transaction are committed at once. Where the COMMIT itself fails the transaction is over;
  /// where something before it does, it is to be rolled back.
  /// @return the last statement's
  [[nodiscard]] virtual rows execute(const statement_batch& batch) = 0;
  virtual void execute_script(const std::string& sql) = 0;
  /// A failure breaks the connection.
  virtual void rollback() noexcept = 0;

  /// Whether an idle connection may be used: looks without sending anything.
  [[nodiscard]] virtual bool is_usable() noexcept = 0;
  /// On any thread, while a statement runs or not: ends the one that runs, which throws `statement_timeout` then.
  virtual void cancel() noexcept = 0;
  /// A transaction has begun and not ended; of a connection that broke, whether it had.
  [[nodiscard]] virtual bool in_transaction() const noexcept = 0;
  /// The connection is lost: nothing more can be done with it.
  [[nodiscard]] virtual bool is_broken() const noexcept = 0;

  /// The pool's: when it has lived long enough.
  clock::time_point replace_at = clock::time_point::max();

 protected:
  database_connection() = default;
};

class database_backend {
 public:
  enum class role { read_write, read_only };

  virtual ~database_backend() = default;
  database_backend(const database_backend&) = delete;
  database_backend& operator=(const database_backend&) = delete;

  /// @throws database_unavailable; database_error where repeating is useless.
  [[nodiscard]] virtual std::unique_ptr<database_connection> open(role wanted) = 0;
  /// How many connections may write at a time, and how many more there are for reading only (0: all are alike).
  [[nodiscard]] virtual std::size_t writers() const noexcept = 0;
  [[nodiscard]] virtual std::size_t readers() const noexcept = 0;
  /// It runs on this machine's cores.
  [[nodiscard]] virtual bool is_local() const noexcept = 0;
  [[nodiscard]] virtual const std::string& description() const noexcept = 0;
  [[nodiscard]] virtual database_driver driver() const noexcept = 0;

 protected:
  database_backend() = default;
};

[[nodiscard]] std::unique_ptr<database_backend> make_sqlite_backend(const database_options& options);
[[nodiscard]] std::unique_ptr<database_backend> make_postgres_backend(const database_options& options);

}  // namespace nestcpp::detail
