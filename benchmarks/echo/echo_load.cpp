// A load for `echo_server`, NestJS's, or `bare_echo`: K connections with N requests in flight each, raw sockets and
// epoll in one thread, so that the load costs less than what it measures.
//
//   echo_load [--host H] [--port N] [--connections K] [--in-flight N] [--warm-up S] [--seconds S] [--json yes]
//             [--pattern P] [--payload BYTES] [--frames nestjs|bare] [--idle yes]
//
// --payload  sends a text of that many bytes of JSON to `echo.text` instead of the DTO to `echo`
// --frames   bare: the peer sends every frame back as it came
// --idle     asks once on every connection, says "idle", and keeps the connections until its standard input ends
//
// Prints messages per second and latency percentiles; exit status 1 if an answer is not the echo that was expected.

#include "support/load_options.hpp"

#include <array>
#include <cerrno>
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

constexpr std::size_t id_size = 21;

struct options : bench::load_options {
  std::string pattern;
  std::size_t payload = 0;
  bool bare = false;
  bool idle = false;
};

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "echo_load: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

[[noreturn]] void refuse() {
  std::fprintf(stderr, "usage: echo_load %s [--pattern P] [--payload BYTES] [--frames nestjs|bare] [--idle yes]\n",
               options::usage);
  std::exit(2);
}

options parse(int count, char** arguments) {
  options read;
  for (int i = 1; i < count; i += 2) {
    if (i + 1 == count) refuse();
    const std::string_view name = arguments[i];
    const std::string_view value = arguments[i + 1];
    if (read.take(name, arguments[i + 1])) continue;
    if (name == "--pattern")
      read.pattern = value;
    else if (name == "--payload")
      read.payload = static_cast<std::size_t>(options::number(name, arguments[i + 1], 16, 1 << 24));
    else if (name == "--frames" && (value == "bare" || value == "nestjs"))
      read.bare = value == "bare";
    else if (name == "--idle")
      read.idle = value == "yes";
    else
      refuse();
  }
  if (read.pattern.empty()) read.pattern = read.payload == 0 ? "echo" : "echo.text";
  return read;
}

// The DTO, or a text that makes the value as long as was asked for.
std::string make_data(std::size_t payload) {
  if (payload == 0)
    return R"({"firstName":"Ada","lastName":"Lovelace","email":"ada.lovelace@example.com","password":"correct horse"})";
  const std::string_view head = R"({"text":")";
  return std::string{head} + std::string(payload - head.size() - 2, 'x') + "\"}";
}

// Requests and answers are the same but for their ids, which have a fixed width.
struct texts {
  explicit texts(const options& with) : data{make_data(with.payload)} {
    const std::string json =
        R"({"pattern":")" + with.pattern + R"(","data":)" + data + R"(,"id":")" + std::string(id_size, '0') + "\"}";
    request = std::to_string(json.size()) + "#" + json;
    answer_data = with.bare ? json.find(data) : std::string_view{R"({"response":)"}.size();
  }

  std::string data;
  std::string request;
  std::size_t answer_data;  // where the data begins in an answer's JSON
};

void put_id(char* end, std::uint64_t number) {
  for (int digit = 0; digit < 16; ++digit, number >>= 4) *--end = "0123456789abcdef"[number & 15];
}

struct connection {
  int socket = -1;
  bool waits_to_send = false;
  std::string out;
  std::size_t sent = 0;
  std::vector<char> in;
  std::size_t begin = 0, end = 0;                // of what is unread in `in`
  std::vector<bench_clock::time_point> started;  // by number modulo in_flight
  std::uint64_t next = 0;
};

class load {
 public:
  explicit load(const options& with)
      : options_{with},
        texts_{with},
        poll_{epoll_create1(0)},
        connections_(static_cast<std::size_t>(with.connections)),
        meter_{with} {}

