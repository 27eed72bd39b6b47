#include "integration/registration_system.hpp"

#include <utility>

namespace integration {

using support::environment;

std::filesystem::path executable_of(std::string_view service) {
  return std::filesystem::path{NESTCPP_BIN_DIR} / service;
}

service::service(std::string name, std::filesystem::path directory, environment variables, listens kinds)
    : name_{std::move(name)}, directory_{std::move(directory)}, variables_{std::move(variables)}, kinds_{kinds} {
  std::filesystem::create_directories(directory_);
  variables_.emplace("HTTP_PORT", std::to_string(http_port()));
  if (kinds_ == listens::http_and_tcp) variables_.emplace("TCP_PORT", std::to_string(tcp_port()));
}

void service::start() {
  spawn();
  await_ready();
}

void service::spawn() {
  if (process_) kill();
  process_ = std::make_unique<support::service_process>(support::process_options{
      .executable = executable_of(name_), .variables = variables_, .working_directory = directory_});
}

void service::await_ready() { process_->await_listeners(kinds_ == listens::http ? 1 : 2); }

void service::kill() {
  if (!process_) return;
  process_->kill();
  earlier_ += process_->transcript() + "\n";
  process_.reset();
}

std::optional<support::process_end> service::stop(int signal) {
  process_->signal(signal);
  return process_->wait();
}

std::string service::transcript() const { return earlier_ + (process_ ? process_->transcript() : std::string{}); }

namespace {

std::unique_ptr<support::test_database> make_database(support::backend kind, const std::filesystem::path& directory) {
  if (kind == support::backend::sqlite) return support::make_sqlite_database(directory);
  return support::make_postgres_database(support::given_postgres().value());
}

}  // namespace

registration_system::registration_system(support::backend kind, const environment& variables)
    : registration_system{std::make_unique<support::temporary_directory>(), nullptr, variables} {
  database_ = make_database(kind, directory_->path());
  for (service* each : {users_.get(), notifications_.get()})
    each->variables().merge(database_->variables(each->name()));
}

registration_system::registration_system(const support::postgres_address& server, const environment& variables)
    : registration_system{std::make_unique<support::temporary_directory>(), support::make_postgres_database(server),
                          variables} {
  for (service* each : {users_.get(), notifications_.get()})
    each->variables().merge(database_->variables(each->name()));
}

registration_system::registration_system(std::unique_ptr<support::temporary_directory> directory,
                                         std::unique_ptr<support::test_database> database, const environment& variables)
    : directory_{std::move(directory)}, database_{std::move(database)} {
  const auto make = [&](const char* name, service::listens kinds) {
    environment own = variables;
    own.merge(environment{{"PASSWORD_HASH_KIB", "8"}, {"PASSWORD_HASH_OPS", "1"}});
    return std::make_unique<service>(name, directory_->path() / name, std::move(own), kinds);
  };
  users_ = make("user_service", service::listens::http_and_tcp);
  notifications_ = make("notification_service", service::listens::http_and_tcp);
  gateway_ = make("gateway", service::listens::http);
  for (service* each : {users_.get(), notifications_.get(), gateway_.get()}) {
    each->variables().emplace("USER_SERVICE_PORT", std::to_string(users_->tcp_port()));
    each->variables().emplace("NOTIFICATION_SERVICE_PORT", std::to_string(notifications_->tcp_port()));
  }
}

void registration_system::start() {
  for (service* each : {users_.get(), notifications_.get(), gateway_.get()}) each->spawn();
  for (service* each : {users_.get(), notifications_.get(), gateway_.get()}) each->await_ready();
}

std::string registration_system::transcript() const {
  return users_->transcript() + "\n" + notifications_->transcript() + "\n" + gateway_->transcript();
}

}  // namespace integration
