#include "http/percent.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

namespace nestcpp::test {
namespace {

TEST(HttpMethod, IsReadAsSentAndWrittenBack) {
  for (const char* name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(to_string(parse_http_method(name)), name);
  }
  EXPECT_EQ(parse_http_method("get"), http_method::other);
  EXPECT_EQ(parse_http_method("PROPFIND"), http_method::other);
}

TEST(HttpHeaders, NamesIgnoreCaseAndValuesKeepTheirOrder) {
  http_headers headers;
  headers.add("Set-Cookie", "a=1");
  headers.add("set-cookie", "b=2");
  EXPECT_EQ(headers.get("SET-COOKIE"), "a=1");
  EXPECT_EQ(headers.count("Set-Cookie"), 2U);
  headers.set("SET-cookie", "c=3");
  EXPECT_EQ(headers.count("Set-Cookie"), 1U);
  EXPECT_EQ(headers.get("set-cookie"), "c=3");
  headers.remove("Set-Cookie");
  EXPECT_FALSE(headers.contains("Set-Cookie"));
}

TEST(HttpHeaders, RefuseWhatCouldSmuggleASecondHeader) {
  http_headers headers;
  EXPECT_THROW(headers.set("X-A", "1\r\nX-B: 2"), std::invalid_argument);
  EXPECT_THROW(headers.add("X-A", std::string{"1\0", 2}), std::invalid_argument);
  EXPECT_THROW(headers.set("X A", "1"), std::invalid_argument);
  EXPECT_THROW(headers.set("", "1"), std::invalid_argument);
  EXPECT_TRUE(headers.empty());
}

TEST(HttpRequest, SplitsItsTargetIntoPathAndQuery) {
  const http_request request{"GET", "/users/7?full=1&name=Zo%C3%AB+B&flag&full=2&=x"};
  EXPECT_EQ(request.method(), http_method::get);
  EXPECT_EQ(request.path(), "/users/7");
  EXPECT_EQ(request.query("full"), "1");
  EXPECT_EQ(request.query("name"), "Zoë B");
  EXPECT_EQ(request.query("flag"), "");
  EXPECT_EQ(request.query("none"), std::nullopt);
  EXPECT_EQ(request.query().size(), 5U);
}

TEST(HttpRequest, TakesTheAbsoluteFormOfTargets) {
  EXPECT_EQ((http_request{"GET", "http://host:80/a?b=/c"}).path(), "/a");
  EXPECT_EQ((http_request{"GET", "http://host:80/a?b=/c"}).query("b"), "/c");
  EXPECT_EQ((http_request{"GET", "http://host"}).path(), "");
  EXPECT_EQ((http_request{"OPTIONS", "*"}).path(), "*");
}

TEST(PercentEncoding, IsDecodedAsJavaScriptDoes) {
  using namespace detail;
  EXPECT_EQ(decode_uri_component("a%20b%2Fc+d"), "a b/c+d");
  EXPECT_EQ(decode_uri_component("%F0%9F%98%80"), "😀");
  for (const char* bad : {"%", "%2", "%ZZ", "%FF", "%C3", "%ED%A0%80", "%C0%80"}) {
    EXPECT_EQ(decode_uri_component(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(decode_query_text("a+b%2Bc%ZZ%"), "a b+c%ZZ%");
  EXPECT_EQ(decode_query_text("%FFx"), "\xef\xbf\xbdx");
  EXPECT_EQ(repair_utf8("\xe2\x82|\xed\xa0\x80"), "\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

}  // namespace
}  // namespace nestcpp::test
