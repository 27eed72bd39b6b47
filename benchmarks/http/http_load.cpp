// Keep-alive connections that each send their next request as soon as they have their answer.
//
//   http_load [options of support/load_options.hpp; --in-flight is 1]
//             [--path P]        GET P; default: /hello
//             [--register TAG]  POST /registration of people of that tag, each another one

#include "support/load_options.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using boost::asio::ip::tcp;

// What is asked, and what must come back.
class questions {
 public:
  void get(const std::string& path) { fixed_ = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"; }
  void register_people(std::string tag) {
    tag_ = std::move(tag);
    status_ = "HTTP/1.1 201";
  }
  [[nodiscard]] const std::string& next() {
    if (tag_.empty()) return fixed_;
    const std::string body = R"({"firstName":"Ada","lastName":"Lovelace","email":")" + tag_ + std::to_string(++count_) +
                             R"(@example.com","password":"analytical engine"})";
    fixed_ = "POST /registration HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body;
    return fixed_;
  }
  [[nodiscard]] std::string_view status() const { return status_; }

 private:
  std::string fixed_;
  std::string tag_;
  std::string_view status_ = "HTTP/1.1 200";
  std::uint64_t count_ = 0;
};

class connection {
 public:
  connection(boost::asio::io_context& context, const bench::load_options& options, bench::load_meter& meter,
             questions& what)
      : socket_{context}, meter_{meter}, questions_{what} {
    socket_.connect({boost::asio::ip::make_address(options.host), static_cast<std::uint16_t>(options.port)});
    socket_.set_option(tcp::no_delay{true});
  }

  void ask() {
    sent_ = bench::load_meter::clock::now();
    if (meter_.over(sent_)) return;
    boost::asio::write(socket_, boost::asio::buffer(questions_.next()));
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
    if (!in_.starts_with(questions_.status())) fail(in_.c_str());
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
  questions& questions_;
  bench::load_meter::clock::time_point sent_;
  char buffer_[4096];
  std::string in_;
};

}  // namespace

int main(int argc, char** argv) {
  bench::load_options options;
  options.in_flight = 1;
  questions what;
  what.get("/hello");
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--path") {
      what.get(argv[i + 1]);
    } else if (name == "--register") {
      what.register_people(argv[i + 1]);
    } else if (!options.take(name, argv[i + 1])) {
      std::fprintf(stderr, "usage: http_load [--path P] [--register TAG] %s\n", bench::load_options::usage);
      return 2;
    }
  }
  boost::asio::io_context context{1};
  bench::load_meter meter{options};
  std::vector<std::unique_ptr<connection>> connections;
  for (int i = 0; i < options.connections; ++i) {
    connections.push_back(std::make_unique<connection>(context, options, meter, what));
  }
  for (auto& each : connections) each->ask();
  context.run();
  meter.report(options);
}
