#pragma once
/// @file
/// PostgreSQL for tests: one that is given, or one of the test's own that it may crash.

#include "support/socket.hpp"

#include <optional>
#include <string>

#include <sys/types.h>

namespace support {

/// Where a server is.
struct postgres_address {
  std::string host, port = "5432", user = "postgres", password, database = "postgres";

  /// As libpq wants it.
  [[nodiscard]] std::string connection_text() const;
  /// From `host=… port=… user=… password=… dbname=…`.
  static postgres_address parse(const std::string& text);
};

/// What NESTCPP_TEST_PG names; nothing where it is not set.
std::optional<postgres_address> given_postgres();

/// A server that lives as long as this object, also where the test is killed.
class private_postgres {
 public:
  /// @throws std::runtime_error with the reason where none can be started
  private_postgres();
  ~private_postgres();
  private_postgres(const private_postgres&) = delete;
  private_postgres& operator=(const private_postgres&) = delete;

  [[nodiscard]] const postgres_address& address() const { return address_; }
  /// Kills all its processes at once.
  void crash() { order("crash"); }
  /// Starts it again on the same port, and waits until it answers.
  void resume() { order("resume"); }

 private:
  std::string read_line(milliseconds limit);
  void order(const std::string& what);

  pid_t keeper_ = -1;
  descriptor to_keeper_, from_keeper_;
  std::string buffer_;
  postgres_address address_;
};

}  // namespace support
