#include "messaging/transports/tcp_stream.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace nestcpp::detail {

namespace ssl = boost::asio::ssl;

struct tcp_stream::tls_layer {
  tls_layer(socket_type socket, std::shared_ptr<ssl::context> with, tls_side which)
      : context{std::move(with)}, stream{std::move(socket), *context}, side{which} {}

  std::shared_ptr<ssl::context> context;  // its callbacks are the stream's
  ssl::stream<socket_type> stream;
  tls_side side;
};

tcp_stream::tcp_stream(socket_type socket) : socket_{std::move(socket)} {}

tcp_stream::tcp_stream(socket_type socket, tls_context& context, const std::string& server_name)
    : socket_{socket.get_executor()},
      tls_{std::make_unique<tls_layer>(std::move(socket), context.current(), context.side())} {
  if (context.side() != tls_side::client || server_name.empty()) return;
  SSL* const session = tls_->stream.native_handle();
  boost::system::error_code no_address;
  boost::asio::ip::make_address(server_name, no_address);
  if (no_address) {
    SSL_set_tlsext_host_name(session, server_name.c_str());
    SSL_set1_host(session, server_name.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), server_name.c_str());
  }
}

tcp_stream::tcp_stream(tcp_stream&& other) noexcept = default;
tcp_stream::~tcp_stream() = default;

tcp_stream::socket_type& tcp_stream::tls_socket() noexcept { return tls_->stream.next_layer(); }

void tcp_stream::start_handshake(boost::asio::any_completion_handler<void(boost::system::error_code)> handler) {
  if (tls_ == nullptr) {
    boost::asio::post(socket_.get_executor(), boost::asio::append(std::move(handler), boost::system::error_code{}));
    return;
  }
  tls_->stream.async_handshake(tls_->side == tls_side::server ? ssl::stream_base::server : ssl::stream_base::client,
                               std::move(handler));
}

std::string tcp_stream::explain(boost::system::error_code error) const {
  std::string text = error.message();
  if (tls_ == nullptr || error.category() != boost::asio::error::get_ssl_category()) return text;
  const long verdict = SSL_get_verify_result(const_cast<tls_layer&>(*tls_).stream.native_handle());
  if (verdict != X509_V_OK) text.append(": ").append(X509_verify_cert_error_string(verdict));
  return text;
}

void tcp_stream::read_tls(boost::asio::mutable_buffer to, transfer_handler handler) {
  tls_->stream.async_read_some(to, std::move(handler));
}

void tcp_stream::write_tls(boost::asio::const_buffer from, transfer_handler handler) {
  boost::asio::async_write(tls_->stream, from, std::move(handler));
}

void tcp_stream::async_shut_down_sending(boost::asio::any_completion_handler<void(boost::system::error_code)> handler) {
  if (tls_ != nullptr) {
    tls_->stream.async_shutdown([this, handler = std::move(handler)](boost::system::error_code) mutable {
      boost::system::error_code error;
      tls_socket().shutdown(socket_type::shutdown_send, error);
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

}  // namespace nestcpp::detail
