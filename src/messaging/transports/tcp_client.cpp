#include <nestcpp/messaging/transports/tcp/tcp_client.hpp>

#include "messaging/client_proxy_base.hpp"
#include "messaging/transports/tcp_stream.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <stdexcept>

namespace nestcpp {

namespace {

using boost::asio::use_awaitable;
using boost::asio::ip::tcp;

constexpr std::size_t read_size = 16 * 1024;

class tcp_client_session final : public detail::client_session {
 public:
  tcp_client_session(event_loop& loop, std::string name, std::size_t max_buffer_size, detail::tcp_stream stream)
      : client_session{loop, std::move(name), max_buffer_size}, stream_{std::move(stream)} {}

  void start() {
    boost::system::error_code ignored;
    stream_.socket().set_option(tcp::no_delay{true}, ignored);
    read();
  }

  void flush_later() override {
    if (flush_scheduled_ || !writing_.empty()) return;
    flush_scheduled_ = true;
    boost::asio::post(loop().executor(), [self = self()] {
      self->flush_scheduled_ = false;
      self->flush();
    });
  }

 private:
  boost::intrusive_ptr<tcp_client_session> self() { return this; }

  void read() {
    const auto room = decoder().prepare(read_size);
    stream_.async_read_some(boost::asio::buffer(room.data(), room.size()),
                            [self = self()](boost::system::error_code error, std::size_t size) {
                              if (!self->open()) return;
                              if (error) return self->close();
                              self->decoder().commit(size);
                              if (!self->take_replies()) return self->close();
                              if (self->open()) self->read();
                            });
  }

  void flush() {
    if (!open() || !writing_.empty() || output().empty()) return;
    writing_.swap(output());
    stream_.async_write(boost::asio::buffer(writing_), [self = self()](boost::system::error_code error, std::size_t) {
      self->writing_.clear();
      if (!self->open()) return;
      if (error) return self->close();
      self->flush();
    });
  }

  void close_transport() noexcept override { stream_.close(); }

  detail::tcp_stream stream_;
  std::string writing_;
  bool flush_scheduled_ = false;
};

task<tcp::socket> connect_socket(event_loop& loop, std::string host, std::uint16_t port) {
  tcp::resolver resolver{loop.context()};
  const auto endpoints = co_await resolver.async_resolve(host, std::to_string(port), use_awaitable);
  tcp::socket socket{loop.context()};
  co_await boost::asio::async_connect(socket, endpoints, use_awaitable);
  co_return socket;
}

class tcp_opener final : public detail::session_opener {
 public:
  tcp_opener(std::string name, tcp_client_options options) : name_{std::move(name)}, options_{std::move(options)} {
    if (!options_.tls) return;
    tls_.emplace(*options_.tls, detail::tls_side::client);
    server_name_ = options_.tls->server_name.empty() ? options_.host : options_.tls->server_name;
  }

  task<detail::session_ptr> open(event_loop& loop) override {
    std::string why;
    try {
      auto connecting = connect(loop);
      detail::tcp_stream stream =
          co_await with_deadline(std::move(connecting), deadline::after(options_.connect_timeout));
      const boost::intrusive_ptr<tcp_client_session> session{
          new tcp_client_session{loop, name_, options_.max_buffer_size, std::move(stream)}};
      session->start();
      co_return session;
    } catch (const deadline_exceeded&) {
      why = "no connection in time";
    } catch (const handshake_failure& failure) {
      why = failure.what();
    } catch (const boost::system::system_error& error) {
      why = error.code().message();
    }
    throw unavailable_exception{name_, "connect to " + options_.host + ":" + std::to_string(options_.port) + ": " + why,
                                unavailable_exception::request::never_sent};
  }

 private:
  struct handshake_failure : std::runtime_error {
    using runtime_error::runtime_error;
  };

  task<detail::tcp_stream> connect(event_loop& loop) {
    tcp::socket socket = co_await connect_socket(loop, options_.host, options_.port);
    if (!tls_) co_return detail::tcp_stream{std::move(socket)};
    detail::tcp_stream stream{std::move(socket), *tls_, server_name_};
    boost::system::error_code error;
    co_await stream.async_handshake(boost::asio::redirect_error(use_awaitable, error));
    if (error == boost::asio::error::operation_aborted) throw boost::system::system_error{error};
    if (error) throw handshake_failure{"TLS handshake: " + stream.explain(error)};
    co_return stream;
  }

  std::string name_;
  tcp_client_options options_;
  std::optional<detail::tls_context> tls_;
  std::string server_name_;
};

}  // namespace

std::unique_ptr<client_proxy> make_tcp_client(runtime& run, std::string name, tcp_client_options options) {
  const auto timeout = options.timeout;
  auto opener = std::make_shared<tcp_opener>(name, std::move(options));
  return std::make_unique<detail::client_proxy_base>(run, std::move(name), timeout, std::move(opener));
}

}  // namespace nestcpp
