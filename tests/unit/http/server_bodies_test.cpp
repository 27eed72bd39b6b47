// Bodies that are still on their way when they are read.
#include "http/content_coding.hpp"
#include "support.hpp"

#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/http/http_body_source.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <thread>

namespace nestcpp::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view last_chunk = "0\r\n\r\n";

std::string head(const std::string& headers) {
  return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n" + headers + "\r\n";
}
const std::string chunked = head("Transfer-Encoding: chunked\r\n");
const std::string another = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

std::string chunk_of(std::string_view data) {
  std::ostringstream out;
  out << std::hex << data.size() << "\r\n" << data << "\r\n";
  return out.str();
}

class slow_pieces final : public http_body_source {
 public:
  explicit slow_pieces(event_loop& on, int count = 3) : http_body_source{on}, left_{count} {}
  [[nodiscard]] task<bool> next(std::string& to) override {
    co_await sleep_for(20ms);
    if (left_-- == 0) co_return false;
    to += "piece ";
    co_return true;
  }

 private:
  int left_;
};

class HttpServerBodies : public adapter_test {
 protected:
  void listen(http_server_options options = {}) {
    s.dispatcher.add_route(http_method::get, "/hello", text([](auto&) { return "hello"; }));
    s.dispatcher.add_route(http_method::post, "/echo", text([](http_context& c) { return c.request().body; }));
    s.listen(std::move(options), GetParam());
  }
  // Until the server has read what was sent, as far as anybody can tell.
  static void pause() { std::this_thread::sleep_for(20ms); }

  service s{{.body_limit = 2'000'000}};
};

TEST_P(HttpServerBodies, ComeByteByByteWithTheNextRequestBehindThem) {
  listen();
  auto client = s.connect();
  const std::string all = chunked + chunk_of("hello") + chunk_of(", chunks") + std::string{last_chunk} + another;
  for (const char each : all) {
    client.send({&each, 1});
    std::this_thread::sleep_for(200us);
  }
  EXPECT_EQ(client.read().body, "hello, chunks");
  EXPECT_EQ(client.read().body, "hello");
}

TEST_P(HttpServerBodies, ComeInPiecesWithTheNextRequestInTheLast) {
  listen();
  auto client = s.connect();
  for (int i = 0; i < 20; ++i) {
    client.send(chunked + chunk_of("one"));
    if (i % 2 == 0) pause();
    client.send(chunk_of("two") + std::string{last_chunk} + chunked + chunk_of("three"));
    EXPECT_EQ(client.read().body, "onetwo");
    client.send(std::string{last_chunk} + another);
    EXPECT_EQ(client.read().body, "three");
    EXPECT_EQ(client.read().body, "hello");
  }
}

