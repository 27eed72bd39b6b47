// The least that a server of these frames can do: cuts `<digits>#<text>` and sends every frame back as it came, on
// Asio, without a look at the text. What is above its figures is the price of everything else.
//
//   bare_echo [--port N] [--io-threads K]

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class connection : public std::enable_shared_from_this<connection> {
 public:
  explicit connection(tcp::socket socket) : socket_{std::move(socket)} {}

  void read() {
    constexpr std::size_t room = 16 * 1024;
    if (in_.size() < end_ + room) in_.resize(end_ + room);
    socket_.async_read_some(asio::buffer(in_.data() + end_, in_.size() - end_),
                            [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                              if (!error) self->on_read(size);
                            });
  }

 private:
  void on_read(std::size_t size) {
    end_ += size;
    std::size_t begin = 0;
    while (const std::size_t frame = frame_size(std::string_view{in_.data() + begin, end_ - begin})) {
      out_.append(in_.data() + begin, frame);
      begin += frame;
    }
    std::memmove(in_.data(), in_.data() + begin, end_ - begin);
    end_ -= begin;
    if (out_.empty()) return read();
    asio::async_write(socket_, asio::buffer(out_),
                      [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                        self->out_.clear();
                        if (!error) self->read();
                      });
  }

  // With its digits; 0: it is not all here.
  static std::size_t frame_size(std::string_view text) noexcept {
    std::size_t size = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '#') return text.size() < at + 1 + size ? 0 : at + 1 + size;
      size = size * 10 + static_cast<std::size_t>(text[at] - '0');
    }
    return 0;
  }

  tcp::socket socket_;
  std::vector<char> in_;
  std::size_t end_ = 0;
  std::string out_;
};

// Takes connections and deals them to the loops in turn.
class server {
 public:
  server(std::vector<asio::io_context>& loops, unsigned short port)
      : loops_{loops}, acceptor_{loops[0], tcp::endpoint{asio::ip::make_address("127.0.0.1"), port}} {
    acceptor_.listen();
    accept();
  }
  [[nodiscard]] unsigned short port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept() {
    asio::io_context& loop = loops_[next_++ % loops_.size()];
    acceptor_.async_accept(loop, [this, &loop](boost::system::error_code error, tcp::socket socket) {
      if (!error) {
        socket.set_option(tcp::no_delay{true});
        asio::post(loop, [peer = std::make_shared<connection>(std::move(socket))] { peer->read(); });
      }
      accept();
    });
  }

  std::vector<asio::io_context>& loops_;
  tcp::acceptor acceptor_;
  std::size_t next_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  unsigned short port = 3000;
  std::size_t io_threads = 1;
  for (int i = 1; i < count; i += 2) {
    const std::string_view option = arguments[i];
    if (i + 1 < count && option == "--port") {
      port = static_cast<unsigned short>(std::atoi(arguments[i + 1]));
    } else if (i + 1 < count && option == "--io-threads" && std::atoi(arguments[i + 1]) > 0) {
      io_threads = static_cast<std::size_t>(std::atoi(arguments[i + 1]));
    } else {
      std::fprintf(stderr, "usage: bare_echo [--port N] [--io-threads K]\n");
      return 2;
    }
  }
  std::vector<asio::io_context> loops(io_threads);
  server peers{loops, port};
  std::printf("listening tcp 127.0.0.1:%d\n", peers.port());
  std::fflush(stdout);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < loops.size(); ++i) {
    threads.emplace_back([&loop = loops[i]] {
      const auto work = asio::make_work_guard(loop);
      loop.run();
    });
  }
  loops[0].run();
  return 0;
}
