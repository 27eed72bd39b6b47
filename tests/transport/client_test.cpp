// What a client does when its service is slow, away or back; over every transport.

#include "shop.hpp"

#include <nestcpp/messaging/rpc_context.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <thread>

namespace shop {
namespace {

// Calls while a call of its own is served, whose caller waits for ten seconds.
nest::task<Wait> wait_in_a_call(OrdersClient& client, int milliseconds) {
  const nest::handler_info handler{"Gateway", "forward", "GET /"};
  const nest::request_envelope served{
      .pattern = {}, .data = {}, .id = {}, .metadata = R"({"nestcpp-timeout-ms":10000})"};
  nest::rpc_context context{handler, served, std::chrono::steady_clock::now()};
  const nest::context_scope scope{context};
  co_return co_await client.wait_for({milliseconds});
}

// The same event, as it is and acknowledged.
class EventsClient : public nest::typed_client {
  NEST_CLIENT(EventsClient, "order-service", timeout(50ms));

 public:
  NEST_EMIT(tell, ordered);
  NEST_EMIT(tell_surely, ordered, acknowledged(), timeout(5s), retry(exponential_backoff{.attempts = 2}), idempotent());
};

class Clients : public Shop {};
INSTANTIATE_TEST_SUITE_P(Transports, Clients, testing::Values(transport::tcp, transport::in_memory), transport_name);

TEST_P(Clients, CallOverItsTimeoutFailsAndTheConnectionGoesOn) {
  EXPECT_THROW(run(client_->wait_briefly({5000})), nest::timeout_exception);
  EXPECT_EQ(run(client_->create({"x", 1})).count, 1);
  EXPECT_EQ(journal_.all(), std::vector<std::string>{"sleep begins"}) << "the service gives up when its caller does";
  EXPECT_EQ(run(client_->create({"y", 2})).item, "y");
}

TEST_P(Clients, ItsOwnLimitHoldsWhereTheCallerItServesWaitsLonger) {
  const auto hasty = make_client({}, 50ms);
  EXPECT_THROW(run(wait_in_a_call(*hasty, 1000)), nest::timeout_exception);
}

TEST_P(Clients, AbsentServiceIsUnavailableAndNothingWasSent) {
  server_->stop();
  try {
    run(client_->create({"x", 1}));
    FAIL() << "nobody is there";
  } catch (const nest::unavailable_exception& down) {
    EXPECT_EQ(down.state(), nest::unavailable_exception::request::never_sent);
    EXPECT_EQ(down.client(), "order-service");
  }
}

TEST_P(Clients, ComesBackByItselfWhenTheServiceIsBack) {
  EXPECT_EQ(run(client_->create({"x", 1})).count, 1);
  server_->stop();
  server_.reset();
  EXPECT_THROW(run(client_->create({"x", 2})), nest::unavailable_exception);
  start_server();
  EXPECT_EQ(run(client_->create({"x", 3})).count, 3);
}

TEST_P(Clients, PendingCallFailsWhenTheClientCloses) {
  auto pending =
      boost::asio::co_spawn(client_loops_.loop(0).executor(), client_->wait_for({4000}), boost::asio::use_future);
  ASSERT_TRUE(eventually([&] { return !journal_.all().empty(); }));
  client_->proxy().close();
  try {
    pending.get();
    FAIL() << "the connection is gone";
  } catch (const nest::unavailable_exception& lost) {
    EXPECT_STREQ(lost.what(), "Connection closed");
    EXPECT_EQ(lost.state(), nest::unavailable_exception::request::maybe_sent);
  }
  EXPECT_EQ(run(client_->create({"again", 1})).item, "again");
}

TEST_P(Clients, PendingCallCanBeCancelled) {
  const auto limited = [](OrdersClient& client) -> nest::task<Wait> {
    auto call = client.wait_for({4000});
    co_return co_await nest::with_deadline(std::move(call), nest::deadline::after(50ms));
  };
  EXPECT_THROW(run(limited(*client_)), nest::deadline_exceeded);
  EXPECT_EQ(run(client_->create({"after", 1})).item, "after");
}

TEST_P(Clients, GracefulStopLetsHandlersAnswer) {
  auto pending =
      boost::asio::co_spawn(client_loops_.loop(0).executor(), client_->wait_for({300}), boost::asio::use_future);
  ASSERT_TRUE(eventually([&] { return !journal_.all().empty(); }));
  server_->stop();
  EXPECT_EQ(pending.get().milliseconds, 300);
}

TEST_P(Clients, MissingValueIsAnErrorThatNamesTheService) {
  try {
    run(client_->none({}));
    FAIL() << "null is no Order";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string{error.what()}.find("order-service answered maybe"), std::string::npos) << error.what();
  }
}

TEST_P(Clients, AcknowledgedEventsHaveBeenHandled) {
  EventsClient events{make_proxy(5s), EventsClient::nest_client_().policy};
  run(events.tell_surely({"ink", 1}));
  EXPECT_THAT(journal_.all(), testing::UnorderedElementsAre("ordered ink", "ordered later ink"));
  EXPECT_THROW(run(events.tell_surely({"", 1})), nest::rpc_exception) << "a handler refuses it";
  run(events.proxy().emit_acknowledged<ordered>({"pen", 1}));
  EXPECT_EQ(journal_.all().size(), 4u);
  run(events.tell({"cap", 1}));
  EXPECT_TRUE(eventually([&] { return journal_.all().size() == 6; }));
  events.proxy().close();
}

TEST_P(Clients, CallsFromOtherThreadsWork) {
  auto call = client_->create({"elsewhere", 1});
  auto answer = boost::asio::co_spawn(server_->loops().loop(1).executor(), std::move(call), boost::asio::use_future);
  EXPECT_EQ(answer.get().item, "elsewhere");
}

// A process that is killed: the system still accepts connections for it, and resets them.
TEST(TcpClient, AServiceThatClosesAtOnceIsUnavailable) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor acceptor{context, {boost::asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> ended{false};
  std::thread dying{[&] {
    while (!ended) acceptor.accept();
  }};
  nest::runtime loops{{.io_threads = 1}};
  loops.start();
  const auto client = nest::make_tcp_client(
      loops, "order-service", {.host = "127.0.0.1", .port = acceptor.local_endpoint().port(), .timeout = 10s});
  for (int i = 0; i < 200; ++i) {
    auto call =
        boost::asio::co_spawn(loops.loop(0).executor(), client->send_text("order", "{}", {}), boost::asio::use_future);
    EXPECT_THROW(call.get(), nest::unavailable_exception);
  }
  ended = true;
  boost::asio::ip::tcp::socket last{context};
  last.connect(acceptor.local_endpoint());
  dying.join();
  loops.stop();
  loops.join();
}

// Counts its ends without a lock: who stops the service must see what its handlers did.
struct Dawdled {
  std::atomic<int> begun{0};
  int ended = 0;
};
class DawdlingController {
  NEST_CONTROLLER(DawdlingController, "/dawdling");

 public:
  explicit DawdlingController(Dawdled& seen) : seen_{seen} {}

  NEST_MESSAGE_PATTERN(sleep, wait);
  nest::task<Wait> sleep(Wait how_long) {
    ++seen_.begun;
    co_await nest::sleep_for(std::chrono::milliseconds{how_long.milliseconds});
    // What else the connection has to do comes later, so that it tells the service nothing.
    boost::asio::post(co_await boost::asio::this_coro::executor, [] { std::this_thread::sleep_for(10ms); });
    ++seen_.ended;
    co_return how_long;
  }

 private:
  Dawdled& seen_;
};

struct DawdlingModule : nest::module {
  explicit DawdlingModule(Dawdled& seen) {
    provide_factory<Dawdled>([&seen]() -> Dawdled& { return seen; });
    controllers<DawdlingController>();
  }
};

TEST(InMemoryClient, AServiceEndsAfterTheHandlersWhoseCallersHaveGone) {
  nest::runtime loops{{.io_threads = 1}};
  loops.start();
  Dawdled seen;
  for (int i = 1; i <= 20; ++i) {
    nest::in_memory_network network;
    nest::application service{DawdlingModule{seen}, {.io_threads = 1}};
    service.connect_microservice(network, "orders");
    service.start();
    const auto client = nest::make_in_memory_client(loops, "order-service", network, "orders");
    auto request = client->send_text("wait", R"({"milliseconds":30})", {});
    auto call = boost::asio::co_spawn(loops.loop(0).executor(), std::move(request), boost::asio::use_future);
    while (seen.begun < i) std::this_thread::sleep_for(1ms);
    client->close();
    call.wait();
    service.stop();
    EXPECT_EQ(seen.ended, i);
  }
}

TEST(InMemoryClient, ItsLoopsMayEndBeforeItsService) {
  Journal journal;
  nest::in_memory_network network;
  nest::application service{OrdersModule{journal}, {.io_threads = 1}};
  service.connect_microservice(network, "orders");
  service.start();
  {
    nest::runtime loops{{.io_threads = 1}};
    loops.start();
    const auto client = nest::make_in_memory_client(loops, "order-service", network, "orders");
    auto call = client->send_text("order", R"({"item":"x","count":1})", {});
    EXPECT_TRUE(
        boost::asio::co_spawn(loops.loop(0).executor(), std::move(call), boost::asio::use_future).get().has_value());
    loops.stop();
    loops.join();
  }
  service.stop();
}

}  // namespace
}  // namespace shop
