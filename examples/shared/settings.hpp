#pragma once
/// What the environment says, for all three services. See env.example in their folders for the names.

#include "shared/mail_settings.hpp"
#include "shared/nest.hpp"

#include <nestcpp/app/application.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/database/database.hpp>
#include <nestcpp/dto/load_config.hpp>
#include <nestcpp/pipeline/timeout_interceptor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// In what the services differ.
struct ServiceDefaults {
  std::string service;
  std::uint16_t http_port;
  std::uint16_t tcp_port = 0;
  bool has_database = true;
};

struct DatabaseSettings : nest::database_options {
  std::optional<nest::database_driver> type;  ///< Default: PostgreSQL where a host is named.
};
NEST_DTO(DatabaseSettings, NEST_FIELD(type), NEST_FIELD(host), NEST_FIELD(port, min(1)), NEST_FIELD(username),
         NEST_FIELD(password), NEST_FIELD(name), NEST_FIELD(path), NEST_FIELD(pool_size, min(1), max(1000)),
         NEST_FIELD(connect_timeout, env("CONNECT_TIMEOUT_MS")), NEST_FIELD(slow_query_threshold, env("SLOW_QUERY_MS")),
         NEST_FIELD(ssl_mode), NEST_FIELD(ssl_root_cert));

struct ServiceAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};
NEST_DTO(ServiceAddress, NEST_FIELD(host), NEST_FIELD(port, min(1)));

/// Argon2id's memory and passes, and how many hashes are made at a time.
struct PasswordHashing {
  std::size_t kib = 65536;
  std::size_t ops = 2;
  std::size_t concurrency = 1;
};
NEST_DTO(PasswordHashing, NEST_FIELD(kib, min(8), max(4194304)), NEST_FIELD(ops, min(1), max(4294967295)),
         NEST_FIELD(concurrency, min(1), max(1024)));

struct Settings {
  std::string service;
  std::vector<std::string> command;  ///< Of the command line; empty: serve.
  std::string host = "127.0.0.1";
  std::uint16_t http_port = 0, tcp_port = 0;
  nest::http_adapter http_adapter = nest::http_adapter::httplib;
  DatabaseSettings database;
  ServiceAddress user_service{.port = 4001}, notification_service{.port = 4003};
  std::chrono::milliseconds client_timeout{5000}, request_timeout{10000};
  PasswordHashing password_hashing;
  MailSettings mail;
  nest::log_level log_level = nest::log_level::info;
  std::optional<nest::log_format> log_format;
  std::size_t io_threads = 1;
  std::chrono::milliseconds shutdown_grace{10000}, shutdown_delay{0};

  /// What holds where the environment says nothing.
  static Settings of(const ServiceDefaults& defaults);
  /// @throws nest::config_error naming every variable that cannot be used
  static Settings from(const nest::config_source& environment, const ServiceDefaults& defaults);

  [[nodiscard]] nest::application_options application() const;
  [[nodiscard]] nest::http_server_options http() const { return {.host = host, .port = http_port}; }
  [[nodiscard]] nest::tcp_options tcp() const { return {.host = host, .port = tcp_port}; }
  [[nodiscard]] nest::timeout_options timeout() const { return {.limit = request_timeout}; }
  [[nodiscard]] nest::log_options log() const { return {.level = log_level, .format = log_format, .service = service}; }
  /// For a client of that service.
  [[nodiscard]] nest::tcp_client_options client(const ServiceAddress& of) const;
};
NEST_DTO(Settings, NEST_FIELD(host), NEST_FIELD(http_port), NEST_FIELD(tcp_port), NEST_FIELD(http_adapter),
         NEST_FIELD(database, env("DB")), NEST_FIELD(user_service), NEST_FIELD(notification_service),
         NEST_FIELD(client_timeout, env("CLIENT_TIMEOUT_MS"), env_min(std::chrono::milliseconds{1})),
         NEST_FIELD(request_timeout, env("REQUEST_TIMEOUT_MS"), env_min(std::chrono::milliseconds{1})),
         NEST_FIELD(password_hashing, env("PASSWORD_HASH")), NEST_FIELD(mail), NEST_FIELD(log_level),
         NEST_FIELD(log_format), NEST_FIELD(io_threads, min(1), max(1024)),
         NEST_FIELD(shutdown_grace, env("SHUTDOWN_GRACE_MS")), NEST_FIELD(shutdown_delay, env("SHUTDOWN_DELAY_MS")));

/// The command line, the environment and `.env` together; configures logging. Ends the process where there is nothing
/// to run: 0 after --help and --version, 1 after a value that cannot be used, 2 after an unknown option.
Settings load_settings(const ServiceDefaults& defaults, int argc, char** argv);
