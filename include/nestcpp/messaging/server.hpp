#pragma once
/// @file nestcpp/messaging/server.hpp
/// @brief What the application needs of a transport's server.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace nestcpp {

/// @par Thread safety Members must be called from one thread at a time, which is none of the loops'.
class transport_server {
 public:
  /// Closes.
  virtual ~transport_server() = default;

  /// Opens the listener. @throws startup_error naming the address where it cannot be had
  virtual void listen() = 0;
  /// "tcp 127.0.0.1:4001", for the line that tells that the service is ready.
  [[nodiscard]] virtual std::string describe() const = 0;
  /// No new connections; those that exist go on.
  virtual void stop_accepting() = 0;
  /// Sends what is waiting to be sent, then closes every connection. Returns when all are closed, or after `patience`,
  /// when the rest is cut.
  virtual void close(std::chrono::milliseconds patience) = 0;
};

}  // namespace nestcpp
