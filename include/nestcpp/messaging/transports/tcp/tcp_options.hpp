#pragma once
/// @file nestcpp/messaging/transports/tcp/tcp_options.hpp
/// @brief Settings of NestJS's TCP transport, with NestJS's names and defaults where NestJS has them.

#include <nestcpp/messaging/transports/tcp/tls_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace nestcpp {

/// Server side.
struct tcp_options {
  std::string host = "localhost";  ///< Name or address to listen on. Default: localhost.
  std::uint16_t port = 3000;       ///< 0: any free port. Default: 3000.
  /// UTF-16 units a connection may buffer. Default: 128 Mi.
  std::size_t max_buffer_size = 134217728;
  /// How long a peer may stop in the middle of a packet; 0: for ever. Default: 30 s.
  std::chrono::milliseconds incomplete_message_timeout{30000};
  /// Bytes a peer may leave unread before it is cut; 0: no limit. Default: 128 Mi.
  std::size_t max_send_buffer_size = 134217728;
  /// Every connection is TLS. Default: none is.
  std::optional<tls_options> tls{};
};

/// Client side.
struct tcp_client_options {
  std::string host = "localhost";  ///< Default: localhost.
  std::uint16_t port = 3000;       ///< Default: 3000.
  /// UTF-16 units of replies a connection may buffer. Default: 128 Mi.
  std::size_t max_buffer_size = 134217728;
  /// Time limit of a call, connecting included, where the call or the client names none. Default: 5 s.
  std::chrono::milliseconds timeout{5000};
  /// Time limit of one attempt to connect, TLS handshake included. Default: 2 s.
  std::chrono::milliseconds connect_timeout{2000};
  /// Connect with TLS. Default: without.
  std::optional<tls_options> tls{};
};

}  // namespace nestcpp
