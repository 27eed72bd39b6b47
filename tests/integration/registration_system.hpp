#pragma once
/// @file
/// The three services as processes of their own, wired to each other on ports and a database of the test's own.

#include "support/files.hpp"
#include "support/http_client.hpp"
#include "support/nest_client.hpp"
#include "support/service_process.hpp"
#include "support/test_database.hpp"

#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace integration {

/// Where the services' executables are.
std::filesystem::path executable_of(std::string_view service);

/// A service with what it takes to start it again as it was: its environment, its directory, its ports.
class service {
 public:
  enum class listens { http, http_and_tcp };

  service(std::string name, std::filesystem::path directory, support::environment variables, listens kinds);

  /// Starts it, and waits until it is ready.
  void start();
  void spawn();
  void await_ready();
  /// kill -9.
  void kill();
  /// Sends the signal and waits for the end.
  std::optional<support::process_end> stop(int signal = SIGTERM);

  [[nodiscard]] support::http_client http() const { return support::http_client{http_port()}; }
  [[nodiscard]] support::nest_client nest() const { return support::nest_client{tcp_port()}; }
  [[nodiscard]] std::uint16_t http_port() const { return http_.port(); }
  [[nodiscard]] std::uint16_t tcp_port() const { return tcp_.port(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  /// Takes effect at the next start.
  support::environment& variables() { return variables_; }
  [[nodiscard]] support::service_process& process() { return *process_; }
  [[nodiscard]] bool has_process() const { return process_ != nullptr; }
  /// All that it ever wrote, over all starts.
  [[nodiscard]] std::string transcript() const;

 private:
  std::string name_;
  std::filesystem::path directory_;
  support::environment variables_;
  listens kinds_;
  support::port_lease http_, tcp_;
  std::unique_ptr<support::service_process> process_;
  std::string earlier_;
};

/// Nothing runs until it is started. What every service gets beside its wiring: the cheapest password hash, and the
/// given.
class registration_system {
 public:
  explicit registration_system(support::backend kind, const support::environment& variables = {});
  /// On a PostgreSQL server of the test's own.
  explicit registration_system(const support::postgres_address& server, const support::environment& variables = {});

  service& users() { return *users_; }
  service& notifications() { return *notifications_; }
  service& gateway() { return *gateway_; }
  support::test_database& database() { return *database_; }
  /// Starts all three, and waits until they are ready.
  void start();
  [[nodiscard]] std::string transcript() const;

 private:
  registration_system(std::unique_ptr<support::temporary_directory> directory,
                      std::unique_ptr<support::test_database> database, const support::environment& variables);

  std::unique_ptr<support::temporary_directory> directory_;
  std::unique_ptr<support::test_database> database_;
  std::unique_ptr<service> users_, notifications_, gateway_;
};

}  // namespace integration
