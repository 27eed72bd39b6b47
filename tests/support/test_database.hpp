#pragma once
/// @file
/// The database of one test: made for it, handed to the services by their environment, read from outside.

#include "support/private_postgres.hpp"
#include "support/service_process.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace support {

enum class backend { sqlite, postgres };
std::string_view name_of(backend kind);

/// Rows of texts; NULL is nothing.
using table_row = std::vector<std::optional<std::string>>;
using table = std::vector<table_row>;

class test_database {
 public:
  virtual ~test_database() = default;
  /// What the service needs in its environment to use this database.
  [[nodiscard]] virtual environment variables(std::string_view service) const = 0;
  /// Runs one statement where the service keeps its tables. @throws std::exception where the database refuses it
  virtual table query(std::string_view service, const std::string& sql) = 0;
  /// Everything stored there, to look for what must not be.
  virtual std::string dump(std::string_view service) = 0;

  /// The first column of the first row. @throws std::runtime_error where there is none
  std::string value(std::string_view service, const std::string& sql);
  long long count(std::string_view service, const std::string& sql) { return std::stoll(value(service, sql)); }
};

/// A file for each service in the directory.
std::unique_ptr<test_database> make_sqlite_database(std::filesystem::path directory);
/// A database of its own on that server, dropped at the end.
std::unique_ptr<test_database> make_postgres_database(postgres_address server);

}  // namespace support
