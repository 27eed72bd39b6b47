#include <nestcpp/core/clock.hpp>
#include <nestcpp/observability/health.hpp>
#include <nestcpp/observability/indicators.hpp>
#include <nestcpp/testing/run.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

namespace nestcpp {
namespace {

using namespace std::chrono_literals;

std::string ask(const health_check& health) {
  health_check::result result;
  testing::run([&]() -> task<void> { result = co_await health.check(); });
  return std::to_string(result.status) + boost::json::serialize(result.body);
}

task<indicator_result> wait(std::chrono::milliseconds time) {
  timer pause{co_await boost::asio::this_coro::executor};
  pause.expires_after(time);
  co_await pause.async_wait(boost::asio::use_awaitable);
  co_return indicator_result::up();
}

TEST(HealthCheck, AsksAllAtATime) {
  health_check health;
  for (const char* name : {"a", "b", "c", "d", "e"}) health.add(name, [] { return wait(100ms); });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(health).substr(0, 17), R"(200{"status":"ok")");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 400ms);
}

TEST(HealthCheck, WaitsForNobodyForEver) {
  health_check health;
  health.add("hangs", [] { return wait(1h); }, {.timeout = 20ms});
  EXPECT_EQ(
      ask(health),
      R"(503{"status":"error","info":{},"error":{"hangs":{"message":"timeout of 20ms exceeded","status":"down"}},)"
      R"("details":{"hangs":{"message":"timeout of 20ms exceeded","status":"down"}}})");
}

TEST(HealthCheck, IsDegradedWithoutWhatIsNotRequired) {
  health_check health;
  health.add("peer", []() -> task<indicator_result> { co_return indicator_result::down("gone"); }, {.required = false});
  health.add("slow", []() -> task<indicator_result> { co_return indicator_result::degraded({{"lag", 3}}); });
  EXPECT_EQ(ask(health), R"(200{"status":"degraded","info":{"peer":{"message":"gone","status":"degraded"},)"
                         R"("slow":{"lag":3,"status":"degraded"}},"error":{},"details":{"peer":{"message":"gone",)"
                         R"("status":"degraded"},"slow":{"lag":3,"status":"degraded"}}})");
}

TEST(HealthCheck, PassesOnWhatAnIndicatorThrowsOnceAllHaveEnded) {
  health_check health;
  health.add("throws", []() -> task<indicator_result> { throw std::runtime_error{"x"}; });
  health.add("waits", [] { return wait(10ms); });
  EXPECT_THROW(ask(health), std::runtime_error);
}

TEST(Indicators, LookAtDiskAndMemory) {
  health_check health;
  health.add("disk", disk_health());
  health.add("full", disk_health({.threshold_percent = 0}));
  health.add("bytes", disk_health({.threshold = 1}));
  health.add("none", disk_health({.path = "/does/not/exist"}));
  health.add("rss", memory_rss_health(std::uint64_t{1} << 40U));
  health.add("small", memory_rss_health(1));
  const std::string expected =
      R"(503{"status":"error","info":{"disk":{"status":"up"},"rss":{"status":"up"}},"error":{)"
      R"("full":{"message":"Used disk storage exceeded the set threshold","status":"down"},)"
      R"("bytes":{"message":"Used disk storage exceeded the set threshold","status":"down"},)"
      R"("none":{"message":"/does/not/exist: No such file or directory","status":"down"},)"
      R"("small":{"message":"Used rss exceeded the set threshold","status":"down"}},"details":)";
  EXPECT_EQ(ask(health).substr(0, expected.size()), expected);
}

}  // namespace
}  // namespace nestcpp
