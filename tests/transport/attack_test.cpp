// Peers that mean harm, against a service in a process of its own: it lives, answers others meanwhile, and stays small.

#include "support/nest_client.hpp"
#include "support/service_process.hpp"
#include "support/socket.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <memory>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace {

using namespace std::chrono_literals;
using support::count_answers;
using support::nest_client;
using support::to_frame;
using clock = std::chrono::steady_clock;

// Somebody who is served while others attack: asks every few milliseconds, now and then over a new connection.
class bystander {
 public:
  explicit bystander(std::uint16_t port) : thread_{[this, port] { run(port); }} {}
  ~bystander() { end(); }
  // How long the answers took, in order. @throws what went wrong
  std::vector<std::chrono::milliseconds> end() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    if (!failure_.empty()) throw std::runtime_error{"a bystander was not served: " + failure_};
    std::ranges::sort(waits_);
    return waits_;
  }

 private:
  void run(std::uint16_t port) {
    try {
      auto client = std::make_unique<nest_client>(port);
      for (int i = 0; !stopping_ || i < 20; ++i) {
        const auto begin = clock::now();
        if (i % 10 == 9) client = std::make_unique<nest_client>(port);
        const auto answer = client->request("echo", R"({"number":7})");
        waits_.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begin));
        if (answer.response() != R"({"number":7})") throw std::runtime_error{answer.text};
        std::this_thread::sleep_for(2ms);
      }
    } catch (const std::exception& error) {
      failure_ = error.what();
    }
  }

  std::atomic<bool> stopping_{false};
  std::vector<std::chrono::milliseconds> waits_;
  std::string failure_;
  std::thread thread_;
};

class Attack : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    service_.await_listeners(1);
    port_ = service_.port("tcp");
    others_.emplace(port_);
  }

  // Everybody else was served in time, and the process stayed small.
  void TearDown() override {
    std::vector<std::chrono::milliseconds> waits;
    ASSERT_NO_THROW(waits = others_->end());
    const auto typical = waits[waits.size() / 2], longest = waits.back();
    std::printf("  others waited %lld ms, at most %lld ms; the service took at most %ld KB\n",
                static_cast<long long>(typical.count()), static_cast<long long>(longest.count()), memory("VmHWM:"));
#ifdef NESTCPP_SANITIZED
    EXPECT_LT(longest, 20s) << "the service is some ten times slower";
#else
    EXPECT_LT(longest, 2s) << "a busy machine may stop a process for longer than 100 ms now and then";
    EXPECT_LT(typical, 100ms);
    EXPECT_LT(memory("VmHWM:"), 100 * 1024);
#endif
    ASSERT_TRUE(service_.is_running()) << service_.transcript();
    service_.signal(SIGTERM);
    EXPECT_EQ(service_.wait(), (support::process_end{0, std::nullopt}));
  }

  [[nodiscard]] support::tcp_stream connect() const { return support::tcp_stream::connect(port_); }
  // In KB.
  [[nodiscard]] long memory(const std::string& key) const {
    std::ifstream status{"/proc/" + std::to_string(service_.pid()) + "/status"};
    for (std::string word; status >> word;) {
      long kilobytes = 0;
      if (word == key && status >> kilobytes) return kilobytes;
    }
    return -1;
  }

  // Sends as much as the service takes, until it has taken nothing for a while, or all.
  static std::size_t push(support::tcp_stream& stream, std::string_view bytes) {
    fcntl(stream.fd(), F_SETFL, O_NONBLOCK);
    std::size_t sent = 0;
    while (sent < bytes.size() && support::wait_writable(stream.fd(), 700ms)) {
      const auto size = ::send(stream.fd(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (size < 0 && errno != EAGAIN) break;
      if (size > 0) sent += static_cast<std::size_t>(size);
    }
    fcntl(stream.fd(), F_SETFL, 0);
    return sent;
  }
  // What comes until the service ends the connection.
  static std::string all_of(support::tcp_stream& stream) {
    std::string all;
    try {
      for (std::string more = stream.receive(); !more.empty(); more = stream.receive()) all += more;
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::connection_reset) throw;
    }
    return all;
  }
  static std::string repeat(std::string_view text, int count) {
    std::string all;
    all.reserve(text.size() * static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) all += text;
    return all;
  }

  support::service_process service_{{.executable = NESTCPP_VICTIM,
                                     .arguments = {"--io-threads", std::to_string(GetParam())},
                                     .working_directory = "."}};
  std::uint16_t port_ = 0;
  std::optional<bystander> others_;
};

INSTANTIATE_TEST_SUITE_P(Loops, Attack, testing::Values(1, 2));

