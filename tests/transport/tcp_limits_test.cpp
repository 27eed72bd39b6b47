// What a server lets its peers take, and that it gives everybody their answers all the same.

#include "support/nest_client.hpp"
#include "support/socket.hpp"
#include "victim.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <system_error>
#include <vector>

namespace victim {
namespace {

using namespace std::chrono_literals;
using support::count_answers;
using support::eventually;
using support::nest_client;
using support::to_frame;

class TcpLimits : public testing::Test {
 protected:
  void serve(nest::tcp_options options = {}, std::size_t loops = 1) {
    options.host = "127.0.0.1";
    options.port = 0;
    server_ = std::make_unique<nest::application>(Service{counters_}, nest::application_options{.io_threads = loops});
    server_->connect_microservice(options);
    server_->start();
    const std::string& line = server_->listeners().front();
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }
  [[nodiscard]] support::tcp_stream connect() const { return support::tcp_stream::connect(port_); }
  [[nodiscard]] bool is_served() const {
    return nest_client{port_}.request("echo", R"({"number":5})").response() == R"({"number":5})";
  }

  static std::string request(std::string_view pattern, int number, int id) {
    return to_frame(R"({"pattern":")" + std::string{pattern} + R"(","data":{"number":)" + std::to_string(number) +
                    R"(},"id":")" + std::to_string(id) + "\"}");
  }
  static std::string requests(std::string_view pattern, int number, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += request(pattern, number, i);
    return all;
  }
  static bool is_ended(support::tcp_stream& stream) {
    try {
      return stream.receive().empty();
    } catch (const std::system_error& error) {
      return error.code() == std::errc::connection_reset;
    }
  }

  Counters counters_;
  std::uint16_t port_ = 0;
  std::unique_ptr<nest::application> server_;
};

TEST_F(TcpLimits, CallsOfAConnectionWaitForOneAnother) {
  serve({.max_in_flight_per_connection = 4});
  auto greedy = connect();
  greedy.send(requests("sleep", 30, 30));
  auto other = connect();
  other.send(requests("sleep", 30, 1));
  EXPECT_EQ(count_answers(other, 1), 1) << "does not wait for them";
  EXPECT_EQ(count_answers(greedy, 30), 30) << "nobody is refused";
  EXPECT_LE(counters_.most_sleeping, 5);
}

TEST_F(TcpLimits, CallsOfAllConnectionsWaitForOneAnother) {
  serve({.max_in_flight = 8}, 3);
  std::vector<support::tcp_stream> peers;
  for (int i = 0; i < 24; ++i) peers.push_back(connect());
  // Short calls end while others are just about to wait for them.
  for (int round = 0; round < 20; ++round) {
    for (auto& peer : peers) peer.send(requests("sleep", round % 3, 20));
  }
  for (auto& peer : peers) ASSERT_EQ(count_answers(peer, 400), 400) << "nobody is forgotten";
  EXPECT_LE(counters_.most_sleeping, 8 + 24) << "each may have one";
  EXPECT_GE(counters_.most_sleeping, 8);
}

TEST_F(TcpLimits, WhoFillsTheServerDoesNotShutOthersOut) {
  serve({.max_in_flight = 20}, 2);
  auto greedy = connect();
  greedy.send(requests("sleep", 100000, 1000));
  ASSERT_TRUE(eventually([&] { return counters_.sleeping == 20; }));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(is_served());
  auto other = connect();
  other.send(requests("sleep", 1, 10));
  EXPECT_EQ(count_answers(other, 10), 10) << "one after the other";
  EXPECT_LE(counters_.most_sleeping, 21);
  greedy.reset();
}

TEST_F(TcpLimits, WaitingPeersThatLeaveAreForgotten) {
  serve({.max_in_flight = 2}, 2);
  auto first = connect();
  first.send(requests("sleep", 300, 2));
  ASSERT_TRUE(eventually([&] { return counters_.sleeping == 2; }));
  for (int i = 0; i < 10; ++i) {
    auto waiting = connect();
    waiting.send(requests("sleep", 1, 5));
    std::this_thread::sleep_for(5ms);
    if (i % 2 == 0) waiting.reset();
  }
  EXPECT_EQ(count_answers(first, 2), 2);
  auto last = connect();
  last.send(requests("sleep", 1, 5));
  EXPECT_EQ(count_answers(last, 5), 5);
}

TEST_F(TcpLimits, StopsWhileCallsWait) {
  serve({.max_in_flight = 1}, 2);
  auto first = connect();
  first.send(requests("sleep", 50, 3));
  auto second = connect();
  second.send(requests("echo", 1, 1));
  ASSERT_EQ(count_answers(second, 1), 1);
  second.send(requests("sleep", 50, 3));
  ASSERT_TRUE(eventually([&] { return counters_.sleeping >= 1; }));
  server_->stop();
  EXPECT_GE(count_answers(first, 3) + count_answers(second, 3), 1);
}

TEST_F(TcpLimits, ConnectionsAboveTheLimitAreClosedAtOnce) {
  serve({.max_connections = 3}, 2);
  std::vector<std::unique_ptr<nest_client>> peers;
  for (int i = 0; i < 3; ++i) {
    peers.push_back(std::make_unique<nest_client>(port_));
    EXPECT_FALSE(peers.back()->request("echo", R"({"number":1})").is_error());
  }
  for (int i = 0; i < 3; ++i) {
    auto refused = connect();
    EXPECT_TRUE(is_ended(refused));
  }
  EXPECT_FALSE(peers.front()->request("echo", R"({"number":1})").is_error()) << "those within it are served on";
  peers.pop_back();
  EXPECT_TRUE(eventually([&] {
    try {
      return is_served();
    } catch (const std::exception&) {
      return false;
    }
  })) << "there is room again";
}

TEST_F(TcpLimits, IdleConnectionsAreClosedWhereAskedFor) {
  serve({.idle_timeout = 200ms});
  auto idle = connect();
  auto busy = connect();
  busy.send(requests("sleep", 600, 1));
  auto talking = connect();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) {
    talking.send(requests("echo", 1, 1));
    ASSERT_EQ(count_answers(talking, 1), 1);
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 400ms);
  EXPECT_EQ(count_answers(busy, 1), 1) << "a call is under way";
  EXPECT_TRUE(is_ended(idle));
}

