#pragma once
/// @file nestcpp/messaging/transports/tcp/tcp_options.hpp
/// @brief Settings of NestJS's TCP transport, with NestJS's names and defaults where NestJS has them.

#include <nestcpp/core/tls_options.hpp>
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/resilience/exponential_backoff.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nestcpp {

/// Server side. What a peer may take is limited; where NestJS has the limit, it has its name and default.
struct tcp_options {
  std::string host = "localhost";  ///< Name or address to listen on. Default: localhost.
  std::uint16_t port = 3000;       ///< 0: any free port. Default: 3000.

  /// UTF-16 units of one packet. More is refused as soon as the packet's length has arrived: replies under way are
  /// still sent, then the connection is closed. Default: 128 Mi.
  std::size_t max_buffer_size = 134217728;
  /// How long a peer may stop sending in the middle of a packet before it is cut; 0: for ever. Default: 30 s.
  std::chrono::milliseconds incomplete_message_timeout{30000};
  /// Bytes of replies a peer may leave unread before it is cut; 0: no limit. Only replies that were under way reach
  /// it: no further packet of a peer is looked at while more than 32 KiB wait for it. Default: 128 Mi.
  std::size_t max_send_buffer_size = 134217728;

  /// Calls of one connection that may be under way at once; 0: no limit. At the limit nothing more is read from it
  /// until one has ended. Handlers that never suspend do not count. Default: 10,000.
  std::size_t max_in_flight_per_connection = 10000;
  /// The same for all connections of the server together; but each may always have one, so that nobody is shut out.
  /// Those that have to wait go on in turn. Default: 25,000; 0: no limit.
  std::size_t max_in_flight = 25000;
  /// Replies of one connection that are streams and go on at once; those above are answered with an error, as streams
  /// may never end, and waiting for them would hold up every other call. Default: 10,000; 0: no limit.
  std::size_t max_streams_per_connection = 10000;
  /// The same for all connections of the server together. Default: 25,000; 0: no limit.
  std::size_t max_streams = 25000;
  /// Open connections; those above are closed as soon as they are accepted, and a line a second is logged. Default:
  /// 16,384; 0: no limit but the process's for open files.
  std::size_t max_connections = 16384;
  /// Closes connections on which nothing has come or gone for this long while no call was under way. Default: 0, never,
  /// as in NestJS: its clients keep their connection for as long as they live.
  std::chrono::milliseconds idle_timeout{0};
  /// A peer whose machine is gone without a word is noticed after so long; 0: when the system notices, which may be
  /// hours. Default: 30 s.
  std::chrono::seconds keep_alive{30};

  /// Every connection is TLS. Default: none is.
  std::optional<tls_options> tls{};
};

/// Where a service, or one instance of it, is.
struct tcp_endpoint {
  std::string host = "localhost";  ///< Name or address.
  std::uint16_t port = 3000;
};

/// Client side.
struct tcp_client_options {
  std::string host = "localhost";  ///< Name or address. A name with several addresses is several instances.
  std::uint16_t port = 3000;       ///< Default: 3000.
  /// The instances of the service, in place of host and port; calls are balanced over them. Default: none.
  std::vector<tcp_endpoint> endpoints{};
  /// UTF-16 units of replies a connection may buffer. Default: 128 Mi.
  std::size_t max_buffer_size = 134217728;
  /// How long the service may stop in the middle of a packet before the connection is closed; 0: for ever. Default:
  /// 30 s.
  std::chrono::milliseconds incomplete_message_timeout{30000};
  /// Bytes of requests the service may leave unread before the connection is closed; 0: no limit. Default: 128 Mi.
  std::size_t max_send_buffer_size = 134217728;
  /// Calls that may wait on one connection, or for one; more fail with unavailable_exception. Default: 65,536.
  std::size_t max_pending = 65536;
  /// Bytes of values that a stream may have waiting for its reader; one value may always wait. The connection is shared
  /// with other calls and cannot be held up for one reader, so that past it the stream fails with client_exception.
  /// Default: 16 Mi.
  std::size_t max_stream_buffer_size = 16777216;
  /// Time limit of a call, connecting included, where the call or the client names none. Default: 5 s.
  std::chrono::milliseconds timeout{5000};
  /// Time limit of one attempt to connect, TLS handshake included. Default: 2 s.
  std::chrono::milliseconds connect_timeout{2000};
  /// A machine that is gone without a word, so that nothing it should acknowledge is, is noticed after so long; 0: when
  /// the system notices, which may be hours. Default: 30 s.
  std::chrono::seconds keep_alive{30};
  /// Connect with TLS. Default: without.
  std::optional<tls_options> tls{};
  /// Makes lost connections again in the background, so that the next call finds one. Default: on. Off, the next call
  /// makes it, as with NestJS.
  bool reconnect = true;
  /// How long it waits before each attempt in the background; never ends, `attempts` does not count. A call that finds
  /// no connection does not wait for it. Default: 100 ms, doubled to 10 s, each ± 20 %.
  exponential_backoff reconnect_backoff{.initial = std::chrono::milliseconds{100},
                                        .max = std::chrono::milliseconds{10000},
                                        .jitter = backoff_jitter::proportional};
  /// Of the runtime's loops those that hold connections; calls from others pass through one of them. Default: 0 = all.
  std::size_t loops = 0;
  /// How to read packets that are no reply of NestJS's: as NestJS's client of version 12 or 11 would. Replies of
  /// NestJS's services, both versions, and of nestcpp's read the same by either; it matters for other software.
  /// Default: v12.
  reply_rules rules = reply_rules::v12;
};

}  // namespace nestcpp
