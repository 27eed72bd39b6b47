// Bodies that are made while they are sent.
#include "support.hpp"

#include <nestcpp/core/clock.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace nestcpp::test {
namespace {

using namespace std::chrono_literals;

struct told {
  std::atomic<int> asked{0};
  std::atomic<int> abandoned{0};
  std::atomic<int> cancelled{0};
  std::atomic<int> destroyed{0};
};

// Gives `count` pieces, every one after `pause`; may fail after them.
class counting_source final : public http_body_source {
 public:
  struct options {
    int count = 3;
    std::chrono::milliseconds pause{0};
    bool fails = false;
    std::optional<std::uint64_t> size{};
    std::size_t piece = 2;
  };
  counting_source(event_loop& on, told& to, options with) : http_body_source{on}, told_{to}, options_{with} {}
  ~counting_source() override { ++told_.destroyed; }

  [[nodiscard]] task<bool> next(std::string& to) override {
    ++told_.asked;
    if (options_.pause > 0ms || options_.count == 0) {
      timer pause{co_await boost::asio::this_coro::executor};
      pause.expires_after(options_.count == 0 && options_.pause > 1s ? 1h : options_.pause);
      try {
        co_await pause.async_wait(boost::asio::use_awaitable);
      } catch (const boost::system::system_error&) {
        ++told_.cancelled;
        throw;
      }
    }
    if (given_ == options_.count) {
      if (options_.fails) throw std::runtime_error{"on purpose"};
      co_return false;
    }
    to.append(options_.piece, static_cast<char>('a' + given_ % 26));
    ++given_;
    co_return true;
  }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return options_.size; }
  void abandon() noexcept override { ++told_.abandoned; }

 private:
  told& told_;
  options options_;
  int given_ = 0;
};

