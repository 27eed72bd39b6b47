#include "support.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nestcpp::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr const char* json_type = "application/json; charset=utf-8";
constexpr const char* text_type = "text/html; charset=utf-8";

TEST(HttpDispatcher, AnswersResultsAsExpressDoes) {
  service s;
  s.dispatcher.add_route(http_method::get, "/object", plain([](auto&) { return R"({"a":1})"; }));
  s.dispatcher.add_route(http_method::get, "/number", plain([](auto&) { return "-1.5"; }));
  s.dispatcher.add_route(http_method::get, "/boolean", plain([](auto&) { return "true"; }));
  s.dispatcher.add_route(http_method::get, "/text", text([](auto&) { return "null"; }));
  s.dispatcher.add_route(http_method::get, "/null", plain([](auto&) { return "null"; }));
  s.dispatcher.add_route(http_method::get, "/nothing", plain([](auto&) { return std::nullopt; }));

  const auto check = [&](const char* path, const char* body, std::optional<std::string_view> type) {
    const http_response response = ask(s.dispatcher, "GET", path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.body, body) << path;
    EXPECT_EQ(response.headers.get("Content-Type"), type) << path;
  };
  check("/object", R"({"a":1})", json_type);
  check("/number", "-1.5", text_type);
  check("/boolean", "true", text_type);
  check("/text", "null", text_type);
  check("/null", "", std::nullopt);
  check("/nothing", "", std::nullopt);
}

TEST(HttpDispatcher, AnswersPost201AndOthers200UnlessTold) {
  service s;
  for (const auto method :
       {http_method::get, http_method::post, http_method::put, http_method::patch, http_method::delete_}) {
    s.dispatcher.add_route(method, "/a", plain([](auto&) { return "[]"; }));
    EXPECT_EQ(ask(s.dispatcher, std::string{to_string(method)}, "/a").status, method == http_method::post ? 201 : 200);
  }
  s.dispatcher.add_route(http_method::post, "/told", plain([](auto&) { return "[]"; }), {.status = 202});
  EXPECT_EQ(ask(s.dispatcher, "POST", "/told").status, 202);
  s.dispatcher.add_route(http_method::get, "/none", plain([](auto&) { return "[]"; }), {.status = 204});
  const http_response none = ask(s.dispatcher, "GET", "/none");
  EXPECT_EQ(none.status, 204);
  EXPECT_EQ(none.body, "");
  EXPECT_FALSE(none.headers.contains("Content-Type"));
}

TEST(HttpDispatcher, GivesHandlersParametersHeadersAndBody) {
  service s;
  s.dispatcher.add_route(http_method::post, "/users/:id", plain([](http_context& context) {
                           EXPECT_EQ(context.path_parameter("id"), "a b");
                           EXPECT_EQ(context.path_parameter("none"), std::nullopt);
                           EXPECT_EQ(context.query_parameter("q"), "1");
                           EXPECT_EQ(context.header("x-a"), "2");
                           EXPECT_EQ(context.get_type(), context_type::http);
                           EXPECT_EQ(execution_context::current(), &context);
                           EXPECT_NE(event_loop::current(), nullptr);
                           return std::string{context.payload_text()};
                         }));
  http_request request = json_request("POST", "/users/a%20b?q=1", R"({"b":3})");
  request.headers.set("X-A", "2");
  const http_response response = ask(s.dispatcher, std::move(request));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, R"({"b":3})");
}

TEST(HttpDispatcher, LetsHandlersSetStatusAndHeaders) {
  service s;
  s.dispatcher.add_route(http_method::get, "/a", plain([](http_context& context) {
                           context.response().status = 299;
                           context.response().headers.set("X-Total", "7");
                           context.response().headers.set("Content-Type", "text/plain");
                           return "[1]";
                         }));
  s.dispatcher.add_route(http_method::get, "/fails", plain([](http_context& context) -> std::optional<std::string> {
                           context.response().headers.set("X-Total", "8");
                           context.response().headers.set("Content-Type", "text/plain");
                           throw conflict_exception{"taken"};
                         }));
  const http_response response = ask(s.dispatcher, "GET", "/a");
  EXPECT_EQ(response.status, 299);
  EXPECT_EQ(response.headers.get("X-Total"), "7");
  EXPECT_EQ(response.headers.get("Content-Type"), "text/plain");
  const http_response failed = ask(s.dispatcher, "GET", "/fails");
  EXPECT_EQ(failed.status, 409);
  EXPECT_EQ(failed.body, R"({"message":"taken","error":"Conflict","statusCode":409})");
  EXPECT_EQ(failed.headers.get("X-Total"), "8");
  EXPECT_EQ(failed.headers.get("Content-Type"), json_type);
}

