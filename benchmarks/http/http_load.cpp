// Keep-alive connections that each ask `GET /hello` as soon as they have their answer.
//
//   http_load [options of support/load_options.hpp; --in-flight is 1]

#include "support/load_options.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using boost::asio::ip::tcp;

class connection {
 public:
  connection(boost::asio::io_context& context, const bench::load_options& options, bench::load_meter& meter)
      : socket_{context}, meter_{meter} {
    socket_.connect({boost::asio::ip::make_address(options.host), static_cast<std::uint16_t>(options.port)});
    socket_.set_option(tcp::no_delay{true});
  }

  void ask() {
    sent_ = bench::load_meter::clock::now();
    if (meter_.over(sent_)) return;
    static constexpr std::string_view request = "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    boost::asio::write(socket_, boost::asio::buffer(request));
    read();
  }

 private:
  void read() {
    socket_.async_read_some(boost::asio::buffer(buffer_), [this](boost::system::error_code error, std::size_t size) {
      if (error) fail("the server closed a connection");
      in_.append(buffer_, size);
      if (!complete()) return read();
      meter_.answered(sent_, bench::load_meter::clock::now());
      in_.clear();
      ask();
    });
  }

  [[nodiscard]] bool complete() const {
    const auto head = in_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    if (in_.compare(0, 12, "HTTP/1.1 200") != 0) fail(in_.c_str());
    const auto at = in_.find("ength: ");
    if (at == std::string::npos || at > head) fail("an answer has no Content-Length");
    return in_.size() >= head + 4 + std::strtoul(in_.c_str() + at + 7, nullptr, 10);
  }

  [[noreturn]] static void fail(const char* why) {
    std::fprintf(stderr, "http_load: %s\n", why);
    std::exit(1);
  }

  tcp::socket socket_;
  bench::load_meter& meter_;
  bench::load_meter::clock::time_point sent_;
  char buffer_[4096];
  std::string in_;
};

}  // namespace

int main(int argc, char** argv) {
  bench::load_options options;
  options.in_flight = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!options.take(argv[i], argv[i + 1])) {
      std::fprintf(stderr, "usage: http_load %s\n", bench::load_options::usage);
      return 2;
    }
  }
  boost::asio::io_context context{1};
  bench::load_meter meter{options};
  std::vector<std::unique_ptr<connection>> connections;
  for (int i = 0; i < options.connections; ++i) {
    connections.push_back(std::make_unique<connection>(context, options, meter));
  }
  for (auto& each : connections) each->ask();
  context.run();
  meter.report(options);
}