class HttpServerStreams : public adapter_test {
 protected:
  void SetUp() override {
    add("/three", {});
    add("/slow", {.pause = 10ms});
    add("/sized", {.size = 6});
    add("/short", {.size = 7});
    add("/long", {.size = 5});
    add("/fails", {.fails = true});
    add("/endless", {.count = 1 << 30, .pause = 1ms});
    add("/flood", {.count = 1 << 30, .piece = 65536});
    add("/large", {.count = 300, .piece = 100'000});
    add("/silent", {.count = 1, .pause = 1h});
    s.dispatcher.add_route(http_method::get, "/hello", text([](auto&) { return "hello"; }));
  }
  void add(std::string path, counting_source::options with) {
    s.dispatcher.add_route(http_method::get, path, plain([this, with](http_context& c) {
                             c.response().headers.set("Content-Type", "text/plain");
                             c.response().source =
                                 std::make_shared<counting_source>(*event_loop::current(), seen, with);
                             return std::nullopt;
                           }));
  }
  void listen(http_server_options options = {}) { s.listen(std::move(options), GetParam()); }

  told seen;  // outlives the loops
  service s;
};

TEST_P(HttpServerStreams, TravelInChunksAndTheConnectionStays) {
  listen();
  auto client = s.connect();
  for (int i = 0; i < 3; ++i) {
    client.request("GET", "/three");
    const answer got = client.read();
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.header("Transfer-Encoding"), "chunked");
    EXPECT_FALSE(got.header("Content-Length"));
    EXPECT_EQ(got.header("Connection"), "keep-alive");
    EXPECT_TRUE(got.header("X-Request-Id"));
    EXPECT_EQ(got.body, "aabbcc");
  }
  EXPECT_EQ(client.get("/slow").body, "aabbcc");
  EXPECT_EQ(client.get("/hello").body, "hello");
  EXPECT_TRUE(eventually([&] { return seen.destroyed == 4; }));
  EXPECT_EQ(seen.abandoned, 0);
}

TEST_P(HttpServerStreams, HaveALengthWhereItIsKnown) {
  listen();
  auto client = s.connect();
  const answer got = client.get("/sized");
  EXPECT_EQ(got.header("Content-Length"), "6");
  EXPECT_FALSE(got.header("Transfer-Encoding"));
  EXPECT_EQ(got.body, "aabbcc");
  EXPECT_EQ(client.get("/hello").body, "hello");
}

TEST_P(HttpServerStreams, AreAnsweredInOrderWherePipelined) {
  listen();
  auto client = s.connect();
  client.send(
      "GET /hello HTTP/1.1\r\nHost: h\r\n\r\nGET /slow HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: "
      "h\r\n\r\n");
  EXPECT_EQ(client.read().body, "hello");
  EXPECT_EQ(client.read().body, "aabbcc");
  EXPECT_EQ(client.read().body, "hello");
}

TEST_P(HttpServerStreams, EndWithTheConnectionForHttp10) {
  listen();
  for (const std::string headers : {"", "Connection: close\r\n", "Connection: keep-alive\r\n"}) {
    auto client = s.connect();
    client.send("GET /three HTTP/1.0\r\n" + headers + "\r\n");
    const answer got = client.read(true);
    EXPECT_FALSE(got.header("Transfer-Encoding")) << headers;
    EXPECT_EQ(got.header("Connection"), "close") << headers;
    EXPECT_EQ(client.rest(), "aabbcc") << headers;
  }
}

TEST_P(HttpServerStreams, AreNotMadeForHead) {
  listen();
  auto client = s.connect();
  client.request("HEAD", "/three");
  EXPECT_EQ(client.read(true).header("Transfer-Encoding"), "chunked");
  client.request("HEAD", "/sized");
  EXPECT_EQ(client.read(true).header("Content-Length"), "6");
  EXPECT_EQ(client.get("/hello").body, "hello");
  EXPECT_TRUE(eventually([&] { return seen.abandoned == 2 && seen.destroyed == 2; }));
  EXPECT_EQ(seen.asked, 0);
}

TEST_P(HttpServerStreams, ThatFailBreakTheConnection) {
  listen();
  for (const auto* path : {"/fails", "/short", "/long"}) {
    auto client = s.connect();
    client.request("GET", path);
    const answer got = client.read(true);
    EXPECT_EQ(got.status, 200) << path;
    const std::string rest = client.rest();
    EXPECT_EQ(rest.find("0\r\n\r\n"), std::string::npos) << path;
    EXPECT_LT(rest.size(), 25U) << path;
  }
  EXPECT_TRUE(eventually([&] { return seen.destroyed == 3; }));
}

TEST_P(HttpServerStreams, AreGivenUpWhenThePeerGoes) {
  listen();
  for (const auto* path : {"/endless", "/silent", "/flood"}) {
    auto client = std::make_unique<caller>(s.server->port());
    const int asked = seen.asked;
    client->request("GET", path);
    ASSERT_TRUE(eventually([&] { return seen.asked > asked; })) << path;
    const int destroyed = seen.destroyed;
    client.reset();
    EXPECT_TRUE(eventually([&] { return seen.destroyed > destroyed; })) << path;
  }
  EXPECT_TRUE(eventually([&] { return s.dispatcher.in_flight() == 0; }));
  EXPECT_TRUE(s.server->drain(deadline::after(5s)));
}

TEST_P(HttpServerStreams, AreMadeNoFasterThanThePeerReads) {
  listen({.write_timeout = 60s});
  auto client = s.connect();
  client.request("GET", "/flood");
  int before = -1;
  ASSERT_TRUE(eventually([&] {  // comes to rest
    const int now = seen.asked;
    std::this_thread::sleep_for(50ms);
    return now > 0 && std::exchange(before, now) == now;
  }));
  EXPECT_LT(seen.asked, 1000);
}

TEST_P(HttpServerStreams, ArriveWhole) {
  listen();
  auto client = s.connect();
  const answer got = client.get("/large");
  ASSERT_EQ(got.body.size(), 30'000'000U);
  for (std::size_t i = 0; i < 300; ++i) ASSERT_EQ(got.body[i * 100'000], static_cast<char>('a' + i % 26));
}

TEST_P(HttpServerStreams, AreCutWhereThePeerDoesNotRead) {
  listen({.write_timeout = 100ms});
  auto client = s.connect();
  client.request("GET", "/flood");
  EXPECT_TRUE(eventually([&] { return seen.destroyed == 1; }));
}

TEST_P(HttpServerStreams, AreWaitedForByTheDrainAndThenCut) {
  listen();
  auto client = s.connect();
  client.request("GET", "/endless");
  ASSERT_TRUE(eventually([&] { return seen.asked > 0; }));
  s.server->stop_accepting();
  EXPECT_FALSE(s.server->drain(deadline::after(50ms)));
  s.server->close();
  EXPECT_TRUE(eventually([&] { return seen.destroyed == 1; }));
}

NESTCPP_ON_EACH_ADAPTER(HttpServerStreams);

}  // namespace
}  // namespace nestcpp::test
