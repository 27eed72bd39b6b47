#include <nestcpp/core/exceptions.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

namespace {

using namespace nestcpp;
namespace json = boost::json;

std::string body_of(const http_exception& exception) { return json::serialize(exception.body()); }

TEST(HttpException, NamedOnesHaveNestJsBodies) {
  EXPECT_EQ(body_of(not_found_exception{"User 7 not found"}),
            R"({"message":"User 7 not found","error":"Not Found","statusCode":404})");
  EXPECT_EQ(body_of(bad_request_exception{json::array{"a", "b"}}),
            R"({"message":["a","b"],"error":"Bad Request","statusCode":400})");
  EXPECT_EQ(body_of(conflict_exception{"taken", "Taken"}), R"({"message":"taken","error":"Taken","statusCode":409})");
  EXPECT_EQ(body_of(forbidden_exception{}), R"({"message":"Forbidden","statusCode":403})");
  EXPECT_EQ(body_of(im_a_teapot_exception{json::object{{"own", "shape"}}}), R"({"own":"shape"})");
}

TEST(HttpException, AnEmptyMessageIsNone) {
  for (const json::value& none : {json::value(nullptr), json::value(""), json::value(0), json::value(false)}) {
    EXPECT_EQ(body_of(bad_request_exception{none}), R"({"message":"Bad Request","statusCode":400})");
  }
}

TEST(HttpException, AnyStatusTakesATextOrAWholeBody) {
  EXPECT_EQ(body_of(http_exception{"slow down", 429}), R"({"statusCode":429,"message":"slow down"})");
  EXPECT_EQ(body_of(http_exception{json::object{{"code", 1}}, 422}), R"({"code":1})");
  EXPECT_EQ(body_of(http_exception{json::array{1}, 422}), "[1]");
}

TEST(HttpException, WhatIsTheMessage) {
  EXPECT_STREQ(not_found_exception{"gone"}.what(), "gone");
  EXPECT_STREQ(not_found_exception{}.what(), "Not Found");
  EXPECT_STREQ((http_exception{json::object{{"message", "inner"}}, 400}.what()), "inner");
  EXPECT_STREQ((bad_request_exception{json::object{{"message", "inner"}}}.what()), "inner");
  EXPECT_STREQ(bad_request_exception{json::array{"a"}}.what(), R"(["a"])");
}

TEST(HttpException, EveryNamedStatusHasItsTitle) {
  EXPECT_EQ(request_timeout_exception{}.status(), 408);
  EXPECT_EQ(http_status_title(413), "Payload Too Large");
  EXPECT_EQ(http_status_title(418), "I'm a teapot");
  EXPECT_EQ(http_status_title(505), "HTTP Version Not Supported");
  EXPECT_EQ(http_status_title(299), "Unknown Error");
}

TEST(RpcException, PrimitivesAreWrappedAndOthersTravelAsTheyAre) {
  EXPECT_EQ(json::serialize(rpc_exception{"nope"}.wire_error()), R"({"status":"error","message":"nope"})");
  EXPECT_EQ(json::serialize(rpc_exception{json::object{{"code", 42}}}.wire_error()), R"({"code":42})");
  EXPECT_EQ(json::serialize(rpc_exception{json::array{1}}.wire_error()), "[1]");
  EXPECT_STREQ(rpc_exception{"nope"}.what(), "nope");
  EXPECT_STREQ((rpc_exception{json::object{{"message", "inner"}}}.what()), "inner");
}

TEST(ClientException, TellsTheClientAndWhetherItMayBeRepeated) {
  const unavailable_exception lost{"user-service", "Connection closed", unavailable_exception::request::maybe_sent};
  EXPECT_EQ(lost.client(), "user-service");
  EXPECT_EQ(lost.state(), unavailable_exception::request::maybe_sent);
  EXPECT_STREQ(timeout_exception{"user-service"}.what(), "Timeout has occurred");
}

}  // namespace
