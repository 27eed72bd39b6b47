// One client, used from the threads of another runtime and from its own loops at once.

#include "raw_service.hpp"
#include "support/fake_service.hpp"

#include <atomic>

namespace raw {
namespace {

using support::fake_service;
using support::nest_packet;
using support::reaction;

class Threads : public RawService, public testing::WithParamInterface<std::size_t> {};

// The parameter: how many of the client's two loops hold connections.
INSTANTIATE_TEST_SUITE_P(Loops, Threads, testing::Values(0, 1));

TEST_P(Threads, CallsStreamsAndEventsFromManyThreadsAllArrive) {
  fake_service service{
      [](const nest_packet& packet) -> reaction { return support::respond{boost::json::serialize(packet.data())}; }};
  nest::tcp_client_options how{.host = "127.0.0.1", .port = service.port(), .timeout = 20s};
  how.loops = GetParam();
  connect_to(how);
  nest::runtime others{{.io_threads = 3}};
  others.start();
  std::atomic<int> told{0};
  const auto subscription = client().on_status([&](nest::client_status) { ++told; });

  constexpr int rounds = 100;
  const auto caller = [](nest::client_proxy& to, int number) -> nest::task<int> {
    int right = 0;
    for (int i = 0; i < rounds; ++i) {
      const std::string text = std::to_string(number * rounds + i);
      const nest::reply answer = co_await to.send_text("echo", text, {});
      right += answer.text() == text;
      auto values = to.send_stream_text("echo", text, {});
      const auto value = co_await values.next();
      right += value && value->text() == text;
      co_await to.emit_text("ev", text);
    }
    co_return right;
  };
  std::vector<std::future<int>> callers;
  for (int i = 0; i < 10; ++i) {
    auto& loop = i < 4 ? loops_.loop(static_cast<std::size_t>(i) % 2) : others.loop(static_cast<std::size_t>(i) % 3);
    callers.push_back(boost::asio::co_spawn(loop.executor(), caller(client(), i), boost::asio::use_future));
  }
  for (auto& each : callers) EXPECT_EQ(get(std::move(each)), 2 * rounds);
  EXPECT_TRUE(eventually([&] { return service.count("ev") == 10 * rounds; }));
  EXPECT_EQ(told, 1);
  end_loops();
  others.stop();
  others.join();
}

TEST_P(Threads, ClosingWhileCallsAreMadeFailsThemAndHangsNone) {
  fake_service service{[](const nest_packet&) -> reaction { return support::respond{"1"}; }};
  nest::tcp_client_options how{.host = "127.0.0.1", .port = service.port(), .timeout = 20s};
  how.loops = GetParam();
  connect_to(how);
  nest::runtime others{{.io_threads = 2}};
  others.start();
  const auto caller = [](nest::client_proxy& to) -> nest::task<int> {
    int ended = 0;
    for (int i = 0; i < 200; ++i) {
      try {
        co_await to.send_text("echo", "1", {});
      } catch (const nest::unavailable_exception&) {
      }
      ++ended;
    }
    co_return ended;
  };
  std::vector<std::future<int>> callers;
  for (std::size_t i = 0; i < 4; ++i) {
    auto& loop = i < 2 ? loops_.loop(i) : others.loop(i - 2);
    callers.push_back(boost::asio::co_spawn(loop.executor(), caller(client()), boost::asio::use_future));
  }
  for (int i = 0; i < 50; ++i) {
    client().close();
    std::this_thread::sleep_for(1ms);
  }
  for (auto& each : callers) EXPECT_EQ(get(std::move(each)), 200);
  end_loops();
  others.stop();
  others.join();
}

}  // namespace
}  // namespace raw
