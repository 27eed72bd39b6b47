#pragma once
/// @file nestcpp/app/clients.hpp
/// @brief Gives typed clients their address, in a module: `clients<UserClient>(nest::tcp_client_options{host, port});`.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/tag.hpp>
#include <nestcpp/messaging/transports/in_memory/in_memory.hpp>
#include <nestcpp/messaging/transports/tcp/tcp_client.hpp>
#include <nestcpp/messaging/typed_client.hpp>
#include <nestcpp/module/module.hpp>
#include <nestcpp/observability/metrics_registry.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// Where an application's typed clients connect to instead of their TCP addresses, where it is given one:
/// `app.providers().add_value<nest::client_connector>(mine)`. Tests do so.
class client_connector {
 public:
  virtual ~client_connector() = default;
  /// @param service the client's name, "user-service" @param timeout of calls that name none
  [[nodiscard]] virtual std::unique_ptr<client_proxy> connect(runtime& loops, std::string_view service,
                                                              std::chrono::milliseconds timeout) = 0;
};

/// An in-process service's address.
struct in_memory_client_options {
  in_memory_network& network;  ///< must outlive the application
  std::string address;
};

template <class Client>
  requires std::is_base_of_v<typed_client, Client>
void nest_provide_client(module& to, tag<Client>, const tcp_client_options& options) {
  to.provide_factory<Client>([options](runtime& loops, metrics_registry& metrics, client_connector* elsewhere) {
    const client_info info = Client::nest_client_();
    auto proxy = elsewhere != nullptr ? elsewhere->connect(loops, info.name, options.timeout)
                                      : make_tcp_client(loops, std::string{info.name}, options);
    auto client = std::make_unique<Client>(std::move(proxy), info.policy);
    metrics.collect([client = client.get()] { return client->metrics(); });
    return client;
  });
}

template <class Client>
  requires std::is_base_of_v<typed_client, Client>
void nest_provide_client(module& to, tag<Client>, const in_memory_client_options& options) {
  to.provide_factory<Client>([options](runtime& loops, metrics_registry& metrics) {
    const client_info info = Client::nest_client_();
    auto client = std::make_unique<Client>(
        make_in_memory_client(loops, std::string{info.name}, options.network, options.address), info.policy);
    metrics.collect([client = client.get()] { return client->metrics(); });
    return client;
  });
}

}  // namespace nestcpp
