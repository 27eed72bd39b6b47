#include "support.hpp"

#include <nestcpp/testing/mock_clock.hpp>

#include <atomic>
#include <thread>

namespace app_test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LimitedController {
  NEST_CONTROLLER(LimitedController, "/limited", use_guards<nest::throttler_guard>());

 public:
  NEST_GET(one, "/one");
  std::string one() { return "one"; }
  NEST_GET(strict, "/strict");
  NEST_SET_METADATA(strict, nest::throttle_limit{.limit = 1, .ttl = 1s});
  std::string strict() { return "strict"; }
  NEST_GET(free, "/free");
  NEST_SET_METADATA(free, nest::skip_throttle_value{});
  std::string free() { return "free"; }
};

struct LimitedModule : nest::module {
  explicit LimitedModule(nest::throttler_options options) {
    provide_value(std::move(options));
    controllers<LimitedController>();
  }
};

std::string statuses(Service& service, const char* path, int count, const std::string& headers = {}) {
  std::string all;
  for (int i = 0; i < count; ++i) all += std::to_string(service.http("GET", path, {}, headers).status) + " ";
  return all;
}

TEST(Throttler, AllowsABurstThenTheRate) {
  nest::testing::mock_clock clock;
  Service service{LimitedModule{{.limit = {.limit = 3, .ttl = 3s}}}};
  const Answer first = service.http("GET", "/limited/one");
  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(first.head, AllOf(HasSubstr("X-RateLimit-Limit: 3\r\n"), HasSubstr("X-RateLimit-Remaining: 2\r\n"),
                                HasSubstr("X-RateLimit-Reset: 1\r\n")));
  EXPECT_EQ(statuses(service, "/limited/one", 2), "200 200 ");
  const Answer blocked = service.http("GET", "/limited/one");
  EXPECT_EQ(blocked.status, 429);
  EXPECT_EQ(blocked.body, R"({"statusCode":429,"message":"ThrottlerException: Too Many Requests"})");
  EXPECT_THAT(blocked.head, AllOf(HasSubstr("Retry-After: 1\r\n"), Not(HasSubstr("X-RateLimit"))));
  clock.advance(1s);
  EXPECT_EQ(statuses(service, "/limited/one", 2), "200 429 ");
  clock.advance(1h);
  EXPECT_EQ(statuses(service, "/limited/one", 4), "200 200 200 429 ");  // no more than the burst
}

TEST(Throttler, CountsRoutesByThemselvesAndMayBeSkipped) {
  nest::testing::mock_clock clock;
  Service service{LimitedModule{{.limit = {.limit = 2, .ttl = 1s}}}};
  EXPECT_EQ(statuses(service, "/limited/one", 3), "200 200 429 ");
  EXPECT_EQ(statuses(service, "/limited/strict", 2), "200 429 ");
  EXPECT_EQ(statuses(service, "/limited/free", 9), "200 200 200 200 200 200 200 200 200 ");
  EXPECT_THAT(service.http("GET", "/limited/free").head, Not(HasSubstr("X-RateLimit")));
}

TEST(Throttler, LimitsWhomTheTrackerNames) {
  nest::testing::mock_clock clock;
  Service service{LimitedModule{{.limit = {.limit = 1, .ttl = 1s}, .get_tracker = [](nest::http_context& context) {
                                   return std::string{context.header("X-User").value_or("nobody")};
                                 }}}};
  EXPECT_EQ(statuses(service, "/limited/one", 2, "X-User: ada\r\n"), "200 429 ");
  EXPECT_EQ(statuses(service, "/limited/one", 2, "X-User: bob\r\n"), "200 429 ");
}

TEST(Throttler, BelievesForwardedAddressesOnlyOfTrustedProxies) {
  nest::testing::mock_clock clock;
  const std::string forged = "X-Forwarded-For: 6.6.6.6\r\n";
  Service direct{LimitedModule{{.limit = {.limit = 1, .ttl = 1s}}}};
  EXPECT_EQ(statuses(direct, "/limited/one", 1, "X-Forwarded-For: 1.1.1.1\r\n"), "200 ");
  EXPECT_EQ(statuses(direct, "/limited/one", 1, forged), "429 ");

  Service behind{LimitedModule{{.limit = {.limit = 1, .ttl = 1s}, .trusted_proxies = 1}}};
  EXPECT_EQ(statuses(behind, "/limited/one", 1, "X-Forwarded-For: 1.1.1.1\r\n"), "200 ");
  EXPECT_EQ(statuses(behind, "/limited/one", 1, "X-Forwarded-For: 9.9.9.9, 1.1.1.1\r\n"), "429 ");  // 9.9.9.9 is forged
  EXPECT_EQ(statuses(behind, "/limited/one", 1, "X-Forwarded-For: 2.2.2.2\r\n"), "200 ");
  // One /64 is one caller.
  EXPECT_EQ(statuses(behind, "/limited/one", 1, "X-Forwarded-For: 2001:db8::1\r\n"), "200 ");
  EXPECT_EQ(statuses(behind, "/limited/one", 1, "X-Forwarded-For: 2001:db8::ffff:2\r\n"), "429 ");
  EXPECT_EQ(statuses(behind, "/limited/one", 1, "X-Forwarded-For: 2001:db8:0:1::1\r\n"), "200 ");
}

TEST(Throttler, RemembersNoMoreThanItMay) {
  nest::throttler_guard guard{{.limit = {.limit = 1, .ttl = 1h},
                               .get_tracker = [](nest::http_context& context) { return context.request().target(); },
                               .max_trackers = 320}};
  const nest::handler_info info{"C", "m", "GET /"};
  for (int i = 0; i < 5000; ++i) {
    nest::http_context context{info, nest::http_request{"GET", "/" + std::to_string(i)}};
    EXPECT_TRUE(guard.can_activate_now(context));
  }
  EXPECT_LE(guard.trackers(), 320U);
}

TEST(Throttler, IsExactBetweenThreads) {
  nest::testing::mock_clock clock;
  nest::throttler_guard guard{{.limit = {.limit = 1000, .ttl = 1h}}};
  const nest::handler_info info{"C", "m", "GET /"};
  std::atomic<int> allowed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        nest::http_context context{info, nest::http_request{"GET", "/"}};
        try {
          allowed += guard.can_activate_now(context) ? 1 : 0;
        } catch (const nest::http_exception& refused) {
          EXPECT_EQ(refused.status(), 429);
        }
      }
    });
  }
  for (auto& each : threads) each.join();
  EXPECT_EQ(allowed, 1000);
}

TEST(Throttler, RefusesLimitsThatCannotBe) {
  EXPECT_THROW((nest::throttler_guard{{.limit = {.limit = 0}}}), nest::startup_error);
  EXPECT_THROW((nest::throttler_guard{{.limit = {.ttl = 0ms}}}), nest::startup_error);
  EXPECT_THROW((nest::throttler_guard{{.limit = {.burst = -1}}}), nest::startup_error);
}

}  // namespace
}  // namespace app_test
