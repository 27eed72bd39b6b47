#include "shared/settings.hpp"

#include <algorithm>
#include <thread>

Settings Settings::of(const ServiceDefaults& defaults) {
  Settings settings;
  settings.service = settings.database.application_name = defaults.service;
  settings.http_port = defaults.http_port;
  settings.tcp_port = defaults.tcp_port;
  settings.database.path = "data/" + defaults.service + ".sqlite3";
  settings.io_threads = settings.password_hashing.concurrency = std::max(1U, std::thread::hardware_concurrency());
  return settings;
}

Settings Settings::from(const nest::config_source& environment, const ServiceDefaults& defaults) {
  Settings settings = nest::load_config(environment, of(defaults));
  using enum nest::database_driver;
  settings.database.driver = settings.database.type.value_or(environment.find("DB_HOST") ? postgres : sqlite);
  return settings;
}

nest::application_options Settings::application() const {
  return {.io_threads = io_threads, .shutdown_grace = shutdown_grace, .shutdown_delay = shutdown_delay};
}

nest::tcp_client_options Settings::client(const ServiceAddress& of) const {
  return {.host = of.host, .port = of.port, .timeout = client_timeout};
}