TEST_P(HttpServerBodies, OfKnownSizeComeInPieces) {
  listen();
  for (const std::size_t size : {10U, 100'000U, 1'500'000U}) {
    std::string body;
    while (body.size() < size) body += "0123456789";
    auto client = s.connect();
    client.send(head("Content-Length: " + std::to_string(size) + "\r\n"));
    pause();
    client.send(std::string_view{body}.substr(0, size / 3));
    pause();
    client.send(body.substr(size / 3) + another);
    EXPECT_EQ(client.read().body, body);
    EXPECT_EQ(client.read().body, "hello");
  }
}

TEST_P(HttpServerBodies, DoNotEndWhereTheirDataLooksLikeIt) {
  listen();
  auto client = s.connect();
  client.send(chunked + "5\r\n" + std::string{last_chunk});  // the data of a chunk
  pause();
  client.send("\r\n" + std::string{last_chunk} + another);
  EXPECT_EQ(client.read().body, last_chunk);
  EXPECT_EQ(client.read().body, "hello");
}

TEST_P(HttpServerBodies, MayBeEmptyInChunks) {
  listen();
  auto client = s.connect();
  for (const std::string_view each : {std::string_view{chunked}, std::string_view{"0\r\n"}, std::string_view{"\r\n"}}) {
    client.send(each);
    pause();
  }
  EXPECT_EQ(client.read().body, "");
  client.send(chunked + "0\r\nA");
  pause();
  client.send(": 1\r\n\r\n" + another);
  EXPECT_EQ(client.read().body, "");
  EXPECT_EQ(client.read().body, "hello");
}

TEST_P(HttpServerBodies, InTinyChunksMayNotTakeManyTimesTheirSize) {
  listen();
  std::string padded = chunked;
  while (padded.size() < 5'000'000) padded += "0000000000000001\r\nx\r\n";
  auto client = s.connect();
  client.send(padded);
  EXPECT_EQ(client.read().status, 413);
}

TEST_P(HttpServerBodies, MayHaveTrailers) {
  listen();
  auto client = s.connect();
  client.send(chunked + chunk_of("data") + "0\r\nChecksum: 1\r\n");
  pause();
  client.send("\r\n" + another);
  EXPECT_EQ(client.read().body, "data");
  EXPECT_EQ(client.read().body, "hello");
}

TEST_P(HttpServerBodies, AreDecodedAsTheyCome) {
  listen();
  std::string packed;
  detail::content_encoder{detail::content_coding::gzip, -1}.finish(std::string(100'000, 'z'), packed);
  auto client = s.connect();
  client.send(head("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n") + chunk_of(packed.substr(0, 20)));
  pause();
  client.send(chunk_of(packed.substr(20)) + std::string{last_chunk});
  EXPECT_EQ(client.read().body, std::string(100'000, 'z'));
  client.send(head("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n") + chunk_of(packed.substr(0, 20)));
  pause();
  client.send(last_chunk);
  EXPECT_EQ(client.read().status, 400);
  EXPECT_TRUE(client.is_closed());
}

TEST_P(HttpServerBodies, InAKnownSizeAreDecodedWholeOrNotAtAll) {
  listen();
  std::string packed;
  detail::content_encoder{detail::content_coding::gzip, -1}.finish(std::string(100'000, 'z'), packed);
  const auto send = [&](std::string_view body) {
    auto client = s.connect();
    client.request("POST", "/echo", "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", body);
    return client.read();
  };
  EXPECT_EQ(send(packed).body, std::string(100'000, 'z'));
  EXPECT_EQ(send(std::string_view{packed}.substr(0, packed.size() - 9)).status, 400);
  EXPECT_EQ(send(packed + "more").status, 400);
}

TEST_P(HttpServerBodies, AreServedToThoseWhoEndTheirSideAfterThem) {
  listen();
  auto client = s.connect();
  client.send(chunked + chunk_of("all"));
  pause();
  client.send(last_chunk);
  client.shut_down_sending();
  EXPECT_EQ(client.read().body, "all");
}

TEST_P(HttpServerBodies, ThatAreCutOffAre400) {
  listen();
  for (const std::string& begun :
       {chunked, chunked + chunk_of("some"), chunked + "5\r\nda", chunked + "5", chunked + "4\r\nsome\r",
        chunked + chunk_of("some") + "0\r\n\r", head("Content-Length: 5\r\n") + "some",
        head("Content-Length: 900000\r\n") + "some"}) {
    auto client = s.connect();
    client.send(begun);
    pause();
    client.shut_down_sending();
    EXPECT_EQ(client.read().status, 400) << begun;
    EXPECT_TRUE(client.is_closed());
  }
}

TEST_P(HttpServerBodies, ThatStopComingAre408) {
  listen({.body_timeout = 50ms});
  for (const std::string& begun : {chunked + chunk_of("some"), head("Content-Length: 900000\r\n") + "some"}) {
    auto client = s.connect();
    client.send(begun);
    EXPECT_EQ(client.read().status, 408);
    EXPECT_TRUE(client.is_closed());
  }
}

TEST_P(HttpServerBodies, ThatGrowTooLargeAre413) {
  listen();
  auto client = s.connect();
  client.send(chunked);
  for (int i = 0; i < 3; ++i) {
    client.send(chunk_of(std::string(1'000'000, 'x')));
    pause();
  }
  EXPECT_EQ(client.read().status, 413);
}

TEST_P(HttpServerBodies, MoreAtATimeThanAreWorkedOn) {
  listen({.max_connections = 1});
  std::vector<std::unique_ptr<caller>> callers;
  for (int i = 0; i < 10; ++i) {
    callers.push_back(std::make_unique<caller>(s.server->port()));
    callers.back()->send(chunked + chunk_of("from "));
  }
  pause();
  EXPECT_EQ(s.connect().get("/hello").body, "hello") << "bodies that have not come hold up nobody";
  for (int i = 9; i >= 0; --i) {
    callers[static_cast<std::size_t>(i)]->send(chunk_of(std::to_string(i)) + std::string{last_chunk});
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(callers[static_cast<std::size_t>(i)]->read().body, "from " + std::to_string(i));
  }
}

TEST_P(HttpServerBodies, AreWaitedForByADrainAndAnsweredByAnEnd) {
  listen();
  auto early = s.connect();
  auto late = s.connect();
  early.send(head("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n"));
  late.send(head("Content-Length: 5\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(early.read().status, 100);
  EXPECT_EQ(late.read().status, 100);
  early.send(chunk_of("some"));
  late.send("some");
  s.server->stop_accepting();
  EXPECT_FALSE(s.server->drain(deadline::after(20ms)));
  early.send(last_chunk);
  EXPECT_EQ(early.read().body, "some");
  EXPECT_FALSE(s.server->drain(deadline::after(20ms)));
  s.server->close();
  EXPECT_EQ(late.read().status, 503);
  EXPECT_TRUE(late.is_closed());
}

TEST_P(HttpServerBodies, DoNotHoldUpTheEndOfTheRuntime) {
  listen();
  auto client = s.connect();
  client.send(chunked + chunk_of("some"));
  pause();
  s.loops.stop();
  s.server->close();
  s.loops.join();
  s.loops.drop_pending();
  EXPECT_TRUE(client.is_closed());
}

TEST_P(HttpServerBodies, InNonsenseChunksAre400) {
  listen();
  for (const std::string chunks :
       {"4\r\nsomeXX0\r\n\r\n", "4\nsome\r\n0\r\n\r\n", "0x4\r\nsome\r\n0\r\n\r\n", "+4\r\nsome\r\n0\r\n\r\n",
        "4 x\r\nsome\r\n0\r\n\r\n", "-1\r\nsome\r\n0\r\n\r\n", "\r\n", "4;\r\nsome\r\n0\r\n\r\n",
        "4;a=\r\nsome\r\n0\r\n\r\n", "4;a\x01\r\nsome\r\n0\r\n\r\n", "00000000000000004\r\nsome\r\n0\r\n\r\n",
        "4\r\nsome\r\n0\r\nA: 1\n\r\n"}) {
    auto client = s.connect();
    client.send(chunked + chunks);
    EXPECT_EQ(client.read().status, 400) << chunks;
    EXPECT_TRUE(client.is_closed());
  }
}

TEST_P(HttpServerBodies, MayHaveSomeExtensionsAndTrailersButNotAnyNumber) {
  listen();
  auto client = s.connect();
  client.send(chunked + "4;a=b;c;d=\"e\\\"; f\"\r\nsome\r\n0;d\r\nA: 1\r\nB: 2\r\n\r\n" + another);
  EXPECT_EQ(client.read().body, "some");
  EXPECT_EQ(client.read().body, "hello");
  for (const std::string& begun : {std::string{"4;a="}, std::string{"4\r\nsome\r\n0\r\nA: "}}) {
    auto greedy = s.connect();
    greedy.send(chunked + begun + std::string(20'000, 'x'));
    EXPECT_EQ(greedy.read().status, 413);
  }
}

// While an answer is made the connection is read, so that a peer that goes is noticed.
TEST_P(HttpServerBodies, BehindStreamedAnswersAreRead) {
  s.dispatcher.add_route(http_method::get, "/stream", plain([](http_context& c) -> std::optional<std::string> {
                           c.response().source = std::make_shared<slow_pieces>(*event_loop::current());
                           return std::nullopt;
                         }));
  listen({.keep_alive_timeout = 2s});
  const std::string stream = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n";
  auto client = s.connect();
  for (int i = 0; i < 5; ++i) {
    client.send(stream);
    pause();
    client.send(head("Content-Length: 5\r\n") + "hel");
    EXPECT_EQ(client.read().body, "piece piece piece ");
    client.send("lo" + another);
    EXPECT_EQ(client.read().body, "hello");
    EXPECT_EQ(client.read().body, "hello");
    client.send(stream);
    pause();
    client.send(chunked + chunk_of("chunks") + std::string{last_chunk} + another);
    EXPECT_EQ(client.read().body, "piece piece piece ");
    EXPECT_EQ(client.read().body, "chunks");
    EXPECT_EQ(client.read().body, "hello");
  }
  client.send(stream);
  EXPECT_EQ(client.read().body, "piece piece piece ");
  EXPECT_TRUE(client.is_closed()) << "an idle connection is closed without a word";
}

TEST_P(HttpServerBodies, OfAnswersMayTakeLongerToBeReadThanAConnectionMayIdle) {
  s.dispatcher.add_route(http_method::get, "/large", text([](auto&) { return std::string(20'000'000, 'l'); }));
  listen({.keep_alive_timeout = 50ms});
  auto client = s.connect();
  client.request("GET", "/large");
  std::this_thread::sleep_for(400ms);
  EXPECT_EQ(client.read().body.size(), 20'000'000U);
}

// A piece every 20 ms, to its end or `most` bytes.
std::size_t read_slowly(std::uint16_t port, std::string_view request, std::size_t most, bool half_closes = false) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket socket{context};
  socket.open(boost::asio::ip::tcp::v4());
  socket.set_option(boost::asio::socket_base::receive_buffer_size{256 * 1024});
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  boost::asio::write(socket, boost::asio::buffer(request));
  if (half_closes) {
    std::this_thread::sleep_for(20ms);
    socket.shutdown(boost::asio::socket_base::shutdown_send);
  }
  std::string room(256 * 1024, ' ');
  std::size_t all = 0;
  boost::system::error_code error;
  while (!error && all < most) {
    all += socket.read_some(boost::asio::buffer(room), error);
    std::this_thread::sleep_for(20ms);
  }
  return all;
}

TEST_P(HttpServerBodies, OfAnswersReachThoseWhoReadSlowlyButSteadily) {
  s.dispatcher.add_route(http_method::get, "/large", text([](auto&) { return std::string(24'000'000, 'l'); }));
  listen({.head_timeout = 1s, .write_timeout = 1s});
  const std::string ask = "GET /large HTTP/1.1\r\nHost: h\r\n\r\n";
  EXPECT_GE(read_slowly(s.server->port(), ask + "GET /he", 24'000'000), 24'000'000U) << "half of the next head waits";
  EXPECT_GE(read_slowly(s.server->port(), ask, 24'000'100, true), 24'000'000U) << "it sends nothing more";
}

TEST_P(HttpServerBodies, ThatAreStreamedHoldUpNobody) {
  s.dispatcher.add_route(http_method::get, "/stream", plain([](http_context& c) -> std::optional<std::string> {
                           c.response().source = std::make_shared<slow_pieces>(*event_loop::current(), 1'000'000);
                           return std::nullopt;
                         }));
  listen({.max_connections = 1});
  auto subscriber = s.connect();
  subscriber.request("GET", "/stream");
  pause();
  EXPECT_EQ(s.connect().get("/hello").body, "hello");
}

TEST_P(HttpServerBodies, MayBeFollowedByAnEmptyLineInTwoPieces) {
  listen({.head_timeout = 500ms});
  auto client = s.connect();
  client.send(head("Content-Length: 1\r\n") + "x\r");
  EXPECT_EQ(client.read().body, "x");
  std::this_thread::sleep_for(800ms);
  client.send("\n" + another);
  EXPECT_EQ(client.read().body, "hello");
}

NESTCPP_ON_EACH_ADAPTER(HttpServerBodies);

}  // namespace
}  // namespace nestcpp::test
