#pragma once
/// What the environment says, for all three services. See env.example in their folders for the names.

#include "shared/nest.hpp"

#include <nestcpp/app/application.hpp>
#include <nestcpp/core/config.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/database/database.hpp>
#include <nestcpp/pipeline/timeout_interceptor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

/// In what the services differ.
struct ServiceDefaults {
  std::string service;
  std::uint16_t http_port;
  std::uint16_t tcp_port = 0;
};

struct ServiceAddress {
  std::string host;
  std::uint16_t port;
};

/// Argon2id's memory and passes, and how many hashes are made at a time.
struct PasswordHashing {
  std::size_t kib;
  std::size_t ops;
  std::size_t concurrency;
};

struct Settings {
  std::string host;
  std::uint16_t http_port, tcp_port;
  nest::http_adapter http_adapter;
  nest::database_options database;
  ServiceAddress user_service, notification_service;
  std::chrono::milliseconds client_timeout, request_timeout;
  PasswordHashing password_hashing;
  nest::log_options log;
  std::size_t io_threads;
  std::chrono::milliseconds shutdown_grace;

  /// @throws nest::config_error naming every variable that cannot be used
  static Settings from(const nest::config_source& environment, const ServiceDefaults& defaults);

  [[nodiscard]] nest::application_options application() const;
  [[nodiscard]] nest::http_server_options http() const;
  [[nodiscard]] nest::tcp_options tcp() const;
  [[nodiscard]] nest::timeout_options timeout() const { return {.limit = request_timeout}; }
  /// For a client of that service.
  [[nodiscard]] nest::tcp_client_options client(const ServiceAddress& of) const;
};

/// The command line, the environment and `.env` together; configures logging. Ends the process where there is nothing
/// to run: 0 after --help and --version, 1 after a value that cannot be used, 2 after an unknown option.
Settings load_settings(const ServiceDefaults& defaults, int argc, char** argv);
