#include "support.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/http/health_routes.hpp>

#include <boost/json/object.hpp>

#include <gtest/gtest.h>

namespace nestcpp::test {
namespace {

health_check::check_function always(indicator_result result) {
  return [result]() -> task<indicator_result> { co_return result; };
}

std::string body_of(http_dispatcher& dispatcher, const char* path) {
  const http_response response = ask(dispatcher, "GET", path);
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-cache, no-store, must-revalidate");
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json; charset=utf-8");
  return std::to_string(response.status) + response.body;
}

struct HealthRoutes : testing::Test {
  void SetUp() override { mount_health(s.dispatcher, health); }
  health_check health;
  service s;
};

constexpr const char* nothing = R"(200{"status":"ok","info":{},"error":{},"details":{}})";

TEST_F(HealthRoutes, AreOkWithoutIndicators) {
  for (const char* path : {"/health", "/health/live", "/health/ready"}) EXPECT_EQ(body_of(s.dispatcher, path), nothing);
}

TEST_F(HealthRoutes, TellWhatIsUp) {
  health.add("database", always(indicator_result::up({{"responseTime", 3}})));
  EXPECT_EQ(body_of(s.dispatcher, "/health"),
            R"(200{"status":"ok","info":{"database":{"responseTime":3,"status":"up"}},"error":{},)"
            R"("details":{"database":{"responseTime":3,"status":"up"}}})");
  EXPECT_EQ(body_of(s.dispatcher, "/health/live"), nothing);
}

TEST_F(HealthRoutes, Tell503AndWhatIsDownAfterWhatIsUp) {
  health.add("disk", always(indicator_result::down("full")));
  health.add("database", always(indicator_result::up()));
  const auto* const body = R"(503{"status":"error","info":{"database":{"status":"up"}},)"
                           R"("error":{"disk":{"message":"full","status":"down"}},)"
                           R"("details":{"database":{"status":"up"},"disk":{"message":"full","status":"down"}}})";
  EXPECT_EQ(body_of(s.dispatcher, "/health"), body);
  EXPECT_EQ(body_of(s.dispatcher, "/health/ready"), body);
  EXPECT_EQ(body_of(s.dispatcher, "/health/live"), nothing);
}

TEST_F(HealthRoutes, AreServedWhileTheServiceShutsDown) {
  health.begin_shutdown();
  s.dispatcher.begin_shutdown();
  const auto* const body = R"(503{"status":"shutting_down","info":{},"error":{},"details":{}})";
  EXPECT_EQ(body_of(s.dispatcher, "/health"), body);
  EXPECT_EQ(body_of(s.dispatcher, "/health/ready"), body);
  EXPECT_EQ(body_of(s.dispatcher, "/health/live"), nothing);
}

TEST_F(HealthRoutes, Answer500WhereAnIndicatorThrows) {
  health.add("broken", []() -> task<indicator_result> {
    throw std::runtime_error{"secret"};
    co_return indicator_result{};
  });
  const http_response response = ask(s.dispatcher, "GET", "/health");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, R"({"statusCode":500,"message":"Internal server error"})");
}

TEST(HealthCheck, RefusesANameTwice) {
  health_check health;
  health.add("database", always({}));
  EXPECT_THROW(health.add("database", always({})), startup_error);
}

}  // namespace
}  // namespace nestcpp::test
