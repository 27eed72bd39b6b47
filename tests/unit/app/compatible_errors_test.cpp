// nestjs_compatible_errors(): what each exception becomes over either transport. The bytes of messages are also
// compared with recorded ones, in tests/interop/replay.

#include <nestcpp/nestcpp.hpp>

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace {

namespace nest = nestcpp;
namespace json = boost::json;

class call_context final : public nest::execution_context {
 public:
  call_context(nest::context_type type, const nest::handler_info& handler)
      : execution_context{type, handler, std::chrono::steady_clock::now()} {}
  [[nodiscard]] std::string_view payload_text() const noexcept override { return {}; }

 private:
  [[nodiscard]] std::string make_request_id() const override { return "1"; }
};

// "500 {…}" as NestJS answers it.
std::string answer(nest::context_type type, const std::exception& exception) {
  const nest::handler_info handler{"C", "m", "p", "C.m", true};
  call_context context{type, handler};
  const nest::error_response response = nest::default_error_response(exception, context);
  return std::to_string(response.status) + " " + nest::reply::from_value(response.body).text();
}
std::string err(const std::exception& exception) { return answer(nest::context_type::rpc, exception).substr(4); }
std::string http(const std::exception& exception) { return answer(nest::context_type::http, exception); }

constexpr auto from_service = nest::rpc_exception::origin::service;
constexpr const char* internal = R"({"status":"error","message":"Internal server error"})";
constexpr const char* http_internal = R"(500 {"statusCode":500,"message":"Internal server error"})";

TEST(CompatibleErrors, OfMessagesOnlyRpcExceptionsSaySomething) {
  EXPECT_EQ(err(nest::rpc_exception{"text"}), R"({"status":"error","message":"text"})");
  EXPECT_EQ(err(nest::rpc_exception{""}), R"({"status":"error","message":""})");
  EXPECT_EQ(err(nest::rpc_exception{7}), R"({"status":"error","message":7})");
  EXPECT_EQ(err(nest::rpc_exception{}), R"({"status":"error"})");
  EXPECT_EQ(err(nest::rpc_exception{nullptr}), R"({"status":"error","message":null})");
  EXPECT_EQ(err(nest::rpc_exception{json::array{"a", "b"}}), R"(["a","b"])");
  EXPECT_EQ(err(nest::rpc_exception{json::object{{"code", 42}}}), R"({"code":42})");
  EXPECT_EQ(err(nest::not_found_exception{"none"}), internal);
  EXPECT_EQ(err(nest::validation_exception{"bad"}), internal);
  EXPECT_EQ(err(std::runtime_error{"secret"}), internal);
  EXPECT_EQ(err(nest::unknown_exception{}), internal);
  EXPECT_EQ(err(nest::timeout_exception{"orders"}), internal);
  EXPECT_EQ(err(nest::deadline_exceeded{}), internal);
  // NestJS's client throws the err as a plain value, which its service does not know.
  EXPECT_EQ(err((nest::rpc_exception{json::object{{"code", 42}}, from_service})), internal);
}

TEST(CompatibleErrors, OverHttpOnlyTheHttpFamilySaysSomething) {
  EXPECT_EQ(http(nest::not_found_exception{"none"}), R"(404 {"message":"none","error":"Not Found","statusCode":404})");
  EXPECT_EQ(http(nest::rpc_exception{json::object{{"statusCode", 404}, {"message", "none"}}}), http_internal);
  EXPECT_EQ(http(nest::unavailable_exception{"orders", "down", nest::unavailable_exception::request::never_sent}),
            http_internal);
  EXPECT_EQ(http(nest::timeout_exception{"orders"}), http_internal);
  EXPECT_EQ(http(std::runtime_error{"secret"}), http_internal);
}

TEST(CompatibleErrors, OfAServicesErrorHttpKeepsStatusAndMessage) {
  const auto told = [](const char* error) { return http(nest::rpc_exception{json::parse(error), from_service}); };
  EXPECT_EQ(told(R"({"statusCode":404,"message":"User not found","extra":1})"),
            R"(404 {"statusCode":404,"message":"User not found"})");
  EXPECT_EQ(told(R"({"statusCode":500,"message":"m"})"), R"(500 {"statusCode":500,"message":"m"})");
  for (const char* error :
       {R"({"statusCode":404,"message":["a"]})", R"({"statusCode":404,"message":""})", R"({"statusCode":404})",
        R"({"statusCode":399,"message":"m"})", R"("nope")", R"({"statusCode":600,"message":"m"})",
        R"({"status":404,"message":"m"})", R"({"statusCode":404.5,"message":"m"})"}) {
    EXPECT_EQ(told(error), http_internal) << error;
  }
}

}  // namespace
