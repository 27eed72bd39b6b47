#include "support.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace nestcpp::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

class HttpServer : public adapter_test {
 protected:
  void SetUp() override {
    s.dispatcher.add_route(http_method::get, "/hello", text([](auto&) { return "hello"; }));
    s.dispatcher.add_route(http_method::post, "/echo",
                           plain([](http_context& c) { return std::string{c.payload_text()}; }));
    s.dispatcher.add_route(http_method::get, "/size",
                           text([](http_context& c) { return std::to_string(c.request().body.size()); }));
    s.dispatcher.add_route(http_method::post, "/size",
                           text([](http_context& c) { return std::to_string(c.request().body.size()); }));
    s.dispatcher.add_route(http_method::delete_, "/none", plain([](auto&) { return std::nullopt; }), {.status = 204});
    s.dispatcher.add_route(http_method::get, "/fails",
                           plain([](auto&) -> std::optional<std::string> { throw std::runtime_error{"x"}; }));
    s.dispatcher.add_route(http_method::get, "/address",
                           text([](http_context& c) { return c.request().remote_address; }));
    s.dispatcher.add_route(http_method::get, "/header",
                           text([](http_context& c) { return std::string{c.header("X-A").value_or("-")}; }));
    s.listen({}, GetParam());
  }
  service s;
};

TEST_P(HttpServer, AnswersWithTheHeadersOfNode) {
  auto client = s.connect();
  const answer got = client.get("/hello");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(got.header("Content-Length"), "5");
  EXPECT_EQ(got.header("Connection"), "keep-alive");
  EXPECT_EQ(got.header("Keep-Alive"), "timeout=5");
  EXPECT_THAT(got.header("Date").value_or(""), MatchesRegex("[A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ [0-9]+ [0-9:]+ GMT"));
  EXPECT_TRUE(got.header("X-Request-Id"));
}

TEST_P(HttpServer, ServesManyRequestsOnOneConnection) {
  auto client = s.connect();
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(client.get("/hello").body, "hello");
    const std::string body = "[" + std::to_string(i) + "]";
    ASSERT_EQ(client.post_json("/echo", body).body, body);
  }
}

TEST_P(HttpServer, ServesPipelinedRequestsInOrder) {
  auto client = s.connect();
  std::string all;
  for (int i = 0; i < 50; ++i) {
    const std::string body = "[" + std::to_string(i) + "]";
    all += "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(client.read().body, "[" + std::to_string(i) + "]");
}

TEST_P(HttpServer, ServesMoreConnectionsThanLoops) {
  std::vector<std::unique_ptr<caller>> callers;
  for (int i = 0; i < 200; ++i) callers.push_back(std::make_unique<caller>(s.server->port()));
  for (int round = 0; round < 3; ++round) {
    for (auto& each : callers) each->request("GET", "/hello");
    for (auto& each : callers) ASSERT_EQ(each->read().body, "hello");
  }
}

TEST_P(HttpServer, ReadsARequestThatComesByteByByte) {
  auto client = s.connect();
  for (const char c : std::string_view{
           "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n[1]"}) {
    client.send({&c, 1});
    std::this_thread::sleep_for(100us);  // so that they come apart
  }
  EXPECT_EQ(client.read().body, "[1]");
}

TEST_P(HttpServer, ReadsChunkedBodies) {
  auto client = s.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.send("2\r\n[1\r\n3\r\n,2]\r\n0\r\n\r\n");
  EXPECT_EQ(client.read().body, "[1,2]");
  EXPECT_EQ(client.get("/hello").body, "hello");
}

TEST_P(HttpServer, SaysContinueToThoseWhoAsk) {
  auto client = s.connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 3\r\nExpect: "
      "100-continue\r\n\r\n");
  EXPECT_EQ(client.read().status, 100);
  client.send("[1]");
  EXPECT_EQ(client.read().body, "[1]");
}

TEST_P(HttpServer, AnswersHeadWithoutABody) {
  auto client = s.connect();
  client.request("HEAD", "/hello");
  const answer got = client.read(true);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("Content-Length"), "5");
  EXPECT_FALSE(got.header("Accept-Ranges"));
  EXPECT_EQ(client.get("/hello").body, "hello");
}

TEST_P(HttpServer, ReadsTheBodyOfAnyMethod) {
  auto client = s.connect();
  client.request("GET", "/size", {}, "12345");
  EXPECT_EQ(client.read().body, "5");
  client.request("PROPFIND", "/size", {}, "12345");
  EXPECT_EQ(client.read().body, R"({"message":"Cannot PROPFIND /size","error":"Not Found","statusCode":404})");
  client.request("DELETE", "/none");
  const answer none = client.read();
  EXPECT_EQ(none.status, 204);
  EXPECT_FALSE(none.header("Content-Length"));
  EXPECT_EQ(client.get("/hello").body, "hello");
}

TEST_P(HttpServer, LeavesRequestHeadersAsTheyCame) {
  auto client = s.connect();
  client.request("GET", "/header", "X-A: %41+b\r\nRange: bytes=0-1\r\nAccept-Encoding: gzip, br\r\n");
  const answer got = client.read();
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "%41+b");
  EXPECT_FALSE(got.header("Content-Encoding"));
  EXPECT_EQ(client.get("/address").body, "127.0.0.1");
}

TEST_P(HttpServer, AnswersErrorsInNestsShape) {
  auto client = s.connect();
  EXPECT_EQ(client.get("/none?x=1").body, R"({"message":"Cannot GET /none?x=1","error":"Not Found","statusCode":404})");
  EXPECT_EQ(client.get("/fails").body, R"({"statusCode":500,"message":"Internal server error"})");
  const answer bad = client.post_json("/echo", "{oops");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(
      bad.body,
      R"({"message":"Expected property name or '}' in JSON at position 1","error":"Bad Request","statusCode":400})");
  EXPECT_EQ(client.get("/hello").status, 200);
}

TEST_P(HttpServer, EchoesTheRequestId) {
  auto client = s.connect();
  client.request("GET", "/none", "X-Request-ID: my-id\r\n");
  EXPECT_EQ(client.read().header("X-Request-Id"), "my-id");
}

TEST_P(HttpServer, ClosesWhereTheCallerWantsIt) {
  auto client = s.connect();
  client.request("GET", "/hello", "Connection: close\r\n");
  const answer got = client.read();
  EXPECT_EQ(got.header("Connection"), "close");
  EXPECT_FALSE(got.header("Keep-Alive"));
  EXPECT_TRUE(client.is_closed());
  auto old = s.connect();
  old.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read().body, "hello");
  EXPECT_TRUE(old.is_closed());
}

TEST_P(HttpServer, ServesACallerThatHasShutDownItsSide) {
  auto client = s.connect();
  client.request("GET", "/hello");
  client.shut_down_sending();
  EXPECT_EQ(client.read().body, "hello");
  EXPECT_TRUE(client.is_closed());
}

TEST_P(HttpServer, SharesItsPortWithNobody) {
  http_server_options options;
  options.port = s.server->port();
  const auto second = s.make_server(options);
  try {
    second->start();
    FAIL() << "two servers share port " << options.port;
  } catch (const startup_error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("127.0.0.1:" + std::to_string(options.port)), HasSubstr("in use")));
  }
  EXPECT_EQ(second->port(), 0);
}

TEST_P(HttpServer, NamesAHostThatIsNone) {
  http_server_options options;
  options.host = "not a host";
  const auto server = s.make_server(options);
  EXPECT_THROW(server->start(), startup_error);
}

NESTCPP_ON_EACH_ADAPTER(HttpServer);

}  // namespace
}  // namespace nestcpp::test
