#pragma once
/// @file nestcpp/database/migrations.hpp
/// @brief Numbered changes of a service's tables, applied at start under a lock.

#include <nestcpp/core/task.hpp>
#include <nestcpp/database/database.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace nestcpp {

/// One change; may hold several statements. What has been released is never edited: add the next number.
struct migration {
  int version = 0;     ///< from 1, rising
  std::string name{};  ///< "create users"
  std::string sqlite{};
  std::string postgres{};

  /// For what fits both.
  [[nodiscard]] static migration both(int version, std::string name, std::string sql);
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

}  // namespace nestcpp