  void run() {
    for (std::size_t i = 0; i < connections_.size(); ++i) open(i);
    meter_ = bench::load_meter{options_};
    now_ = bench_clock::now();
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      for (int each = 0; each < options_.in_flight; ++each) ask(connections_[i]);
      flush(i);
    }
    std::array<epoll_event, 512> events{};
    const auto patience = bench_clock::now() + std::chrono::duration<double>{options_.warm_up + options_.seconds + 10};
    while (unanswered_ >
           0) {  // also those at the end: a peer that is left with answers would start the next run with them
      if (now_ > patience) die("not all requests were answered");
      const int ready = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 1000);
      for (int i = 0; i < ready; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) read(connections_[event.data.u64]);
        flush(event.data.u64);
      }
      if (ready == 0) now_ = bench_clock::now();
    }
    if (!options_.idle) return meter_.report(options_);
    std::puts("idle");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
  }

 private:
  void open(std::size_t index) {
    connection& each = connections_[index];
    each.socket = socket(AF_INET, SOCK_STREAM, 0);
    if (each.socket < 0) die("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
    if (inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr) != 1) die("--host takes an IPv4 address");
    if (connect(each.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) die("connect");
    const int one = 1;
    setsockopt(each.socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    watch(EPOLL_CTL_ADD, index, EPOLLIN);
    each.started.resize(static_cast<std::size_t>(options_.in_flight));
  }

  void watch(int operation, std::size_t index, std::uint32_t events) {
    epoll_event interest{};
    interest.events = events;
    interest.data.u64 = index;
    if (epoll_ctl(poll_, operation, connections_[index].socket, &interest) != 0) die("epoll_ctl");
  }

  void ask(connection& each) {
    each.started[each.next % each.started.size()] = now_;
    each.out += texts_.request;
    put_id(each.out.data() + each.out.size() - 2, each.next++);
    ++unanswered_;
  }

  void flush(std::size_t index) {
    connection& each = connections_[index];
    while (each.sent < each.out.size()) {
      const ssize_t n =
          send(each.socket, each.out.data() + each.sent, each.out.size() - each.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno != EAGAIN) die("send");
      if (n < 0) break;
      each.sent += static_cast<std::size_t>(n);
    }
    const bool unsent = each.sent < each.out.size();
    if (unsent != each.waits_to_send) {
      each.waits_to_send = unsent;
      watch(EPOLL_CTL_MOD, index, unsent ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
    if (unsent) return;
    each.out.clear();
    each.sent = 0;
  }

  void read(connection& each) {
    constexpr std::size_t room = 65536;
    if (each.begin == each.end) each.begin = each.end = 0;
    if (each.in.size() < each.end + room) {
      if (each.begin > 0) {
        std::memmove(each.in.data(), each.in.data() + each.begin, each.end - each.begin);
        each.end -= each.begin;
        each.begin = 0;
      }
      // As much as may come at once, but little where a connection carries little: there may be thousands.
      const std::size_t expected = (texts_.request.size() + 64) * static_cast<std::size_t>(options_.in_flight);
      each.in.resize(std::max(each.in.size(), each.end + std::min(room, expected)));
    }
    const ssize_t n = recv(each.socket, each.in.data() + each.end, each.in.size() - each.end, 0);
    if (n <= 0) die("the server closed the connection");
    now_ = bench_clock::now();
    each.end += static_cast<std::size_t>(n);
    for (;;) {
      const std::string_view rest{each.in.data() + each.begin, each.end - each.begin};
      std::size_t size = 0;
      std::size_t at = 0;
      while (at < rest.size() && rest[at] != '#') size = size * 10 + static_cast<std::size_t>(rest[at++] - '0');
      if (rest.size() < at + 1 + size) break;
      answered(each, rest.substr(at + 1, size));
      each.begin += at + 1 + size;
    }
  }

  void answered(connection& each, std::string_view reply) {
    // {"response":DATA,"isDisposed":true,"id":"…"}, or the request
    const std::string_view key = "\"id\":\"";
    std::size_t id = reply.size() < id_size + 2 ? 0 : reply.size() - id_size - 2;
    if (id < key.size() || reply.substr(id - key.size(), key.size()) != key) {  // another order of the keys
      const std::size_t found = reply.rfind(key);
      id = found == std::string_view::npos ? reply.size() : found + key.size();
    }
    if (reply.size() < id + id_size || reply.substr(texts_.answer_data, texts_.data.size()) != texts_.data) {
      std::fprintf(stderr, "echo_load: not an echo: %.*s\n", static_cast<int>(reply.size()), reply.data());
      std::exit(1);
    }
    std::uint64_t number = 0;
    for (const char digit : reply.substr(id + id_size - 16, 16))
      number = number << 4 | static_cast<std::uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    meter_.answered(each.started[number % each.started.size()], now_);
    --unanswered_;
    if (!options_.idle && !meter_.over(now_)) ask(each);
  }

  options options_;
  texts texts_;
  int poll_;
  std::vector<connection> connections_;
  bench::load_meter meter_;
  bench_clock::time_point now_{};
  std::uint64_t unanswered_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  options with = parse(count, arguments);
  if (with.idle) {
    with.in_flight = 1;
    with.warm_up = 0;
  }
  load{with}.run();
  return 0;
}