const std::string echo = to_frame(R"({"pattern":"echo","data":{"number":7},"id":"abcde"})");
constexpr int pipelined = 800'000;

TEST_P(Attack, PeersInMidFrame) {
  std::vector<support::tcp_stream> peers;
  for (int i = 0; i < 2000; ++i) {
    peers.push_back(connect());
    peers.back().send("100000#{\"pattern\":\"echo\",\"data\":\"" + std::string(4000, 'x'));
  }
  std::this_thread::sleep_for(1s);
  for (std::size_t i = 0; i < peers.size(); ++i) {
    if (i % 2 == 0) peers[i].reset();
  }
}

TEST_P(Attack, PipelinedRequestsNeverRead) {
  auto peer = connect();
  const std::string all = repeat(echo, pipelined);
  EXPECT_LT(push(peer, all), all.size()) << "what nobody reads is not served without end";
}

TEST_P(Attack, PipelinedRequestsOfManyPeersNeverRead) {
  std::vector<support::tcp_stream> peers;
  const std::string all = repeat(echo, 20'000);
  for (int i = 0; i < 200; ++i) {
    peers.push_back(connect());
    fcntl(peers.back().fd(), F_SETFL, O_NONBLOCK);
    static_cast<void>(::send(peers.back().fd(), all.data(), all.size(), MSG_NOSIGNAL));
  }
  std::this_thread::sleep_for(1s);
}

TEST_P(Attack, PipelinedRequestsAreAllAnsweredOnceTheyAreRead) {
  auto peer = connect();
  std::thread sender{[&] { peer.send(repeat(echo, pipelined), 100s); }};
  EXPECT_EQ(count_answers(peer, pipelined), pipelined);
  sender.join();
}

TEST_P(Attack, SlowCallsNeverRead) {
  auto peer = connect();
  const std::string request = to_frame(R"({"pattern":"sleep","data":{"number":100000},"id":"1"})");
  const std::string all = repeat(request, pipelined);
  EXPECT_LT(push(peer, all), all.size());
}

TEST_P(Attack, SlowCallsOfManyPeers) {
  std::vector<support::tcp_stream> peers;
  const std::string all = repeat(to_frame(R"({"pattern":"sleep","data":{"number":1},"id":"1"})"), 100);
  for (int i = 0; i < 1000; ++i) {
    peers.push_back(connect());
    peers.back().send(all);
  }
  for (auto& peer : peers) ASSERT_EQ(count_answers(peer, 100), 100);
}

TEST_P(Attack, TinyFrames) {
  for (const std::string_view frame : {"2#{}", "1#5", "2#[]", "4#null"}) {
    auto peer = connect();
    peer.send(repeat(frame, 12'000));
    peer.send(echo);
    EXPECT_EQ(count_answers(peer, 1), 1) << frame;
  }
}

TEST_P(Attack, TinyFramesThatAreNoJson) {
  for (int i = 0; i < 100; ++i) {
    auto peer = connect();
    peer.send(repeat(i % 2 == 0 ? "0#" : "2#\xff\xff", 12'000));
    EXPECT_EQ(all_of(peer), "");
  }
}

TEST_P(Attack, HugeDeclaredLengths) {
  for (const std::string_view header :
       {"100000000000000000000#", "134217729#", "18446744073709551615#", "99999999999"}) {
    std::vector<support::tcp_stream> peers;
    for (int i = 0; i < 50; ++i) {
      peers.push_back(connect());
      peers.back().send(std::string{header} + "{");
    }
    if (header.back() != '#') continue;
    for (auto& peer : peers) EXPECT_EQ(all_of(peer), "") << header;
  }
  const std::string endless(2000, '1');
  auto peer = connect();
  peer.send(endless);
  EXPECT_EQ(all_of(peer), "");
}

TEST_P(Attack, DeepJson) {
  const std::string arrays = repeat("[", 100'000) + repeat("]", 100'000);
  const std::string objects = repeat("{\"a\":", 100'000) + "1" + repeat("}", 100'000);
  for (const std::string& deep : {arrays, objects}) {
    const auto answer = [&](const std::string& packet) {
      auto peer = connect();
      peer.send(to_frame(packet));
      support::frame_reader frames;
      for (;;) {
        if (const auto frame = frames.next()) return *frame;
        const std::string bytes = peer.receive();
        if (bytes.empty()) return std::string{"closed"};
        frames.append(bytes);
      }
    };
    EXPECT_NE(answer(R"({"pattern":"echo","data":)" + deep + R"(,"id":"1"})").find("\"err\":"), std::string::npos);
    EXPECT_NE(answer(R"({"pattern":"echo","data":{"number":)" + deep + R"(},"id":"1"})").find("\"err\":"),
              std::string::npos);
    EXPECT_NE(answer(R"({"pattern":)" + deep + R"(,"data":1,"id":"1"})").find("no matching message handler"),
              std::string::npos);
    const auto served = R"({"response":{"number":1},"isDisposed":true,"id":)";
    EXPECT_EQ(answer(R"({"pattern":"echo","data":{"number":1},"metadata":)" + deep + R"(,"id":"1"})"),
              served + std::string{"\"1\"}"});
    EXPECT_EQ(answer(R"({"pattern":"echo","data":{"number":1},"id":)" + deep + "}"), served + deep + "}");
    EXPECT_EQ(answer(R"({"pattern":"echo","data":{"number":1},"more":)" + deep + R"(,"id":"1"})"),
              served + std::string{"\"1\"}"});
  }
  // Many, one after the other, and none of them whole.
  auto peer = connect();
  for (int i = 0; i < 20; ++i) peer.send(to_frame(R"({"pattern":"echo","data":)" + arrays + R"(,"id":"1"})"));
  EXPECT_EQ(count_answers(peer, 20), 20);
  auto broken = connect();
  broken.send("200000#" + repeat("[", 200'000));
  EXPECT_EQ(all_of(broken), "");
}

TEST_P(Attack, BytesThatAreNoText) {
  for (const std::string& bytes :
       {std::string(1000, '\0'), std::string(1000, '\xff'), std::string{"5#\xed\xa0\x80\"\""}, repeat("1#\xc3", 500),
        "30#" + std::string(30, '\0'), std::string{"\xef\xbb\xbf"} + "4#\0\0\0\0"}) {
    auto peer = connect();
    peer.send(bytes);
    peer.shut_down_writing();
    EXPECT_EQ(all_of(peer), "");
  }
  auto peer = connect();
  peer.send(
      "51#{\"pattern\":\"echo\",\"data\":{\"number\":7},\"id\":\"\xff\xfe"
      "abc\"}");
  EXPECT_NE(peer.receive().find("\xef\xbf\xbd\xef\xbf\xbd"
                                "abc"),
            std::string::npos)
      << "read as U+FFFD, as in NestJS";
}

TEST_P(Attack, OtherProtocols) {
  std::string hello{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11};
  hello += std::string(506, '\x5a');
  for (const std::string& bytes :
       {std::string{"GET / HTTP/1.1\r\nHost: a\r\n\r\n"}, hello, std::string{"SSH-2.0-x\r\n"},
        std::string{"*1\r\n$4\r\nPING\r\n"}, std::string{"{\"pattern\":\"echo\"}"}}) {
    auto peer = connect();
    peer.send(bytes);
    EXPECT_EQ(all_of(peer), "") << "closed at once, though it says nothing more";
  }
}

TEST_P(Attack, PeersThatLeaveInTheMiddle) {
  for (int i = 0; i < 500; ++i) {
    auto peer = connect();
    peer.send(repeat(echo, 20).substr(0, 20 + static_cast<std::size_t>(i)));
    if (i % 3 == 0) peer.shut_down_writing();
    if (i % 3 == 1) peer.reset();
  }
}

TEST_P(Attack, OneByteAtATime) {
  std::vector<support::tcp_stream> peers;
  for (int i = 0; i < 100; ++i) {
    peers.push_back(connect());
    const int on = 1;
    setsockopt(peers.back().fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  for (const char& each : echo) {
    for (auto& peer : peers) peer.send({&each, 1});
    std::this_thread::sleep_for(1ms);
  }
  for (auto& peer : peers) EXPECT_EQ(count_answers(peer, 1), 1);
}

TEST_P(Attack, ConnectionsThatSayNothing) {
#ifdef NESTCPP_SANITIZED
  const std::size_t count = 500;
#else
  const std::size_t count = 4000;
#endif
  const long before = memory("VmRSS:");
  std::vector<std::unique_ptr<nest_client>> peers;
  for (std::size_t i = 0; i < count; ++i) {
    peers.push_back(std::make_unique<nest_client>(port_));
    if (i % 2 == 0) EXPECT_FALSE(peers.back()->request("echo", R"({"number":7})").is_error());
  }
  std::this_thread::sleep_for(2500ms);
  const double each = static_cast<double>(memory("VmRSS:") - before) / static_cast<double>(count);
  std::printf("  %zu idle connections took %.2f KB each\n", count, each);
#ifndef NESTCPP_SANITIZED
  EXPECT_LT(each, 8);
#endif
}

}  // namespace
