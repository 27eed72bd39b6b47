#pragma once
// TLS without OpenSSL's headers: one side's certificates, and TLS on one socket.

#include <nestcpp/core/tls_options.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace nestcpp::detail {

enum class tls_side { server, client };

// Whether the option's text is the PEM itself, not the path of a file.
[[nodiscard]] bool is_pem(std::string_view text) noexcept;

// One side's certificates, ready for connections; read again when their files change. Thread-safe: used by all loops.
class tls_context {
 public:
  // @throws startup_error: which option and file, and what is wrong
  tls_context(tls_options options, tls_side side);
  ~tls_context();

  [[nodiscard]] const tls_options& options() const noexcept { return options_; }
  [[nodiscard]] tls_side side() const noexcept { return side_; }

  // For the next connection. Looks for changed files, at most once a second.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> current();

 private:
  // What tells a file's versions apart.
  struct file_stamp {
    std::int64_t seconds = 0, nanoseconds = 0, size = 0;
    std::uint64_t inode = 0;
    bool operator==(const file_stamp&) const = default;
  };

  [[nodiscard]] std::vector<file_stamp> stamps() const;

  tls_options options_;
  tls_side side_;
  std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::vector<file_stamp> stamps_;  // of the last attempt to read them
  std::chrono::steady_clock::time_point looked_at_;
};

// TLS on a connected socket. The owner keeps it alive while operations are pending, and uses it on one loop.
class tls_layer {
 public:
  using socket_type = boost::asio::ip::tcp::socket;
  using step_handler = boost::asio::any_completion_handler<void(boost::system::error_code)>;
  using transfer_handler = boost::asio::any_completion_handler<void(boost::system::error_code, std::size_t)>;

  // @param server_name clients only: the name that the server must prove to have
  tls_layer(socket_type socket, tls_context& context, const std::string& server_name);
  ~tls_layer();

  [[nodiscard]] socket_type& socket() noexcept;
  void async_handshake(step_handler handler);
  void async_read_some(boost::asio::mutable_buffer to, transfer_handler handler);
  // All of it.
  void async_write(boost::asio::const_buffer from, transfer_handler handler);
  // TLS's farewell; waits for the peer's.
  void async_shutdown(step_handler handler);
  // The error's text, and what is wrong with the peer's certificate where that is it.
  [[nodiscard]] std::string explain(boost::system::error_code error) const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp::detail
