#pragma once
/// @file nestcpp/messaging/transports/tcp/tcp_server.hpp
/// @brief NestJS's TCP transport, server side.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/message_dispatcher.hpp>
#include <nestcpp/messaging/server.hpp>
#include <nestcpp/messaging/transports/tcp/tcp_options.hpp>

#include <memory>

namespace nestcpp {

/// Connections are dealt to the runtime's loops in turn and stay there.
/// @par Lifetime Runtime and dispatcher must outlive the server; the runtime must run while the server closes.
[[nodiscard]] std::unique_ptr<transport_server> make_tcp_server(runtime& run, message_dispatcher& dispatcher,
                                                                tcp_options options = {});

}  // namespace nestcpp
