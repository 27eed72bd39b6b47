#pragma once
// A caller's connection as a thread that serves it sees it: buffered, with time limits, without exceptions.

#include "core/tls.hpp"
#include "http/http_head.hpp"

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/http/http_server.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// @par Thread safety Not safe, except `interrupt()`.
class connection {
 public:
  /// @param tls null: plain
  connection(boost::asio::ip::tcp::socket socket, const http_server_options& options, const std::atomic<bool>& stopping,
             tls_context* tls);

  [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }
  [[nodiscard]] const std::string& remote_address() const noexcept { return remote_address_; }

  enum class head_status { complete, closed, timed_out, target_too_long, too_large, malformed };
  /// Waits for a whole head; `head()` then has it, from the method to the empty line. `closed` also where the server
  /// stops before the head is complete.
  [[nodiscard]] head_status read_head();
  [[nodiscard]] std::string_view head() const noexcept { return std::string_view{in_}.substr(begin_, head_size_); }
  /// Forgets the head; what follows is the body or the next request. Bodies may take until `limit`.
  void consume_head(deadline limit);

  /// Reads at least one byte of what follows the head; 0: the peer has closed; -1: error, or too late.
  [[nodiscard]] long read(char* to, std::size_t size);
  [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }

  /// Collects output; it leaves at `flush()`, before a read that has to wait, and where much has been collected.
  bool write(const char* data, std::size_t size);
  /// To append to, what needs no `write()` of its own.
  [[nodiscard]] std::string& output() noexcept { return out_; }
  bool flush();

  /// Whether the peer has closed its side, or the connection.
  [[nodiscard]] bool peer_has_gone() noexcept;
  /// Something of the next request is there already, or comes within `patience`.
  [[nodiscard]] bool has_input(std::chrono::milliseconds patience);
  /// Gives memory back that is not needed until the next request.
  void rest();
  /// Closes so that the peer can read the answer, even where it is still sending.
  void close_gently();
  /// Ends all waiting, from any thread. What is being waited for fails.
  void interrupt() noexcept;

 private:
  enum class wait { ready, timeout, stopped };
  [[nodiscard]] wait wait_for(short events, deadline limit, bool until_stop);
  /// Bytes appended to the input; 0: closed; -1: error; -2: nothing there yet.
  long receive();
  [[nodiscard]] head_status scan_head();
  [[nodiscard]] bool shake_hands();
  /// Bytes sent; -1: error; what TLS wants otherwise.
  long send(std::string_view data) noexcept;

  boost::asio::ip::tcp::socket socket_;
  const http_server_options& options_;
  const std::atomic<bool>& stopping_;
  std::optional<tls_descriptor> tls_;
  std::string remote_address_;
  std::string in_;
  std::size_t begin_ = 0;  // of what is not consumed
  head_scanner scanner_;
  std::size_t head_size_ = 0;
  std::string out_;
  deadline body_limit_;
  bool timed_out_ = false;
  bool is_secure_ = false;
};

}  // namespace nestcpp::detail