TEST_F(TcpLimits, PeerThatDoesNotReadIsNotServedOn) {
  serve();
  auto peer = connect();
  const int count = 1000;  // of 64 KiB each
  peer.send(requests("much", 65536, count));
  int before = -1;
  ASSERT_TRUE(eventually([&] {  // until the system's own buffers are full
    const int now = counters_.much;
    const bool still = now == before && now != 0;
    before = now;
    std::this_thread::sleep_for(100ms);
    return still;
  }));
  EXPECT_LT(counters_.much, count / 2) << "frames that are already here wait as well";
  EXPECT_TRUE(is_served());
  EXPECT_EQ(count_answers(peer, count), count) << "once it reads, it gets all";
}

TEST_F(TcpLimits, PeerThatLeavesTooMuchUnreadIsCut) {
  serve({.max_send_buffer_size = 1 << 20});
  auto peer = connect();
  // All are under way before the first is answered, so that back-pressure cannot hold their replies back.
  std::string big = "{\"pattern\":\"sleep\",\"data\":{\"number\":300},\"id\":\"" + std::string(100000, 'i') + "\"}";
  int answered = 0;
  try {
    for (int i = 0; i < 200; ++i) peer.send(to_frame(big));
    ASSERT_TRUE(eventually([&] { return counters_.sleeping == 0 && counters_.most_sleeping > 0; }));
    answered = count_answers(peer, 200);
  } catch (const std::system_error& error) {  // cut, perhaps while it still sends
    EXPECT_NE(error.code(), std::errc::timed_out);
  }
  EXPECT_LT(answered, 200);
  EXPECT_TRUE(is_served());
}

TEST_F(TcpLimits, PeerThatStopsInThePacketIsCut) {
  serve({.incomplete_message_timeout = 100ms});
  auto peer = connect();
  peer.send("100#{\"pattern\"");
  EXPECT_TRUE(is_ended(peer));
  auto idle = connect();
  idle.send(requests("echo", 1, 1));
  EXPECT_EQ(count_answers(idle, 1), 1);
  std::this_thread::sleep_for(400ms);
  idle.send(requests("echo", 1, 1));
  EXPECT_EQ(count_answers(idle, 1), 1) << "between packets there is no limit";
}

TEST_F(TcpLimits, AnswersGoOutBeforeABrokenFrameEndsTheConnection) {
  serve();
  for (const std::string_view broken :
       {"abc#zzz", "12#{\"pattern\":}}", "100000000000000000000#", "#", "GET / HTTP/1.1"}) {
    auto peer = connect();
    // More follows, unread, than fits into one read: closing at once would reset the connection and lose the answers.
    const std::string unread(256 * 1024, '7');
    peer.send(request("echo", 1, 1) + request("sleep", 30, 2) + request("much", 1 << 20, 3) + std::string{broken} +
              unread);
    EXPECT_EQ(count_answers(peer, 3), 3) << broken;
    EXPECT_TRUE(is_ended(peer)) << broken;
  }
}

TEST_F(TcpLimits, PeerThatKeepsABrokenConnectionOpenIsCut) {
  serve();
  auto peer = connect();
  peer.send("abc#");
  EXPECT_EQ(peer.receive(), "");
  EXPECT_TRUE(eventually([&] {  // the server's side goes although ours stays
    try {
      peer.send("more");
      return false;
    } catch (const std::system_error&) {
      return true;
    }
  }));
}

TEST_F(TcpLimits, HalfClosedPeerGetsItsAnswers) {
  serve();
  auto peer = connect();
  peer.send(request("sleep", 50, 1) + request("much", 1 << 20, 2) + request("echo", 3, 3));
  peer.shut_down_writing();
  EXPECT_EQ(count_answers(peer, 3), 3);
  EXPECT_TRUE(is_ended(peer));
}

TEST_F(TcpLimits, CallsUnderWayAreAnsweredBeforeTheEnd) {
  serve({}, 2);
  std::vector<support::tcp_stream> peers;
  for (int i = 0; i < 10; ++i) {
    peers.push_back(connect());
    peers.back().send(requests("sleep", 100, 10));
  }
  ASSERT_TRUE(eventually([&] { return counters_.sleeping == 100; }));
  server_->stop();
  for (auto& peer : peers) {
    EXPECT_EQ(count_answers(peer, 10), 10);
    EXPECT_TRUE(is_ended(peer));
  }
}

TEST_F(TcpLimits, IdleConnectionsServeOn) {
  serve();
  nest_client client{port_};
  for (int i = 0; i < 3; ++i) {  // its buffers are taken meanwhile
    EXPECT_EQ(client.request("echo", R"({"number":7})").response(), R"({"number":7})");
    std::this_thread::sleep_for(1700ms);
  }
  auto halfway = connect();
  const std::string frame = request("echo", 1, 1);
  halfway.send(frame.substr(0, 10));
  std::this_thread::sleep_for(1700ms);
  halfway.send(frame.substr(10));
  EXPECT_EQ(count_answers(halfway, 1), 1);
}

}  // namespace
}  // namespace victim
