#pragma once
/// @file
/// Blocking TCP on 127.0.0.1 with a limit on every wait. Of the operating system only, nothing of the library's.

#include "support/wait.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace support {

/// A file descriptor that is closed at the end.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int fd) : fd_{fd} {}
  ~descriptor() { close(); }
  descriptor(descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  void close();

 private:
  int fd_ = -1;
};

/// Waits until the descriptor can be read (or written). @return false after the limit
bool wait_readable(int fd, milliseconds limit);
bool wait_writable(int fd, milliseconds limit);

/// A connection. All functions throw std::system_error where the peer resets it.
class tcp_stream {
 public:
  explicit tcp_stream(descriptor fd) : fd_{std::move(fd)} {}
  /// @throws std::system_error where nothing listens
  static tcp_stream connect(std::uint16_t port, milliseconds limit = patience);

  void send(std::string_view bytes, milliseconds limit = patience);
  /// What has come, at least one byte; empty where the peer has ended its side.
  /// @throws std::system_error timed_out after the limit
  std::string receive(milliseconds limit = patience);
  /// Until the peer ends its side.
  std::string receive_all(milliseconds limit = patience);
  /// Ends our side only.
  void shut_down_writing();
  /// Ends both sides, also for a thread that is in `receive`.
  void shut_down();
  /// Ends the connection with RST, as a crash of the machine would.
  void reset();
  void close() { fd_.close(); }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  descriptor fd_;
};

/// A listening socket.
class tcp_listener {
 public:
  /// @param port 0 = any free one
  /// @throws std::system_error where the port is taken
  explicit tcp_listener(std::uint16_t port = 0);
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// @return nothing after the limit
  std::optional<tcp_stream> accept(milliseconds limit);
  void close() { fd_.close(); }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  descriptor fd_;
  std::uint16_t port_ = 0;
};

}  // namespace support
