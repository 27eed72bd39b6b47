#pragma once
// A connected socket, plain or with TLS on it. The owner keeps it alive while operations are pending, and uses it on
// one loop. At most one read and one write at a time.

#include "core/tls.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace nestcpp::detail {

class tcp_stream {
 public:
  using socket_type = boost::asio::ip::tcp::socket;

  // Plain. A plain stream pays one branch per operation for being able to be another.
  explicit tcp_stream(socket_type socket);
  // With TLS; handshake first.
  // @param server_name clients only: the name that the server must prove to have
  tcp_stream(socket_type socket, tls_context& context, const std::string& server_name = {});

  [[nodiscard]] bool has_tls() const noexcept { return tls_ != nullptr; }
  [[nodiscard]] socket_type& socket() noexcept { return tls_ == nullptr ? socket_ : tls_->socket(); }

  // Token: void(error_code). Ends at once where there is no TLS.
  template <class Token>
  auto async_handshake(Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
        [this](auto handler) { start_handshake(std::move(handler)); }, token);
  }
  // What went wrong in a handshake or later, for a log line or an exception: OpenSSL's reason and the certificate's.
  [[nodiscard]] std::string explain(boost::system::error_code error) const;

  // Handler: void(error_code, size_t).
  template <class Handler>
  void async_read_some(boost::asio::mutable_buffer to, Handler&& handler) {
    if (tls_ == nullptr) [[likely]] {
      socket_.async_read_some(to, std::forward<Handler>(handler));
    } else {
      tls_->async_read_some(to, std::forward<Handler>(handler));
    }
  }
  // All of it. Handler: void(error_code, size_t).
  template <class Handler>
  void async_write(boost::asio::const_buffer from, Handler&& handler) {
    if (tls_ == nullptr) [[likely]] {
      boost::asio::async_write(socket_, from, std::forward<Handler>(handler));
    } else {
      tls_->async_write(from, std::forward<Handler>(handler));
    }
  }

  // Tells the peer that nothing follows: FIN, after TLS's own farewell. Needs that no write is pending. Handler:
  // void(error_code), on the loop; with TLS also where the farewell could not be sent. Reading goes on.
  void async_shut_down_sending(tls_layer::step_handler handler);
  // A pending read ends.
  void shut_down_receiving() noexcept;
  void close() noexcept;

 private:
  void start_handshake(tls_layer::step_handler handler);

  socket_type socket_;  // without TLS
  std::unique_ptr<tls_layer> tls_;
};

// A machine that is gone says nothing: lets the system find out by asking it, within `after`; 0: as the system is set.
void keep_alive(tcp_stream::socket_type& socket, std::chrono::seconds after);

}  // namespace nestcpp::detail
