#include <nestcpp/testing/testing_module.hpp>

#include <stdexcept>

namespace nestcpp::testing {

testing_module::testing_module(testing_module_options options)
    : options_{std::move(options)},
      own_network_{options_.network == nullptr ? std::make_unique<test_network>() : nullptr},
      network_{options_.network == nullptr ? own_network_.get() : options_.network} {}

testing_module::~testing_module() { close(); }

nestcpp::application_options testing_module::application_options() const {
  nestcpp::application_options options;
  options.io_threads = options_.io_threads;
  options.shutdown_grace = options_.shutdown_grace;
  return options;
}

void testing_module::adopt(std::unique_ptr<application> app) {
  app_ = std::move(app);
  app_->providers().add_value<client_connector>(network_->connector());
  app_->serve_http().connect_microservice(network_->memory(), options_.name);
}

testing_module& testing_module::compile() {
  app_->providers().build_all();
  return *this;
}

testing_module& testing_module::start() {
  app_->start();
  network_->announce(options_.name);
  client_ = make_in_memory_client(app_->loops(), options_.name, network_->memory(), options_.name,
                                  std::chrono::hours{24 * 365});
  return *this;
}

void testing_module::close() {
  if (client_) network_->withdraw(options_.name);
  client_.reset();
  app_->stop();
}

http_agent testing_module::http() { return http_agent{app_->http()}; }

message_agent testing_module::messages() {
  if (!client_) throw std::logic_error{"this testing_module does not run: call start() first"};
  return message_agent{*client_, app_->loops().loop(0)};
}

}  // namespace nestcpp::testing
