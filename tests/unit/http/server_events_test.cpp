// Server-sent events on either adapter. How they look is compared with NestJS's in tests/interop.
#include "support.hpp"

#include <nestcpp/core/stream.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace nestcpp::test {
namespace {

using namespace std::chrono_literals;

struct told {
  std::atomic<int> given{0};
  std::atomic<int> running{0};
};

// Counts those that are alive.
struct presence {
  explicit presence(told& to) : seen{to} { ++seen.running; }
  ~presence() { --seen.running; }
  presence(const presence&) = delete;
  presence& operator=(const presence&) = delete;
  told& seen;
};

stream<reply> numbers(told& to, int count, std::chrono::milliseconds pause, std::size_t size = 1) {
  const presence here{to};
  for (int i = 0; i < count; ++i) {
    if (pause > 0ms) co_await sleep_for(pause);
    ++to.given;
    co_yield reply::from_text(size == 1 ? std::to_string(i) : '"' + std::string(size, 'x') + '"');
  }
}

class HttpServerEvents : public adapter_test {
 protected:
  void SetUp() override {
    add("/three", [this] { return numbers(seen, 3, 0ms); });
    add("/slow", [this] { return numbers(seen, 3, 50ms); });
    add("/endless", [this] { return numbers(seen, 1 << 30, 5ms); });
    add("/flood", [this] { return numbers(seen, 1 << 30, 0ms, 1000); });
    add("/silent", [this] { return numbers(seen, 1, 1h); });
    s.dispatcher.add_route(http_method::get, "/hello", text([](auto&) { return "hello"; }));
    s.listen({}, GetParam());
  }
  void add(const char* path, std::function<stream<reply>()> make) {
    http_route_options options;
    options.events = event_stream::values;
    s.dispatcher.add_route(http_method::get, path, async([make = std::move(make)](http_context&) -> task<reply> {
                             co_return reply::from_stream(make());
                           }),
                           options);
  }

  told seen;  // outlives the loops
  service s;
};

TEST_P(HttpServerEvents, AreChunksOfAnEventStreamAndTheConnectionStays) {
  auto client = s.connect();
  client.request("GET", "/three");
  const answer got = client.read();
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(got.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(got.body, "\nid: 1\ndata: 0\n\nid: 2\ndata: 1\n\nid: 3\ndata: 2\n\n");
  EXPECT_EQ(client.get("/hello").body, "hello");
  EXPECT_EQ(seen.running, 0);
}

TEST_P(HttpServerEvents, LeaveWhenTheyHappen) {
  auto client = s.connect();
  client.request("GET", "/slow");
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(client.answers());  // the head, before the first value
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  EXPECT_EQ(client.read().body, "\nid: 1\ndata: 0\n\nid: 2\ndata: 1\n\nid: 3\ndata: 2\n\n");
}

TEST_P(HttpServerEvents, TheHeadDoesNotWaitForTheFirst) {
  auto client = s.connect();
  client.request("GET", "/silent");
  EXPECT_TRUE(client.answers());
  EXPECT_EQ(seen.running, 1);
}

TEST_P(HttpServerEvents, APeerThatDoesNotReadPausesTheStream) {
  auto client = s.connect();
  client.request("GET", "/flood");
  ASSERT_TRUE(client.answers());
  int before = -1;
  ASSERT_TRUE(eventually([&] {
    std::this_thread::sleep_for(100ms);
    return std::exchange(before, seen.given.load()) == seen.given;
  }));
  EXPECT_LT(seen.given, 100'000);  // of 1,000 bytes each
  EXPECT_EQ(s.connect().get("/hello").body, "hello");
}

TEST_P(HttpServerEvents, APeerThatGoesEndsTheStream) {
  for (const char* path : {"/endless", "/flood", "/silent"}) {
    {
      auto client = s.connect();
      client.request("GET", path);
      ASSERT_TRUE(client.answers());
      ASSERT_TRUE(eventually([&] { return seen.running == 1; })) << path;
    }
    EXPECT_TRUE(eventually([&] { return seen.running == 0; })) << path;
  }
}

TEST_P(HttpServerEvents, AServiceThatStopsEndsTheStreamsProperly) {
  auto client = s.connect();
  client.request("GET", "/endless");
  auto silent = s.connect();
  silent.request("GET", "/silent");
  ASSERT_TRUE(client.answers());
  ASSERT_TRUE(silent.answers());
  s.server->stop_accepting();
  s.dispatcher.begin_shutdown();
  EXPECT_TRUE(s.server->drain(deadline::after(10s)));
  EXPECT_EQ(silent.read().body, "\n");
  EXPECT_TRUE(client.read().body.starts_with("\n"));
  EXPECT_EQ(seen.running, 0);
}

TEST_P(HttpServerEvents, AServerThatIsClosedCutsThem) {
  auto client = s.connect();
  client.request("GET", "/endless");
  ASSERT_TRUE(client.answers());
  s.server->close();
  EXPECT_TRUE(eventually([&] { return seen.running == 0; }));
}

TEST_P(HttpServerEvents, AHeadOfThemEndsAtOnce) {
  auto client = s.connect();
  client.request("HEAD", "/endless");
  EXPECT_EQ(client.read(true).header("Content-Type"), "text/event-stream");
  EXPECT_EQ(client.get("/hello").body, "hello");
  EXPECT_TRUE(eventually([&] { return seen.running == 0; }));
}

TEST_P(HttpServerEvents, ManyStreamsAtATime) {
  std::vector<caller> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(s.connect());
    clients.back().request("GET", "/endless");
  }
  for (auto& each : clients) ASSERT_TRUE(each.answers());
  EXPECT_EQ(s.connect().get("/hello").body, "hello");
  clients.clear();
  EXPECT_TRUE(eventually([&] { return seen.running == 0; }));
}

NESTCPP_ON_EACH_ADAPTER(HttpServerEvents);

}  // namespace
}  // namespace nestcpp::test
