// A load for `echo_server`, or any NestJS service with a pattern `echo`: K connections with N requests in flight each,
// raw sockets and epoll in one thread, so that the load costs less than what it measures.
//
//   echo_load [--host H] [--port N] [--connections K] [--in-flight N] [--seconds S]
//
// Prints messages per second and latency percentiles; exit status 1 if an answer is not the echo that was expected.

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using bench_clock = std::chrono::steady_clock;

constexpr std::string_view data =
    R"({"firstName":"Ada","lastName":"Lovelace","email":"ada.lovelace@example.com","password":"correct horse"})";

struct options {
  std::string host = "127.0.0.1";
  int port = 3000;
  int connections = 16;
  int in_flight = 16;
  int seconds = 5;
};

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "echo_load: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

options parse(int count, char** arguments) {
  options read;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const std::string value = arguments[i + 1];
    if (name == "--host")
      read.host = value;
    else if (name == "--port")
      read.port = std::atoi(value.c_str());
    else if (name == "--connections")
      read.connections = std::clamp(std::atoi(value.c_str()), 1, 20000);
    else if (name == "--in-flight")
      read.in_flight = std::clamp(std::atoi(value.c_str()), 1, 100000);
    else if (name == "--seconds")
      read.seconds = std::clamp(std::atoi(value.c_str()), 1, 600);
    else {
      std::fprintf(stderr, "usage: echo_load [--host H] [--port N] [--connections K] [--in-flight N] [--seconds S]\n");
      std::exit(2);
    }
  }
  return read;
}

// Ids are fixed width, so that every request of a connection has the same length but its number.
std::string request(std::uint64_t number) {
  char id[22];
  std::snprintf(id, sizeof id, "%021llx", static_cast<unsigned long long>(number));
  const std::string json = R"({"pattern":"echo","data":)" + std::string{data} + R"(,"id":")" + id + "\"}";
  return std::to_string(json.size()) + "#" + json;
}

struct connection {
  int socket = -1;
  std::string out;
  std::size_t sent = 0;
  std::string in;
  std::vector<bench_clock::time_point> started;  // by number modulo in_flight
  std::uint64_t next = 0;
};

class load {
 public:
  explicit load(options with) : options_{std::move(with)}, poll_{epoll_create1(0)} { latencies_.reserve(1 << 22); }

  void run() {
    connections_.resize(static_cast<std::size_t>(options_.connections));
    for (std::size_t i = 0; i < connections_.size(); ++i) open(i);
    begin_ = bench_clock::now();
    const auto end = begin_ + std::chrono::seconds{options_.seconds};
    for (auto& each : connections_) {
      for (int i = 0; i < options_.in_flight; ++i) ask(each);
      flush(each);
    }
    std::array<epoll_event, 256> events{};
    while (bench_clock::now() < end) {
      const int ready = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 1000);
      for (int i = 0; i < ready; ++i) {
        connection& each = connections_[events[static_cast<std::size_t>(i)].data.u64];
        read(each);
        flush(each);
      }
    }
    report();
  }

 private:
  void open(std::size_t index) {
    connection& each = connections_[index];
    each.socket = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
    if (inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr) != 1) die("--host takes an IPv4 address");
    if (connect(each.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) die("connect");
    const int one = 1;
    setsockopt(each.socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.u64 = index;
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, each.socket, &interest) != 0) die("epoll_ctl");
    each.started.resize(static_cast<std::size_t>(options_.in_flight));
  }

  void ask(connection& each) {
    each.started[each.next % each.started.size()] = bench_clock::now();
    each.out += request(each.next++);
  }

  static void flush(connection& each) {
    while (each.sent < each.out.size()) {
      const ssize_t n = send(each.socket, each.out.data() + each.sent, each.out.size() - each.sent, MSG_NOSIGNAL);
      if (n < 0) die("send");
      each.sent += static_cast<std::size_t>(n);
    }
    each.out.clear();
    each.sent = 0;
  }

  void read(connection& each) {
    char buffer[65536];
    const ssize_t n = recv(each.socket, buffer, sizeof buffer, 0);
    if (n <= 0) die("the server closed the connection");
    each.in.append(buffer, static_cast<std::size_t>(n));
    std::size_t at = 0;
    for (;;) {
      const std::size_t hash = each.in.find('#', at);
      if (hash == std::string::npos) break;
      const std::size_t size = std::strtoul(each.in.c_str() + at, nullptr, 10);
      if (each.in.size() - hash - 1 < size) break;
      answered(each, std::string_view{each.in}.substr(hash + 1, size));
      at = hash + 1 + size;
    }
    each.in.erase(0, at);
  }

  void answered(connection& each, std::string_view reply) {
    // {"response":DATA,"isDisposed":true,"id":"…"}
    constexpr std::string_view head = R"({"response":)";
    const std::size_t id = reply.rfind("\"id\":\"");
    if (reply.substr(head.size(), data.size()) != data || id == std::string_view::npos) {
      std::fprintf(stderr, "echo_load: not an echo: %.*s\n", static_cast<int>(reply.size()), reply.data());
      std::exit(1);
    }
    const std::uint64_t number = std::strtoull(std::string{reply.substr(id + 6, 21)}.c_str(), nullptr, 16);
    const auto took = bench_clock::now() - each.started[number % each.started.size()];
    latencies_.push_back(static_cast<std::uint32_t>(
        std::min<std::int64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count(), UINT32_MAX)));
    ask(each);
  }

  void report() {
    const std::chrono::duration<double> took = bench_clock::now() - begin_;
    std::sort(latencies_.begin(), latencies_.end());
    const auto percentile = [&](double part) {
      return latencies_.empty()
                 ? 0.0
                 : latencies_[static_cast<std::size_t>(part * static_cast<double>(latencies_.size() - 1))] / 1000.0;
    };
    std::printf("%.0f messages/s  p50 %.1f us  p99 %.1f us  p99.9 %.1f us  (%d connections x %d in flight, %.1f s)\n",
                static_cast<double>(latencies_.size()) / took.count(), percentile(0.5), percentile(0.99),
                percentile(0.999), options_.connections, options_.in_flight, took.count());
  }

  options options_;
  int poll_;
  std::vector<connection> connections_;
  std::vector<std::uint32_t> latencies_;
  bench_clock::time_point begin_{};
};

}  // namespace

int main(int count, char** arguments) {
  load{parse(count, arguments)}.run();
  return 0;
}
