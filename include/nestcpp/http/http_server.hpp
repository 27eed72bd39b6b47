#pragma once
/// @file nestcpp/http/http_server.hpp
/// @brief A listener that gives requests to a dispatcher; adapters implement it.

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/tls_options.hpp>
#include <nestcpp/http/http_dispatcher.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace nestcpp {

struct http_server_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 3000;  ///< 0 = any free port.
  /// Requests worked on at a time; further ones wait, once their bodies have come. Idle keep-alive connections do not
  /// count, nor do streamed answers that have begun.
  std::size_t max_connections = 1024;
  /// Idle connections are closed after it. Default: 5 s, as Node.
  std::chrono::milliseconds keep_alive_timeout{5000};
  /// Patience for a request's head, from its first byte. Over it: 408. Default: 60 s, as Node.
  std::chrono::milliseconds head_timeout{60000};
  /// Patience for a body, from the end of the head. Over it: 408. Default: 60 s.
  std::chrono::milliseconds body_timeout{60000};
  /// Patience for a peer that does not read its answer: for each 64 KiB. Default: 30 s; then the connection is closed.
  std::chrono::milliseconds write_timeout{30000};
  std::size_t max_target_size = 8192;     ///< Over it: 414.
  std::size_t max_head_size = 16 * 1024;  ///< Request line and headers. Over it: 431. Default: as Node.
  /// Makes it HTTPS. Default: none.
  std::optional<tls_options> tls{};
};

/// `start()` → requests → `stop_accepting()` → `drain()` → `close()`. The destructor closes.
/// The runtime has to run from `start()` to `close()`, which wait for its loops, but for those that have been stopped.
/// @par Thread safety All members are safe; each may be called again without effect.
class http_server {
 public:
  virtual ~http_server() = default;

  /// Listens. @throws startup_error naming address and port, for example where another process has the port
  virtual void start() = 0;
  /// The port that is listened on; 0 before `start()`.
  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
  /// Closes the listener and idle connections. Requests under way go on; their connections close after the answer.
  virtual void stop_accepting() = 0;
  /// Waits until all requests under way are answered and written; false: the limit came first. Blocks: not for loops.
  [[nodiscard]] virtual bool drain(deadline limit) = 0;
  /// Closes all connections. Requests that still wait for their handler, or whose bodies have not come whole, are
  /// answered 503.
  virtual void close() = 0;
};

/// The adapter on cpp-httplib, which reads the bodies when they have come whole: on the loop, above 256 KiB on the pool
/// `http-bodies`. Connections live on the dispatcher's loops, and each has its handlers run on its own, so that there
/// are no hops. Time limits are looked after ten times a second.
/// @par Lifetime The dispatcher must outlive the server, and its runtime the connections.
[[nodiscard]] std::unique_ptr<http_server> make_httplib_server(http_dispatcher& dispatcher,
                                                               http_server_options options);

/// The adapter on Boost.Beast, as that on cpp-httplib, but that bodies are read piece by piece, as they come.
/// @par Lifetime The dispatcher must outlive the server, and the runtime its connections.
[[nodiscard]] std::unique_ptr<http_server> make_beast_server(http_dispatcher& dispatcher, runtime& loops,
                                                             http_server_options options);

}  // namespace nestcpp
