#pragma once
/// @file
/// A stretch of network between two processes that a test can cut.

#include "support/socket.hpp"

#include <atomic>
#include <cstdint>
#include <thread>

namespace support {

/// Passes connections on to a port of 127.0.0.1.
class tcp_proxy {
 public:
  enum class state {
    open,     ///< bytes pass
    stalled,  ///< connections stay and new ones are accepted, but nothing passes
    cut,      ///< connections are closed, new ones are closed at once
    slow,     ///< bytes pass, each piece after 20 ms
  };

  /// @param port where to listen; 0 = any free one
  explicit tcp_proxy(std::uint16_t upstream, std::uint16_t port = 0);
  ~tcp_proxy();
  tcp_proxy(const tcp_proxy&) = delete;
  tcp_proxy& operator=(const tcp_proxy&) = delete;

  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  void set(state next) { state_ = next; }
  /// Of the next piece that passes half is passed, then its connection is closed.
  void truncate_once() { truncates_ = true; }

 private:
  void run();

  std::uint16_t upstream_;
  tcp_listener listener_;
  std::atomic<state> state_ = state::open;
  std::atomic<bool> truncates_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace support
