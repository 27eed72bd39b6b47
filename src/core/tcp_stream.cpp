#include "core/tcp_stream.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <climits>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace nestcpp::detail {

tcp_stream::tcp_stream(socket_type socket) : socket_{std::move(socket)} {}

tcp_stream::tcp_stream(socket_type socket, tls_context& context, const std::string& server_name)
    : socket_{socket.get_executor()}, tls_{std::make_unique<tls_layer>(std::move(socket), context, server_name)} {}

void tcp_stream::start_handshake(tls_layer::step_handler handler) {
  if (tls_ != nullptr) return tls_->async_handshake(std::move(handler));
  boost::asio::post(socket_.get_executor(), boost::asio::append(std::move(handler), boost::system::error_code{}));
}

std::string tcp_stream::explain(boost::system::error_code error) const {
  return tls_ != nullptr ? tls_->explain(error) : error.message();
}

void tcp_stream::async_shut_down_sending(tls_layer::step_handler handler) {
  if (tls_ != nullptr) {
    tls_->async_shutdown([this, handler = std::move(handler)](boost::system::error_code) mutable {
      boost::system::error_code error;
      socket().shutdown(socket_type::shutdown_send, error);
      std::move(handler)(error);
    });
    return;
  }
  boost::system::error_code error;
  socket_.shutdown(socket_type::shutdown_send, error);
  boost::asio::post(socket_.get_executor(), boost::asio::append(std::move(handler), error));
}

void tcp_stream::shut_down_receiving() noexcept {
  boost::system::error_code ignored;
  socket().shutdown(socket_type::shutdown_receive, ignored);
}

void tcp_stream::close() noexcept {
  boost::system::error_code ignored;
  socket().close(ignored);
}

void keep_alive(tcp_stream::socket_type& socket, std::chrono::seconds after) {
  if (after.count() <= 0) return;
  boost::system::error_code ignored;
  socket.set_option(boost::asio::socket_base::keep_alive{true}, ignored);
#if defined(TCP_KEEPIDLE) && defined(TCP_KEEPINTVL) && defined(TCP_KEEPCNT) && defined(TCP_USER_TIMEOUT)
  const auto set = [&socket](int option, std::chrono::milliseconds::rep value) {
    const int number = static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(value, 1, INT_MAX));
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, option, &number, sizeof number);
  };
  const auto seconds = after.count();
  set(TCP_KEEPIDLE, seconds / 2);
  set(TCP_KEEPINTVL, seconds / 6);
  set(TCP_KEEPCNT, 3);
  set(TCP_USER_TIMEOUT, std::chrono::milliseconds{after}.count());
#endif
}

}  // namespace nestcpp::detail
