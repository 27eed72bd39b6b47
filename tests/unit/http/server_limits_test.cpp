#include "http/content_coding.hpp"
#include "support.hpp"

#include <nestcpp/core/with_deadline.hpp>

#include <gtest/gtest.h>

#include <atomic>

namespace nestcpp::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* too_large = R"({"statusCode":413,"message":"request entity too large"})";

class HttpServerLimits : public adapter_test {
 protected:
  void listen(http_server_options options = {}) {
    s.dispatcher.add_route(http_method::get, "/hello", text([](auto&) { return "hello"; }));
    s.dispatcher.add_route(http_method::post, "/echo",
                           plain([](http_context& c) { return std::string{c.payload_text()}; }));
    s.listen(std::move(options), GetParam());
  }
  // The answer to bytes after which the server closes.
  [[nodiscard]] std::string last_answer(std::string_view bytes) const {
    auto client = s.connect();
    client.send(bytes);
    const answer got = client.read();
    EXPECT_EQ(got.header("Connection"), "close");
    EXPECT_TRUE(got.header("X-Request-Id"));
    EXPECT_TRUE(client.is_closed());
    return std::to_string(got.status) + got.body;
  }
  service s{{.body_limit = 1000}};
};

std::string post(const std::string& headers) {
  return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n" + headers + "\r\n";
}

TEST_P(HttpServerLimits, BodiesUpToTheLimitAreTaken) {
  listen();
  const std::string body = "[\"" + std::string(996, 'x') + "\"]";
  EXPECT_EQ(s.connect().post_json("/echo", body).body, body);
}

TEST_P(HttpServerLimits, LargerBodiesAre413HoweverTheyCome) {
  listen();
  const std::string body(1001, ' ');
  EXPECT_EQ(last_answer(post("Content-Length: 1001\r\n") + body), std::string{"413"} + too_large);
  EXPECT_EQ(last_answer(post("Content-Length: 100000000000\r\n")), std::string{"413"} + too_large);
  EXPECT_EQ(last_answer(post("Transfer-Encoding: chunked\r\n") + "3e9\r\n" + body + "\r\n0\r\n\r\n"),
            std::string{"413"} + too_large);
}

TEST_P(HttpServerLimits, ACallerThatSendsMuchMoreStillReadsThe413) {
  listen();
  auto client = s.connect();
  client.send(post("Content-Length: 4000000\r\n") + std::string(4000000, ' '));
  EXPECT_EQ(client.read().status, 413);
}

TEST_P(HttpServerLimits, DecompressesUpToTheLimit) {
  listen();
  const auto gzip = [](const std::string& text) {
    std::string out;
    detail::content_encoder{detail::content_coding::gzip, -1}.finish(text, out);
    return out;
  };
  const auto send = [&](const std::string& body) {
    auto client = s.connect();
    client.request("POST", "/echo", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", body);
    const answer got = client.read();
    return std::to_string(got.status) + got.body;
  };
  EXPECT_EQ(send(gzip("[1,2]")), "201[1,2]");
  EXPECT_EQ(send(gzip(std::string(500000, ' '))), std::string{"413"} + too_large);
  EXPECT_EQ(send("not gzip"), R"(400{"statusCode":400,"message":"incorrect header check"})");
}

TEST_P(HttpServerLimits, RefusesUnknownContentEncodings) {
  listen();
  EXPECT_EQ(last_answer(post("Content-Length: 1\r\nContent-Encoding: lzma\r\n") + "x"),
            R"(415{"statusCode":415,"message":"unsupported content encoding \"lzma\""})");
}

TEST_P(HttpServerLimits, BoundsTargetAndHead) {
  listen({.max_target_size = 100, .max_head_size = 1000});
  const std::string x(2000, 'x');
  EXPECT_EQ(s.connect().get("/" + x.substr(0, 99)).status, 404);
  EXPECT_EQ(last_answer("GET /" + x.substr(0, 100) + " HTTP/1.1\r\nHost: h\r\n\r\n"),
            R"(414{"message":"URI Too Long","statusCode":414})");
  EXPECT_EQ(last_answer("GET /" + x), R"(414{"message":"URI Too Long","statusCode":414})");
  const auto* const head = R"(431{"message":"Request Header Fields Too Large","statusCode":431})";
  EXPECT_EQ(last_answer("GET / HTTP/1.1\r\nHost: h\r\nX-A: " + x + "\r\n\r\n"), head);
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 200; ++i) many += "X-A: 1\r\n";
  EXPECT_EQ(last_answer(many), head);
}