TEST(HttpDispatcher, AnswersWhatHandlersThrow) {
  service s;
  s.dispatcher.add_route(http_method::get, "/unknown",
                         plain([](auto&) -> std::optional<std::string> { throw std::runtime_error{"secret"}; }));
  s.dispatcher.add_route(http_method::get, "/int", plain([](auto&) -> std::optional<std::string> { throw 7; }));
  s.dispatcher.add_route(
      http_method::get, "/async", async([](http_context&) -> task<reply> {
        co_await boost::asio::steady_timer{co_await boost::asio::this_coro::executor, 1ms}.async_wait(
            boost::asio::use_awaitable);
        throw not_found_exception{"gone"};
      }));
  for (const char* path : {"/unknown", "/int"}) {
    const http_response response = ask(s.dispatcher, "GET", path);
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body, R"({"statusCode":500,"message":"Internal server error"})");
  }
  EXPECT_EQ(ask(s.dispatcher, "GET", "/async").body, R"({"message":"gone","error":"Not Found","statusCode":404})");
}

TEST(HttpDispatcher, AnswersAHandlerOverItsTimeLimit408Once) {
  service s;
  time_limit limit{20ms};
  enhancers level;
  level.interceptors.push_back(&limit);
  s.dispatcher.add_route(http_method::get, "/slow",
                         make_chain("slow", std::make_unique<async_handler>([](http_context& context) -> task<reply> {
                                      boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, 1h};
                                      try {
                                        co_await timer.async_wait(boost::asio::use_awaitable);
                                      } catch (const boost::system::system_error&) {
                                        context.response().headers.set("X-Late", "1");
                                      }
                                      co_return reply::from_text("[]");
                                    }),
                                    {&level}));
  const http_response response = ask(s.dispatcher, "GET", "/slow");
  EXPECT_EQ(response.status, 408);
  EXPECT_EQ(response.body, R"({"message":"Request Timeout","error":"Request Timeout","statusCode":408})");
  EXPECT_FALSE(response.headers.contains("X-Late"));
  EXPECT_TRUE(eventually([&] { return s.dispatcher.in_flight() == 0; }));
}

TEST(HttpDispatcher, RefusesUnknownRoutesWithWhatWasAsked) {
  service s;
  s.dispatcher.add_route(http_method::get, "/a/:id", plain([](auto&) { return "[]"; }));
  const auto body = [&](const char* method, const char* target) {
    const http_response response = ask(s.dispatcher, method, target);
    return std::to_string(response.status) + response.body;
  };
  EXPECT_EQ(body("GET", "/none?x=1"), R"(404{"message":"Cannot GET /none?x=1","error":"Not Found","statusCode":404})");
  EXPECT_EQ(body("POST", "/a/1"), R"(404{"message":"Cannot POST /a/1","error":"Not Found","statusCode":404})");
  EXPECT_EQ(body("PROPFIND", "/a/1"), R"(404{"message":"Cannot PROPFIND /a/1","error":"Not Found","statusCode":404})");
  EXPECT_EQ(body("GET", "/a/%ZZ"),
            R"(400{"message":"Failed to decode param '%ZZ'","error":"Bad Request","statusCode":400})");
}

TEST(HttpDispatcher, ParsesJsonBodiesOnly) {
  service s{{.body_limit = 64}};
  s.dispatcher.add_route(http_method::post, "/echo",
                         plain([](http_context& c) { return std::string{c.payload_text()}; }));
  const auto post = [&](const char* type, std::string body) {
    http_request request{"POST", "/echo"};
    if (type != nullptr) request.headers.set("Content-Type", type);
    request.body = std::move(body);
    const http_response response = ask(s.dispatcher, std::move(request));
    return std::to_string(response.status) + response.body;
  };
  EXPECT_EQ(post("application/json", R"({"a":"é"})"), R"(201{"a":"é"})");
  EXPECT_EQ(post("Application/JSON ; charset=\"UTF-8\"", "[1]"), "201[1]");
  EXPECT_EQ(post("application/json", ""), "201{}");
  EXPECT_EQ(post(nullptr, R"({"a":1})"), "201{}");
  EXPECT_EQ(post("text/plain", "no json"), "201{}");
  EXPECT_EQ(post("application/json", "\xef\xbb\xbf[2]"), "201[2]");
  EXPECT_EQ(post("application/json", "[\"\xff\"]"), "201[\"\xef\xbf\xbd\"]");
  EXPECT_EQ(
      post("application/json", "{oops}"),
      R"(400{"message":"Expected property name or '}' in JSON at position 1","error":"Bad Request","statusCode":400})");
  EXPECT_EQ(post("application/json", "5"),
            R"(400{"message":"Unexpected token '5', \"5\" is not valid JSON","error":"Bad Request","statusCode":400})");
  EXPECT_EQ(post("application/json; charset=latin9", "{}"),
            R"(415{"statusCode":415,"message":"unsupported charset \"LATIN9\""})");
  EXPECT_EQ(post("application/json", std::string(64, ' ') + "{}"),
            R"(413{"statusCode":413,"message":"request entity too large"})");
}

