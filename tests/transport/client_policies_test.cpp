// What a client's policies do for a service over TCP: how much of a storm reaches one that is down, how soon it is
// served again, and what hedging costs. Counted, not timed.

#include "raw_service.hpp"
#include "support/fake_service.hpp"

#include <nestcpp/messaging/typed_client.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <thread>

namespace raw {
namespace {

using sum = nest::message<"sum", int, int>;

class SumClient final : public nest::typed_client {
  NEST_CLIENT(SumClient, "sum-service", timeout(2s), attempt_timeout(100ms), idempotent(),
              retry(exponential_backoff{.attempts = 3, .initial = 1ms, .max = 2ms}));

 public:
  NEST_SEND(add, sum);
};

class HedgedClient final : public nest::typed_client {
  NEST_CLIENT(HedgedClient, "sum-service", timeout(10s));

 public:
  NEST_SEND(add, sum, idempotent(), hedging{.delay = 100ms, .max_ratio = 0.05});
};

double value(const nest::typed_client& client, std::string_view policy, std::string_view name,
             std::string_view call = {}) {
  for (const auto& each : client.policies()) {
    if (each.policy == policy && each.call == call) return each.value(name);
  }
  return -1;
}

class Policies : public testing::Test {
 protected:
  Policies() { loops_.start(); }
  ~Policies() override {
    loops_.stop();
    loops_.join();
  }

  template <class Client>
  std::unique_ptr<Client> make_client(std::uint16_t port) {
    auto proxy = nest::make_tcp_client(
        loops_, "sum-service",
        {.host = "127.0.0.1", .port = port, .reconnect_backoff = {.attempts = 1 << 30, .initial = 10ms, .max = 50ms}});
    return std::make_unique<Client>(std::move(proxy), Client::nest_client_().policy);
  }

  // So many callers, each with so many calls one after the other. @return how many were answered
  template <class Client>
  int offer(Client& client, int callers, int calls) {
    std::atomic<int> answered{0};
    const auto caller = [](Client& of, int count, std::atomic<int>& good) -> nest::task<> {
      for (int i = 0; i < count; ++i) {
        try {
          if (co_await of.add(i) == 7) ++good;
        } catch (const std::exception&) {
        }
      }
    };
    std::vector<std::future<void>> running;
    for (int i = 0; i < callers; ++i) {
      auto& loop = loops_.loop(static_cast<std::size_t>(i) % loops_.loop_count());
      running.push_back(
          boost::asio::co_spawn(loop.executor(), caller(client, calls, answered), boost::asio::use_future));
    }
    for (auto& each : running) {
      if (each.wait_for(3 * support::patience) != std::future_status::ready) {
        ADD_FAILURE() << "a call hangs";
        std::abort();
      }
      each.get();
    }
    return answered;
  }

  nest::runtime loops_{{.io_threads = 2}};
};

constexpr int callers = 32;

// A service that answers so, until it is well.
class patient {
 public:
  explicit patient(support::reaction ill, std::uint16_t port = 0)
      : service_{[this, ill](const support::nest_packet&) -> support::reaction {
                   ++requests_;
                   if (ill_) return ill;
                   return support::respond{"7"};
                 },
                 port} {}
  void recover() { ill_ = false; }
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] std::uint16_t port() const { return service_.port(); }

