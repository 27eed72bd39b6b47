#pragma once
/// @file nestcpp/database/migrations.hpp
/// @brief Numbered changes of a service's tables, applied at start or by command under a lock.

#include <nestcpp/core/task.hpp>
#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/database/database.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nestcpp {

/// One change; may hold several statements. What has been released is never edited: add the next number.
struct migration {
  int version = 0;     ///< from 1, rising
  std::string name{};  ///< "create users"
  std::string sqlite{};
  std::string postgres{};
  /// What undoes it. Default: nothing does, and `migrate_down` refuses to go below it.
  std::string sqlite_down{};
  std::string postgres_down{};
  /// In place of SQL, or after it, in the same transaction: for what needs a program. Its code has no checksum.
  std::function<task<void>(transaction&)> run{};
  std::function<task<void>(transaction&)> run_down{};

  /// For what fits both.
  [[nodiscard]] static migration both(int version, std::string name, std::string sql, std::string down = {});
};

/// Applies those of `migrations` that `table` does not list yet, in order, all in one transaction under a lock, so that
/// several processes may start at once. `table` belongs to the service and is made where it is missing.
/// @param table letters, digits and `_`, for example "user_migrations".
/// @return how many were applied.
/// @throws startup_error where an applied migration has changed since, where the database holds one that is not in the
/// list (it is ahead of this program), where the numbers do not rise, or where one fails (its number, name and reason;
/// nothing is kept).
/// @throws database_unavailable
[[nodiscard]] task<std::size_t> migrate(database& db, std::string table, std::vector<migration> migrations);

/// Undoes what was applied above `version`, the newest first, all in one transaction under the lock.
/// @param version what stays; 0 = nothing
/// @return how many were undone.
/// @throws startup_error as `migrate`, and where one of them has nothing that undoes it; nothing is undone then
[[nodiscard]] task<std::size_t> migrate_down(database& db, std::string table, std::vector<migration> migrations,
                                             int version);

struct migration_status {
  int version = 0;
  std::string name{};
  std::optional<timestamp> applied_at{};  ///< Default: it is pending.
  bool has_changed = false;               ///< It was edited after it was applied.
  bool is_unknown = false;                ///< The database has it, the list does not.
};

/// All of the list and all that the database has, in order; changes nothing, not even where `table` is missing.
[[nodiscard]] task<std::vector<migration_status>> migrations_status(database& db, std::string table,
                                                                    std::vector<migration> migrations);

}  // namespace nestcpp
