// Handlers that refuse what they cannot do in time.

#include "support.hpp"

#include <nestcpp/app/concurrency_limit_interceptor.hpp>
#include <nestcpp/core/semaphore.hpp>
#include <nestcpp/testing/mock_clock.hpp>

#include <chrono>
#include <future>
#include <optional>
#include <thread>

namespace app_test {
namespace {

using namespace std::chrono_literals;

struct Empty {};
NEST_DTO(Empty);
using work_m = nest::message<"work", Empty, int>;
using other_m = nest::message<"other", Empty, int>;

// Shut while the test holds its permit.
struct Gate {
  nest::async_semaphore open{1};
};

class Works {
  NEST_CONTROLLER(Works, "/works", use_interceptors<nest::concurrency_limit_interceptor>());

 public:
  explicit Works(Gate& gate) : gate_{gate} {}

  NEST_MESSAGE_PATTERN(work, work_m);
  nest::task<int> work(Empty) {
    const auto permit = co_await gate_.open.acquire();
    co_return 1;
  }

  NEST_MESSAGE_PATTERN(other, other_m);
  int other(Empty) { return 2; }

  NEST_GET(over_http, "/");
  nest::task<int> over_http() {
    const auto permit = co_await gate_.open.acquire();
    co_return 3;
  }

 private:
  Gate& gate_;
};

struct WorksModule : nest::module {
  WorksModule(Gate& gate, nest::concurrency_limit_options options) {
    provide_factory<Gate>([&gate]() -> Gate& { return gate; });
    provide_value(options);
    controllers<Works>();
  }
};

constexpr nest::concurrency_limit two{.initial = 2, .min = 2, .max = 2};
constexpr const char* overloaded =
    R"({"statusCode":503,"message":"overloaded","error":"Service Unavailable","retryAfterMs":1500})";

class ConcurrencyLimit : public testing::Test {
 protected:
  std::future<nest::reply> begin(Service& service) {
    auto call = service.client->send_text("work", "{}", {});
    auto begun =
        boost::asio::co_spawn(service.app.loops().loop(0).executor(), std::move(call), boost::asio::use_future);
    clock_.advance(0s);
    return begun;
  }
  double value(Service& service, std::string_view name, std::string_view handler) {
    for (const auto& each : service.app.get<nest::concurrency_limit_interceptor>().metrics()) {
      if (each.name == name && each.labels[1].second == handler) return each.value;
    }
    return -1;
  }

  nest::testing::mock_clock clock_;
  Gate gate_;
  std::optional<nest::async_semaphore::permit> shut_ = gate_.open.try_acquire();
};

TEST_F(ConcurrencyLimit, RefusesWhatIsAboveTheLimit) {
  Service service{WorksModule{gate_, {.limit = two, .retry_after = 1500ms}}};
  auto first = begin(service), second = begin(service);
  EXPECT_EQ(service.send("work"), std::string{"err "} + overloaded);
  EXPECT_EQ(service.send("other"), "2") << "each handler has a limit of its own";
  EXPECT_EQ(value(service, "nestcpp_server_concurrency_calls", "work"), 2);
  EXPECT_EQ(value(service, "nestcpp_server_concurrency_limit", "work"), 2);
  EXPECT_EQ(value(service, "nestcpp_server_shed_total", "work"), 1);
  EXPECT_EQ(value(service, "nestcpp_server_shed_total", "other"), 0);
  shut_.reset();
  clock_.advance(0s);
  EXPECT_EQ(first.get().text(), "1");
  EXPECT_EQ(second.get().text(), "1");
  EXPECT_EQ(service.send("work"), "1");
  EXPECT_EQ(value(service, "nestcpp_server_concurrency_calls", "work"), 0);
}

TEST_F(ConcurrencyLimit, TellsHttpCallersWhenToComeBack) {
  Service service{WorksModule{gate_, {.limit = {.initial = 1, .min = 1, .max = 1}, .retry_after = 1500ms}}};
  auto first = std::async(std::launch::async, [&] { return service.http("GET", "/works"); });
  while (value(service, "nestcpp_server_concurrency_calls", "over_http") != 1) std::this_thread::yield();
  const Answer refused = service.http("GET", "/works");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, overloaded);
  EXPECT_THAT(refused.head, testing::HasSubstr("\r\nRetry-After: 2\r\n"));
  shut_.reset();
  EXPECT_EQ(first.get().body, "3");
}

TEST_F(ConcurrencyLimit, ADryRunRefusesNothing) {
  Service service{WorksModule{gate_, {.limit = two, .dry_run = true}}};
  auto first = begin(service), second = begin(service), third = begin(service);
  EXPECT_EQ(value(service, "nestcpp_server_shed_total", "work"), 1);
  shut_.reset();
  clock_.advance(0s);
  for (auto* each : {&first, &second, &third}) EXPECT_EQ(each->get().text(), "1");
  EXPECT_EQ(value(service, "nestcpp_server_concurrency_calls", "work"), 0);
}

TEST_F(ConcurrencyLimit, ACallThatIsCancelledGivesItsPlaceBack) {
  Service service{WorksModule{gate_, {.limit = two}}};
  for (int i = 0; i < 10; ++i) {
    auto call = service.client->send_text("work", "{}", {.timeout = 10ms});
    auto late = boost::asio::co_spawn(service.app.loops().loop(0).executor(), std::move(call), boost::asio::use_future);
    clock_.advance(20ms);
    EXPECT_THROW(late.get(), nest::timeout_exception);
  }
  EXPECT_EQ(value(service, "nestcpp_server_shed_total", "work"), 0);
}

// To the client's breaker it is overload, not death.
TEST_F(ConcurrencyLimit, OpensNoCircuit) {
  struct Client final : nest::typed_client {
    using typed_client::typed_client;
  };
  Service service{WorksModule{gate_, {.limit = two}}};
  auto first = begin(service), second = begin(service);
  Client client{
      nest::make_in_memory_client(service.app.loops(), "service", service.network, "service"),
      nest::make_client_policy(nest::circuit_breaker{.window = nest::sliding_window::calls(2), .minimum_calls = 2})};
  for (int i = 0; i < 5; ++i) {
    auto refused = boost::asio::co_spawn(service.app.loops().loop(0).executor(), client.send_text("work", "{}"),
                                         boost::asio::use_future);
    EXPECT_THROW(refused.get(), nest::rpc_exception);
  }
  EXPECT_EQ(client.find_circuit()->state(), nest::circuit_state::closed);
  shut_.reset();
  clock_.advance(0s);
  first.get(), second.get();
  client.proxy().close();
}

TEST(ConcurrencyLimitOptions, UnusableOnesAreRefusedAtStart) {
  EXPECT_THROW((nest::concurrency_limit_interceptor{{.limit = {.min = 0}}}), nest::startup_error);
  EXPECT_THROW((nest::concurrency_limit_interceptor{{.retry_after = -1ms}}), nest::startup_error);
}

}  // namespace
}  // namespace app_test
