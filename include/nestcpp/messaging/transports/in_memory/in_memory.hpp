#pragma once
/// @file nestcpp/messaging/transports/in_memory/in_memory.hpp
/// @brief The TCP transport's frames without sockets, within one process: for tests, and for services that share a
/// process.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/client_proxy.hpp>
#include <nestcpp/messaging/message_dispatcher.hpp>
#include <nestcpp/messaging/server.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace nestcpp {

/// Where servers and clients of one process find each other, by address.
/// @par Thread safety Safe.
class in_memory_network {
 public:
  in_memory_network();
  ~in_memory_network();
  in_memory_network(const in_memory_network&) = delete;
  in_memory_network& operator=(const in_memory_network&) = delete;

  struct impl;
  [[nodiscard]] const std::shared_ptr<impl>& shared() const noexcept { return impl_; }

 private:
  std::shared_ptr<impl> impl_;
};

/// Both ends of a connection live on the client's loop, so the dispatcher is called there.
/// @par Lifetime As `make_tcp_server`.
[[nodiscard]] std::unique_ptr<transport_server> make_in_memory_server(message_dispatcher& dispatcher,
                                                                      in_memory_network& network, std::string address);

[[nodiscard]] std::unique_ptr<client_proxy> make_in_memory_client(
    runtime& run, std::string name, in_memory_network& network, std::string address,
    std::chrono::milliseconds timeout = std::chrono::milliseconds{5000});

}  // namespace nestcpp