 private:
  std::atomic<int> requests_{0};
  std::atomic<bool> ill_{true};
  support::fake_service service_;
};

TEST_F(Policies, AStormOfRetriesDoesNotReachAServiceThatAnswers503) {
  patient service{support::refuse{R"({"statusCode":503,"message":"overloaded"})"}};
  const auto client = make_client<SumClient>(service.port());
  const int offered = callers * 60;
  EXPECT_EQ(offer(*client, callers, 60), 0);
  EXPECT_GE(service.requests(), offered);
  EXPECT_LE(service.requests(), offered * 1.1);
  EXPECT_EQ(service.requests(), offered + value(*client, "retry", "retries_total"));

  service.recover();
  const int before = service.requests();
  EXPECT_GE(offer(*client, callers, 60), offered * 0.99);
  EXPECT_LE(service.requests() - before, offered * 1.1);
  client->proxy().close();
}

TEST_F(Policies, AStormOfRetriesDoesNotReachAServiceThatKeepsSilent) {
  patient service{support::keep_silent{}};
  const auto client = make_client<SumClient>(service.port());
  const int offered = callers * 10;
  EXPECT_EQ(offer(*client, callers, 10), 0);
  EXPECT_LE(service.requests(), offered * 1.1);
  EXPECT_EQ(value(*client, "calls", "timeout"), offered);
  service.recover();
  EXPECT_GE(offer(*client, callers, 60), callers * 60 * 0.99);
  client->proxy().close();
}

TEST_F(Policies, AStormOfRetriesDoesNotReachAServiceThatIsNotThere) {
  std::uint16_t port = 0;
  {
    port = support::tcp_listener{}.port();
  }
  const auto client = make_client<SumClient>(port);
  const int offered = callers * 60;
  EXPECT_EQ(offer(*client, callers, 60), 0);
  EXPECT_LE(value(*client, "retry", "retries_total"), offered * 0.1);
  EXPECT_EQ(value(*client, "calls", "unavailable"), offered);

  patient service{support::keep_silent{}, port};
  service.recover();
  EXPECT_GE(offer(*client, callers, 60), offered * 0.99);
  client->proxy().close();
}

TEST_F(Policies, WithoutABudgetItWould) {
  patient service{support::refuse{R"({"statusCode":503,"message":"overloaded"})"}};
  auto policy = SumClient::nest_client_().policy;
  policy.without_budget = true;
  SumClient client{nest::make_tcp_client(loops_, "sum-service", {.host = "127.0.0.1", .port = service.port()}), policy};
  EXPECT_EQ(offer(client, callers, 20), 0);
  EXPECT_EQ(service.requests(), 3 * callers * 20);
  client.proxy().close();
}

TEST_F(Policies, ACircuitLeavesADeadServiceAloneAndFindsItAgain) {
  patient service{support::refuse{R"({"statusCode":500,"message":"broken"})"}};
  auto policy = SumClient::nest_client_().policy;
  policy.circuit_breaker = nest::circuit_breaker{
      .window = nest::sliding_window::calls(20), .minimum_calls = 20, .open_for = 50ms, .half_open_calls = 3};
  SumClient client{nest::make_tcp_client(loops_, "sum-service", {.host = "127.0.0.1", .port = service.port()}), policy};
  offer(client, callers, 500);
  EXPECT_LT(service.requests(), callers * 500 / 2) << "most are refused before they are sent";
  EXPECT_GT(value(client, "circuit_breaker", "circuit_rejected_total"), callers * 500 / 2);
  service.recover();
  ASSERT_TRUE(eventually([&] {
    offer(client, 1, 1);
    return client.find_circuit()->state() == nest::circuit_state::closed;
  }));
  EXPECT_EQ(offer(client, callers, 60), callers * 60);
  client.proxy().close();
}

// One reply in a hundred never comes. The budget of 5 % and ten more is a bound even where this machine is
// slow and more calls are hedged than would have to be.
TEST_F(Policies, HedgingCostsLittleAndSavesTheSlowestCalls) {
  std::atomic<int> requests{0}, firsts{0}, delayed{0};
  support::tcp_listener listener;
  std::atomic<bool> ended{false};
  // By hand, as replies overtake each other.
  std::jthread server{[&] {
    std::vector<std::jthread> connections;
    while (!ended) {
      auto accepted = listener.accept(20ms);
      if (!accepted) continue;
      connections.emplace_back([&, open = std::make_shared<peer>(std::move(*accepted))] {
        try {
          for (;;) {
            const request asked = open->receive();
            ++requests;
            const bool hedge = asked.text.find("nestcpp-attempt") != std::string::npos;  // else one might be lost, too
            if (hedge || ++firsts % 100 != 0) {
              open->answer(asked, R"({"response":7,"isDisposed":true,"id":$})");
            } else {
              ++delayed;
            }
          }
        } catch (const std::exception&) {  // the client has closed
        }
      });
    }
  }};
  const auto client = make_client<HedgedClient>(listener.port());
  constexpr int calls = 16 * 150;
  EXPECT_EQ(offer(*client, 16, 150), calls);
  EXPECT_GE(delayed, calls / 100);
  EXPECT_LT(requests, calls * 1.06);
  EXPECT_EQ(requests, calls + value(*client, "hedging", "hedges_total", "sum"));
  EXPECT_GE(value(*client, "hedging", "hedges_won_total", "sum"), calls / 100 - 1);
  client->proxy().close();
  ended = true;
}

class AttemptNumbers : public RawService {};

TEST_F(AttemptNumbers, TravelFromTheSecondOn) {
  SumClient client{nest::make_tcp_client(loops_, "sum-service", options()), SumClient::nest_client_().policy};
  auto call = start(client.add(1));
  peer service = accept();
  const request first = service.receive();
  EXPECT_FALSE(first.packet.at("metadata").as_object().contains("nestcpp-attempt"));
  service.answer(first, R"({"err":{"statusCode":503,"retryAfterMs":5},"isDisposed":true,"id":$})");
  const request second = service.receive();
  EXPECT_EQ(second.packet.at("metadata").at("nestcpp-attempt"), 2);
  EXPECT_NE(first.id(), second.id());
  const auto limit = second.packet.at("metadata").at("nestcpp-timeout-ms").as_int64();
  EXPECT_GT(limit, 0);
  EXPECT_LE(limit, 100) << "the attempt's";
  service.answer(second, R"({"response":7,"isDisposed":true,"id":$})");
  EXPECT_EQ(get(std::move(call)), 7);
  client.proxy().close();
}

}  // namespace
}  // namespace raw
