#include "http/http_head.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nestcpp::test {
namespace {

using detail::http_head;
using detail::parse_http_head;

http_head parse(const std::string& fields, const std::string& line = "POST /a?b=1 HTTP/1.1") {
  return parse_http_head(line + "\r\nHost: h\r\n" + fields + "\r\n");
}

TEST(HttpHead, IsReadAsSent) {
  const http_head head = parse("X-Name:  Zo\xc3\xab %41 \t\r\nX-Empty:\r\nContent-Length: 12\r\n");
  ASSERT_EQ(head.refused, 0);
  EXPECT_EQ(head.request.method(), http_method::post);
  EXPECT_EQ(head.request.target(), "/a?b=1");
  EXPECT_EQ(head.request.headers.get("x-name"), "Zoë %41");
  EXPECT_EQ(head.request.headers.get("X-Empty"), "");
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_TRUE(head.has_body());
  EXPECT_FALSE(head.closes);
  EXPECT_FALSE(head.expects_continue);
}

TEST(HttpHead, TakesMethodsNoRouteHas) {
  const http_head head = parse("", "PROPFIND / HTTP/1.1");
  EXPECT_EQ(head.refused, 0);
  EXPECT_EQ(head.request.method_text(), "PROPFIND");
  EXPECT_FALSE(head.has_body());
}

TEST(HttpHead, KnowsWhetherTheConnectionStays) {
  EXPECT_TRUE(parse("Connection: Close\r\n").closes);
  EXPECT_TRUE(parse("Connection: upgrade, close\r\n").closes);
  EXPECT_TRUE(parse("", "GET / HTTP/1.0").closes);
  EXPECT_FALSE(parse("Connection: keep-alive\r\n", "GET / HTTP/1.0").closes);
  EXPECT_TRUE(parse("Connection: keep-alive\r\n", "GET / HTTP/1.0").is_http_1_0);
  EXPECT_FALSE(parse("").is_http_1_0);
}

TEST(HttpHead, ExpectsNoContinueOfHttp10) {
  EXPECT_TRUE(parse("Expect: 100-continue\r\n").expects_continue);
  EXPECT_FALSE(parse("Expect: 100-continue\r\n", "POST / HTTP/1.0").expects_continue);
}

TEST(HttpHead, KnowsHowTheBodyComes) {
  EXPECT_TRUE(parse("Transfer-Encoding: Chunked\r\n").chunked);
  EXPECT_TRUE(parse("Content-Length: 1\r\nExpect: 100-Continue\r\n").expects_continue);
  EXPECT_EQ(parse("Content-Encoding: GZip\r\n").content_encoding, "gzip");
  EXPECT_EQ(parse("Content-Encoding: identity\r\n").content_encoding, "");
  EXPECT_FALSE(parse("Content-Length: 0\r\n").has_body());
}

// What another reader in front of us could take for something else.
TEST(HttpHead, RefusesWhatTwoReadersCouldUnderstandDifferently) {
  for (const char* fields : {"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
                             "Content-Length: 1\r\nContent-Length: 2\r\n",
                             "Content-Length: 1\r\nContent-Length: 1\r\n",
                             "Content-Length: 1, 1\r\n",
                             "Content-Length: +1\r\n",
                             "Content-Length: -1\r\n",
                             "Content-Length: 0x1\r\n",
                             "Content-Length:\r\n",
                             "Content-Length: 99999999999999999999999\r\n",
                             "Transfer-Encoding: gzip, chunked\r\n",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: xchunked\r\n",
                             "Transfer-Encoding : chunked\r\n",
                             " X-Folded: 1\r\n",
                             "X-A: 1\r\n folded\r\n",
                             "no colon\r\n",
                             ": x\r\n",
                             "X-A: a\rb\r\n",
                             "X-A: a\x01\r\n",
                             "Host: other\r\n"}) {
    EXPECT_EQ(parse(fields).refused, 400) << fields;
  }
  EXPECT_EQ(parse(std::string{"X-A: a\0b\r\n", 10}).refused, 400);
  EXPECT_EQ(parse("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0").refused, 400);
  EXPECT_EQ(parse_http_head("GET / HTTP/1.1\r\n\r\n").refused, 400);
  EXPECT_EQ(parse_http_head("GET / HTTP/1.0\r\n\r\n").refused, 0);
  EXPECT_EQ(parse("Expect: the worst\r\n").refused, 417);
}

TEST(HttpHead, RefusesBadRequestLines) {
  for (const char* line : {"", "GET", "GET /", "GET  HTTP/1.1", "GET /a b HTTP/1.1", "G@T / HTTP/1.1",
                           "GET /\x01 HTTP/1.1", "GET / http/1.1", " GET / HTTP/1.1", "GET / XTTP/1.1"}) {
    EXPECT_EQ(parse("", line).refused, 400) << line;
  }
  EXPECT_EQ(parse("", "GET / HTTP/2.0").refused, 505);
}

}  // namespace
}  // namespace nestcpp::test
