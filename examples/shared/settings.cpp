#include "shared/settings.hpp"

#include <thread>

namespace {

using namespace std::chrono_literals;

std::size_t cores() { return std::max(1U, std::thread::hardware_concurrency()); }

nest::database_options read_database(nest::config_reader& read, const ServiceDefaults& defaults) {
  using enum nest::database_driver;
  nest::database_options database;
  database.driver =
      read.one_of("DB_TYPE", {{"sqlite", sqlite}, {"postgres", postgres}}, read.is_set("DB_HOST") ? postgres : sqlite);
  database.path = read.text("DB_PATH", "data/" + defaults.service + ".sqlite3");
  database.host = read.text("DB_HOST", "127.0.0.1");
  database.port = read.integer<std::uint16_t>("DB_PORT", 5432, {.min = 1});
  database.username = read.text("DB_USERNAME", "postgres");
  database.password = read.text("DB_PASSWORD", "");
  database.name = read.text("DB_NAME", "microservices_db");
  database.pool_size = read.integer<std::size_t>("DB_POOL_SIZE", 10, {.min = 1, .max = 1000});
  database.connect_timeout = read.milliseconds("DB_CONNECT_TIMEOUT_MS", 30s);
  database.application_name = defaults.service;
  return database;
}

ServiceAddress read_address(nest::config_reader& read, const std::string& name, std::uint16_t port) {
  return {.host = read.text(name + "_HOST", "127.0.0.1"),
          .port = read.integer<std::uint16_t>(name + "_PORT", port, {.min = 1})};
}

PasswordHashing read_password_hashing(nest::config_reader& read) {
  return {.kib = read.integer<std::size_t>("PASSWORD_HASH_KIB", 65536, {.min = 8, .max = 4194304}),
          .ops = read.integer<std::size_t>("PASSWORD_HASH_OPS", 2, {.min = 1, .max = 4294967295}),
          .concurrency = read.integer<std::size_t>("PASSWORD_HASH_CONCURRENCY", cores(), {.min = 1, .max = 1024})};
}

nest::log_options read_log(nest::config_reader& read, const ServiceDefaults& defaults) {
  return {.level = read.parsed("LOG_LEVEL", nest::log_level::info, nest::parse_log_level,
                               "trace, debug, info, warn, error, fatal or off"),
          .format = read.parsed<std::optional<nest::log_format>>("LOG_FORMAT", std::nullopt, nest::parse_log_format,
                                                                 "pretty or json"),
          .service = defaults.service};
}

}  // namespace

Settings Settings::from(const nest::config_source& environment, const ServiceDefaults& defaults) {
  nest::config_reader read{environment};
  const Settings settings{.host = read.text("HOST", "127.0.0.1"),
                          .http_port = read.port("HTTP_PORT", defaults.http_port),
                          .tcp_port = read.port("TCP_PORT", defaults.tcp_port),
                          .http_adapter = read.one_of("HTTP_ADAPTER", {{"httplib", nest::http_adapter::httplib}},
                                                      nest::http_adapter::httplib),
                          .database = read_database(read, defaults),
                          .user_service = read_address(read, "USER_SERVICE", 4001),
                          .notification_service = read_address(read, "NOTIFICATION_SERVICE", 4003),
                          .client_timeout = read.milliseconds("CLIENT_TIMEOUT_MS", 5s, {.min = 1ms}),
                          .request_timeout = read.milliseconds("REQUEST_TIMEOUT_MS", 10s, {.min = 1ms}),
                          .password_hashing = read_password_hashing(read),
                          .log = read_log(read, defaults),
                          .io_threads = read.integer<std::size_t>("IO_THREADS", cores(), {.min = 1, .max = 1024}),
                          .shutdown_grace = read.milliseconds("SHUTDOWN_GRACE_MS", 10s)};
  read.finish();
  return settings;
}

nest::application_options Settings::application() const {
  return {.io_threads = io_threads, .shutdown_grace = shutdown_grace};
}

nest::http_server_options Settings::http() const { return {.host = host, .port = http_port}; }

nest::tcp_options Settings::tcp() const { return {.host = host, .port = tcp_port}; }

nest::tcp_client_options Settings::client(const ServiceAddress& of) const {
  return {.host = of.host, .port = of.port, .timeout = client_timeout};
}
