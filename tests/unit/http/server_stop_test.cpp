#include "support.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace nestcpp::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* stopping =
    R"({"message":"Server is shutting down","error":"Service Unavailable","statusCode":503})";

// A handler that ends when the test says so, or never.
class HttpServerStop : public adapter_test {
 protected:
  void SetUp() override {
    s.dispatcher.add_route(http_method::get, "/hello", text([](auto&) { return "hello"; }));
    s.dispatcher.add_route(http_method::get, "/slow", async([this](http_context&) { return wait(); }));
    s.listen({}, GetParam());
  }
  task<reply> wait() {
    while (!released) {
      boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, 1ms};
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return reply::from_text("[1]");
  }
  void begin_slow(caller& client) {
    client.request("GET", "/slow");
    ASSERT_TRUE(eventually([this] { return s.dispatcher.in_flight() == 1; }));
  }
  std::atomic<bool> released{false};
  service s;
};

TEST_P(HttpServerStop, FinishesWhatIsUnderWayAndRefusesTheRest) {
  auto busy = s.connect();
  begin_slow(busy);
  auto idle = s.connect();
  ASSERT_EQ(idle.get("/hello").status, 200);
  const auto port = s.server->port();

  s.server->stop_accepting();
  EXPECT_TRUE(idle.is_closed());
  EXPECT_THROW(caller{port}, boost::system::system_error);
  EXPECT_FALSE(s.server->drain(deadline::after(20ms)));

  auto drained = std::async(std::launch::async, [this] { return s.server->drain(deadline::after(10s)); });
  released = true;
  const answer got = busy.read();
  EXPECT_EQ(got.body, "[1]");
  EXPECT_EQ(got.header("Connection"), "close");
  EXPECT_TRUE(busy.is_closed());
  EXPECT_TRUE(drained.get());
  s.server->close();
}

TEST_P(HttpServerStop, AnswersLateRequestsOnOpenConnections503) {
  auto client = s.connect();
  ASSERT_EQ(client.get("/hello").status, 200);
  s.dispatcher.begin_shutdown();
  const answer got = client.get("/hello");
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.body, stopping);
  EXPECT_EQ(got.header("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_P(HttpServerStop, ReleasesCallersOfHandlersThatHang) {
  auto client = s.connect();
  client.request("GET", "/slow", "X-Request-Id: mine\r\n");
  ASSERT_TRUE(eventually([this] { return s.dispatcher.in_flight() == 1; }));
  s.server->close();
  const answer got = client.read();
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.body, stopping);
  EXPECT_EQ(got.header("X-Request-Id"), "mine");
  EXPECT_TRUE(client.is_closed());
}

TEST_P(HttpServerStop, ReleasesCallersWhenTheRuntimeStops) {
  auto client = s.connect();
  begin_slow(client);
  s.loops.stop();
  s.server->close();
  s.loops.join();
  s.loops.drop_pending();  // connections live on the loops, and end with them
  EXPECT_TRUE(client.is_closed());
}

TEST_P(HttpServerStop, MayCloseAtAnyTimeAndTwice) {
  auto half = s.connect();
  half.send("GET /hello HTTP/1.1\r\nHo");
  auto idle = s.connect();
  s.server->close();
  s.server->close();
  EXPECT_TRUE(half.is_closed());
  EXPECT_TRUE(idle.is_closed());

  const auto never_started = s.make_server({});
  never_started->stop_accepting();
  EXPECT_TRUE(never_started->drain(deadline::after(1s)));
  never_started->close();
}

NESTCPP_ON_EACH_ADAPTER(HttpServerStop);

}  // namespace
}  // namespace nestcpp::test
