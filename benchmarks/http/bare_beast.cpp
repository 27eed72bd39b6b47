// What Beast does by itself: reads a request, answers a text with the same headers as ours. One thread, callbacks.
//
//   bare_beast <port>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

class session : public std::enable_shared_from_this<session> {
 public:
  explicit session(tcp::socket socket) : socket_{std::move(socket)} { socket_.set_option(tcp::no_delay{true}); }
  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_,
                     [self = shared_from_this()](boost::beast::error_code error, std::size_t) {
                       if (!error) self->answer();
                     });
  }

 private:
  void answer() {
    response_ = {};
    response_.version(request_.version());
    response_.result(request_.target() == "/hello" ? http::status::ok : http::status::not_found);
    response_.set("X-Request-Id", "0f8a0c7e-52b4-4a53-9c1f-0d4c3a0f1c5e");
    response_.set(http::field::content_type, "text/html; charset=utf-8");
    response_.set(http::field::date, "Thu, 26 Nov 2026 12:00:00 GMT");
    response_.set("Keep-Alive", "timeout=5");
    response_.body() = "hello";
    response_.keep_alive(request_.keep_alive());
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](boost::beast::error_code error, std::size_t) {
      if (!error) self->read();
    });
  }

  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

void accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](boost::beast::error_code error, tcp::socket socket) {
    if (!error) std::make_shared<session>(std::move(socket))->read();
    accept(acceptor);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  boost::asio::io_context context{1};
  tcp::acceptor acceptor{context,
                         {boost::asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(std::atoi(argv[1]))}};
  accept(acceptor);
  context.run();
}
