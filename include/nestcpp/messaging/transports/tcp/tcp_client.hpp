#pragma once
/// @file nestcpp/messaging/transports/tcp/tcp_client.hpp
/// @brief NestJS's TCP transport, client side.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/client_proxy.hpp>
#include <nestcpp/messaging/transports/tcp/tcp_options.hpp>

#include <memory>
#include <string>

namespace nestcpp {

/// @param name the service's name, in errors and logs: "user-service"
[[nodiscard]] std::unique_ptr<client_proxy> make_tcp_client(runtime& run, std::string name,
                                                            tcp_client_options options = {});

}  // namespace nestcpp