TEST(HttpDispatcher, KeepsTheCallersRequestIdOrMakesOne) {
  service s;
  s.dispatcher.add_route(http_method::get, "/id", text([](http_context& context) { return context.request_id(); }));
  const auto id = [&](std::optional<std::string> sent, const char* path = "/id") {
    http_request request{"GET", path};
    if (sent) request.headers.set("x-request-id", *sent);
    return std::string{ask(s.dispatcher, std::move(request)).headers.get("X-Request-Id").value_or("none")};
  };
  const auto* const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
  EXPECT_EQ(id("abc-1"), "abc-1");
  EXPECT_EQ(id("abc-2", "/none"), "abc-2");
  EXPECT_THAT(id(std::nullopt), MatchesRegex(uuid));
  EXPECT_THAT(id(std::nullopt, "/none"), MatchesRegex(uuid));
  EXPECT_EQ(id("two words"), "two words");
  EXPECT_EQ(id("é"), "é");
  EXPECT_EQ(id(std::string(1000, 'x')), std::string(1000, 'x'));
  EXPECT_THAT(id(""), MatchesRegex(uuid));
  http_request request{"GET", "/id"};
  request.headers.set("X-Request-Id", "same");
  EXPECT_EQ(ask(s.dispatcher, std::move(request)).body, "same");
}

class teapot_filter final : public exception_filter_for<not_found_exception> {
  error_response catch_typed(const not_found_exception&, execution_context& context) override {
    return {418, boost::json::object{{"path", context.switch_to_http().request().target()}}};
  }
};

TEST(HttpDispatcher, SendsWhatReachesNoHandlerThroughTheGlobalFilters) {
  teapot_filter filter;
  service s{{.global_filters = {&filter}}};
  const http_response response = ask(s.dispatcher, "GET", "/none");
  EXPECT_EQ(response.status, 418);
  EXPECT_EQ(response.body, R"({"path":"/none"})");
  EXPECT_EQ(ask(s.dispatcher, json_request("POST", "/none", "x")).status, 400);
}

TEST(HttpDispatcher, RefusesTwoHandlersForOneRoute) {
  service s;
  s.dispatcher.add_route(http_method::get, "/a", plain([](auto&) { return "[]"; }));
  try {
    s.dispatcher.add_route(http_method::get, "/A/", text([](auto&) { return "[]"; }));
    FAIL() << "accepted";
  } catch (const startup_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("CatsController.plain and CatsController.text"));
  }
}

TEST(HttpDispatcher, ShutsDownForNewRequestsOnly) {
  service s;
  std::promise<void> entered;
  s.dispatcher.add_route(http_method::get, "/a", plain([](auto&) { return "[]"; }));
  s.dispatcher.add_route(http_method::get, "/health", plain([](auto&) { return "[]"; }), {.while_draining = true});
  s.dispatcher.begin_shutdown();
  const http_response refused = ask(s.dispatcher, "GET", "/a");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, R"({"message":"Server is shutting down","error":"Service Unavailable","statusCode":503})");
  EXPECT_EQ(refused.headers.get("Connection"), "close");
  EXPECT_EQ(ask(s.dispatcher, "GET", "/health").status, 200);
}

// Calls keep their chain, so when the dispatcher has gone, the chain tells whether they have.
TEST(HttpDispatcher, ReleasesCallsOnceTheyAreAnswered) {
  runtime loops{runtime_options{.io_threads = 1}};
  loops.start();
  auto dispatcher = std::make_unique<http_dispatcher>(loops);
  time_limit limit{1h};
  enhancers level;
  level.interceptors.push_back(&limit);
  auto chain = make_chain("async", std::make_unique<async_handler>([](http_context&) -> task<reply> {
                            boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, 1ms};
                            co_await timer.async_wait(boost::asio::use_awaitable);
                            co_return reply{};
                          }),
                          {&level});
  const std::weak_ptr<handler_chain> watched = chain;
  dispatcher->add_route(http_method::get, "/async", std::move(chain));
  EXPECT_EQ(ask(*dispatcher, "GET", "/async").status, 200);
  dispatcher.reset();
  EXPECT_TRUE(eventually([&] { return watched.expired(); }));
}

TEST(HttpDispatcher, ReleasesCallsThatTheRuntimeLeavesBehind) {
  const auto watched = std::make_shared<int>(0);
  class responder final : public http_responder {
   public:
    explicit responder(std::shared_ptr<int> given) : kept{std::move(given)} {}
    void respond(http_response) noexcept override { *kept = 1; }
    std::shared_ptr<int> kept;
  };
  {
    service s;
    s.dispatcher.add_route(http_method::get, "/slow", async([](http_context&) -> task<reply> {
                             boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, 1h};
                             co_await timer.async_wait(boost::asio::use_awaitable);
                             co_return reply{};
                           }));
    s.dispatcher.dispatch(http_request{"GET", "/slow"}, std::make_shared<responder>(watched));
    EXPECT_TRUE(eventually([&] { return s.dispatcher.in_flight() == 1; }));
    EXPECT_FALSE(s.dispatcher.is_stopped());
    s.loops.stop();
    s.loops.join();
    EXPECT_TRUE(s.dispatcher.is_stopped());
  }
  EXPECT_EQ(*watched, 0);
  EXPECT_EQ(watched.use_count(), 1);
}

}  // namespace
}  // namespace nestcpp::test
