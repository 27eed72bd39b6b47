#pragma once
/// @file nestcpp/testing/temporary_database.hpp
/// @brief A SQLite database of one test.

#include <nestcpp/database/database.hpp>

#include <filesystem>

namespace nestcpp::testing {

/// A new folder with the database's file, removed at the end; in memory (`/dev/shm`) where the system has that, which
/// spares a test the disk's waits. Several connections can use it, as a service's pool does; for one connection
/// `{.path = ":memory:"}` does as well.
/// @par Lifetime Must outlive the applications that use it.
class temporary_database {
 public:
  /// @throws std::filesystem::filesystem_error where no folder can be made
  temporary_database();
  ~temporary_database();
  temporary_database(const temporary_database&) = delete;
  temporary_database& operator=(const temporary_database&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// For `make_database`, or a module: this file, two connections, one of them to write.
  [[nodiscard]] database_options options() const;

 private:
  std::filesystem::path path_;
};

}  // namespace nestcpp::testing