TEST_P(HttpServerLimits, RefusesMalformedRequestsAndCloses) {
  listen();
  const auto* const bad = R"(400{"message":"Bad Request","statusCode":400})";
  EXPECT_EQ(last_answer("nonsense\r\n\r\n"), bad);
  EXPECT_EQ(last_answer("GET /hello HTTP/1.1\nHost: h\n\n"), bad);
  EXPECT_EQ(last_answer("GET /hello HTTP/1.1\r\n\r\n"), bad);
  EXPECT_EQ(last_answer(std::string{"\x16\x03\x01\x02\n", 5}), bad);
  EXPECT_EQ(
      last_answer(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\nGET /hello HTTP/1.1\r\n\r\n"),
      bad);
  EXPECT_EQ(last_answer(post("Transfer-Encoding: chunked\r\n") + "zz\r\n"), bad);
  EXPECT_EQ(last_answer("GET / HTTP/3.0\r\nHost: h\r\n\r\n"),
            R"(505{"message":"HTTP Version Not Supported","statusCode":505})");
}

TEST_P(HttpServerLimits, SlowHeadsAndBodiesAre408) {
  listen({.head_timeout = 50ms, .body_timeout = 50ms});
  const auto* const late = R"(408{"message":"Request Timeout","statusCode":408})";
  EXPECT_EQ(last_answer("GET /hello HTTP/1.1\r\nHo"), late);
  EXPECT_EQ(last_answer(post("Content-Length: 10\r\n") + "[1"), late);
}

TEST_P(HttpServerLimits, SlowCallersHoldUpNobodyElse) {
  listen();
  std::vector<std::unique_ptr<caller>> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(std::make_unique<caller>(s.server->port()));
    slow.back()->send(i % 2 == 0 ? std::string{"GET /hello HTTP/1.1\r\nHo"} : post("Content-Length: 3\r\n") + "[");
  }
  auto client = s.connect();
  EXPECT_EQ(client.get("/hello").body, "hello");
  for (int i = 0; i < 100; ++i) slow[static_cast<std::size_t>(i)]->send(i % 2 == 0 ? "st: h\r\n\r\n" : "1]");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(slow[static_cast<std::size_t>(i)]->read().body, i % 2 == 0 ? "hello" : "[1]");
}

TEST_P(HttpServerLimits, IdleConnectionsHoldUpNobodyEvenWithOneThread) {
  listen({.max_connections = 1});
  std::vector<std::unique_ptr<caller>> idle;
  for (int i = 0; i < 50; ++i) {
    idle.push_back(std::make_unique<caller>(s.server->port()));
    ASSERT_EQ(idle.back()->get("/hello").body, "hello");
  }
  for (auto& each : idle) EXPECT_EQ(each->get("/hello").body, "hello");
}

TEST_P(HttpServerLimits, ConnectionsBeyondTheLimitWaitForTheirTurn) {
  listen({.max_connections = 2});
  std::vector<std::unique_ptr<caller>> callers;
  for (int i = 0; i < 2; ++i) {
    callers.push_back(std::make_unique<caller>(s.server->port()));
    callers.back()->send("GET /hello HTTP/1.1\r\nHo");
  }
  auto third = s.connect();
  third.request("GET", "/hello");
  for (auto& each : callers) each->send("st: h\r\n\r\n");
  for (auto& each : callers) EXPECT_EQ(each->read().body, "hello");
  EXPECT_EQ(third.read().body, "hello");
}

TEST_P(HttpServerLimits, RequestsBeyondTheLimitWaitForTheirTurn) {
  std::atomic<int> at_once{0}, most{0};
  s.dispatcher.add_route(http_method::get, "/slow", async([&](http_context&) -> task<reply> {
                           int seen = most;
                           const int now = ++at_once;
                           while (seen < now && !most.compare_exchange_weak(seen, now)) {
                           }
                           co_await sleep_for(10ms);
                           --at_once;
                           co_return reply::from_text("1");
                         }));
  listen({.max_connections = 2});
  std::vector<std::unique_ptr<caller>> callers;
  for (int i = 0; i < 20; ++i) {
    callers.push_back(std::make_unique<caller>(s.server->port()));
    callers.back()->request("GET", "/slow");
  }
  for (auto& each : callers) EXPECT_EQ(each->read().body, "1");
  EXPECT_EQ(most, 2);
}

TEST_P(HttpServerLimits, IdleConnectionsAreClosedAfterTheKeepAliveTimeout) {
  listen({.keep_alive_timeout = 50ms});
  auto client = s.connect();
  EXPECT_EQ(client.get("/hello").header("Keep-Alive"), "timeout=1");
  EXPECT_TRUE(client.is_closed());
}

NESTCPP_ON_EACH_ADAPTER(HttpServerLimits);

}  // namespace
}  // namespace nestcpp::test
