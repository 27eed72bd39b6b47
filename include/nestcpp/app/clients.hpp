#pragma once
/// @file nestcpp/app/clients.hpp
/// @brief Gives typed clients their address, in a module: `clients<UserClient>(nest::tcp_client_options{host, port});`.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/tag.hpp>
#include <nestcpp/messaging/transports/in_memory/in_memory.hpp>
#include <nestcpp/messaging/transports/tcp/tcp_client.hpp>
#include <nestcpp/messaging/typed_client.hpp>
#include <nestcpp/module/module.hpp>

#include <memory>
#include <string>
#include <type_traits>

namespace nestcpp {

/// An in-process service's address.
struct in_memory_client_options {
  in_memory_network& network;  ///< must outlive the application
  std::string address;
};

template <class Client>
  requires std::is_base_of_v<typed_client, Client>
void nest_provide_client(module& to, tag<Client>, const tcp_client_options& options) {
  to.provide_factory<Client>([options](runtime& loops) {
    const client_info info = Client::nest_client_();
    return std::make_unique<Client>(make_tcp_client(loops, std::string{info.name}, options), info.policy);
  });
}

template <class Client>
  requires std::is_base_of_v<typed_client, Client>
void nest_provide_client(module& to, tag<Client>, const in_memory_client_options& options) {
  to.provide_factory<Client>([options](runtime& loops) {
    const client_info info = Client::nest_client_();
    return std::make_unique<Client>(
        make_in_memory_client(loops, std::string{info.name}, options.network, options.address), info.policy);
  });
}

}  // namespace nestcpp
