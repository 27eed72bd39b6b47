// The least that a server can do on a socket: waits for the empty line, writes the same bytes every time. What is above
// its figures is the price of HTTP and of everything else.
//
//   bare_sockets <port>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace {

using boost::asio::ip::tcp;

constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\nX-Request-Id: 0f8a0c7e-52b4-4a53-9c1f-0d4c3a0f1c5e\r\nContent-Type: text/html; "
    "charset=utf-8\r\n"
    "Content-Length: 5\r\nETag: W/\"5-qvTGHdzF6KLavt4PO0gs2a6pQ00\"\r\nDate: Thu, 26 Nov 2026 12:00:00 GMT\r\n"
    "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\nhello";

class session : public std::enable_shared_from_this<session> {
 public:
  explicit session(tcp::socket socket) : socket_{std::move(socket)} { socket_.set_option(tcp::no_delay{true}); }
  void read() {
    socket_.async_read_some(boost::asio::buffer(buffer_ + size_, sizeof buffer_ - size_),
                            [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                              if (!error) self->take(size);
                            });
  }

 private:
  void take(std::size_t size) {
    size_ += size;
    if (!std::string_view{buffer_, size_}.ends_with("\r\n\r\n")) return read();
    size_ = 0;
    boost::asio::async_write(socket_, boost::asio::buffer(answer),
                             [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                               if (!error) self->read();
                             });
  }

  tcp::socket socket_;
  std::size_t size_ = 0;
  char buffer_[4096];
};

void accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](boost::system::error_code error, tcp::socket socket) {
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
