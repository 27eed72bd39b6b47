// Connecting, losing the connection, and having it again; and what a client says of it.

#include "raw_service.hpp"

#include <nestcpp/messaging/client_health.hpp>

namespace raw {
namespace {

using testing::ElementsAre;

class Reconnect : public RawService {
 protected:
  // Backoff that a test can wait for.
  nest::tcp_client_options eager() const {
    auto made = options();
    made.loops = 1;
    made.reconnect_backoff = {.initial = 10ms, .max = 50ms, .jitter = nest::backoff_jitter::none};
    return made;
  }
  // Backoff that no test waits for.
  nest::tcp_client_options patient() const {
    auto made = options();
    made.loops = 1;
    made.reconnect_backoff = {.initial = 1h, .max = 1h, .jitter = nest::backoff_jitter::none};
    return made;
  }
  status_log statuses_;
};

TEST_F(Reconnect, NothingConnectsBeforeTheFirstCall) {
  client();
  EXPECT_FALSE(try_accept(50ms));
  EXPECT_EQ(client().status(), std::nullopt);
  auto call = send();
  peer service = accept();
  service.answer(service.receive(), R"({"response":2,"isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(call)), "value: 2");
  EXPECT_EQ(client().status(), nest::client_status::connected);
}

TEST_F(Reconnect, CallsMadeAtOnceShareOneConnection) {
  connect_to(eager());
  std::vector<std::future<nest::reply>> calls;
  for (int i = 0; i < 10; ++i) calls.push_back(send());
  peer service = accept();
  for (int i = 0; i < 10; ++i) service.answer(service.receive(), R"({"response":2,"isDisposed":true,"id":$})");
  for (auto& call : calls) EXPECT_EQ(outcome(std::move(call)), "value: 2");
  EXPECT_FALSE(try_accept(50ms)) << "a second connection";
}

TEST_F(Reconnect, ConnectConnectsEveryLoop) {
  get(start(client().connect()));
  peer first = accept(), second = accept();
  EXPECT_EQ(client().status(), nest::client_status::connected);
}

TEST_F(Reconnect, ConnectFailsWhereNobodyListens) {
  stop_listening();
  try {
    get(start(client().connect()));
    FAIL() << "nobody listens";
  } catch (const nest::unavailable_exception& down) {
    EXPECT_EQ(std::string{down.what()}, "connect to 127.0.0.1:" + std::to_string(port_) + ": Connection refused");
    EXPECT_EQ(down.state(), nest::unavailable_exception::request::never_sent);
  }
}

TEST_F(Reconnect, LostConnectionIsMadeAgainInTheBackground) {
  connect_to(eager());
  get(start(client().connect()));
  accept().stream().close();
  peer again = accept();  // no call was made
  auto call = send();
  again.answer(again.receive(), R"({"response":3,"isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(call)), "value: 3");
}

TEST_F(Reconnect, KeepsTryingUntilTheServiceIsBack) {
  connect_to(eager());
  get(start(client().connect()));
  peer lost = accept();
  stop_listening();
  lost.stream().reset();
  ASSERT_TRUE(eventually([&] { return client().status() == nest::client_status::disconnected; }));
  std::this_thread::sleep_for(100ms);  // several attempts that fail
  listen_again();
  peer again = accept();
  EXPECT_TRUE(eventually([&] { return client().status() == nest::client_status::connected; }));
}

TEST_F(Reconnect, CanBeSwitchedOff) {
  auto how = eager();
  how.reconnect = false;
  connect_to(how);
  get(start(client().connect()));
  accept().stream().close();
  ASSERT_TRUE(eventually([&] { return client().status() == nest::client_status::disconnected; }));
  EXPECT_FALSE(try_accept(200ms));
}

TEST_F(Reconnect, CallDoesNotWaitForTheBackoff) {
  connect_to(patient());
  get(start(client().connect()));
  accept().stream().close();
  ASSERT_TRUE(eventually([&] { return client().status() == nest::client_status::disconnected; }));
  auto call = send();
  peer again = accept();
  again.answer(again.receive(), R"({"response":4,"isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(call)), "value: 4");
}

TEST_F(Reconnect, FailedAttemptIsNotRemembered) {
  stop_listening();
  connect_to(patient());
  const std::string refused = "unavailable: connect to 127.0.0.1:" + std::to_string(port_) + ": Connection refused";
  EXPECT_EQ(outcome(send()), refused);
  EXPECT_EQ(outcome(send()), refused);
  listen_again();
  auto call = send();
  peer service = accept();
  service.answer(service.receive(), R"({"response":5,"isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(call)), "value: 5");
}

TEST_F(Reconnect, CloseEndsTheBackgroundAttempts) {
  stop_listening();
  connect_to(eager());
  EXPECT_THAT(outcome(send()), testing::StartsWith("unavailable: "));
  client().close();
  get(start([]() -> nest::task<void> { co_return; }()));  // close() has run
  listen_again();
  EXPECT_FALSE(try_accept(200ms));
  auto call = send();  // it may be used again
  peer service = accept();
  service.answer(service.receive(), R"({"response":6,"isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(call)), "value: 6");
}

TEST_F(Reconnect, PendingCallsFailWhenTheConnectionEnds) {
  for (const bool reset : {false, true}) {
    auto first = send(), second = send();
    peer service = accept();
    service.receive();
    service.receive();
    if (reset) {
      service.stream().reset();
    } else {
      service.stream().close();
    }
    EXPECT_EQ(outcome(std::move(first)), "unavailable: Connection closed");
    EXPECT_EQ(outcome(std::move(second)), "unavailable: Connection closed");
    client_->close();
    client_.reset();
    while (try_accept(50ms)) {
    }
  }
}

TEST_F(Reconnect, HalfClosedByTheServiceIsClosed) {
  auto call = send();
  peer service = accept();
  service.receive();
  service.stream().shut_down_writing();
  EXPECT_EQ(outcome(std::move(call)), "unavailable: Connection closed");
  EXPECT_TRUE(service.closed());
}

TEST_F(Reconnect, StatusOverARestartIsNestJSs) {
  connect_to(eager());
  const auto subscription = client().on_status([&](nest::client_status status) { statuses_.note(status); });
  EXPECT_THAT(statuses_.all(), ElementsAre());
  get(start(client().connect()));
  accept().stream().close();
  peer again = accept();
  ASSERT_TRUE(eventually([&] { return statuses_.all().size() == 3; }));
  EXPECT_THAT(statuses_.all(), ElementsAre("connected", "disconnected", "connected"));
}

TEST_F(Reconnect, StatusOfARefusedConnectionIsDisconnectedOnce) {
  stop_listening();
  connect_to(eager());
  const auto subscription = client().on_status([&](nest::client_status status) { statuses_.note(status); });
  outcome(send());
  outcome(send());
  std::this_thread::sleep_for(100ms);  // several attempts in the background
  EXPECT_THAT(statuses_.all(), ElementsAre("disconnected"));
}

TEST_F(Reconnect, StatusIsReplayedToLateListenersAndNotToDetachedOnes) {
  connect_to(eager());
  get(start(client().connect()));
  peer service = accept();
  auto subscription = client().on_status([&](nest::client_status status) { statuses_.note(status); });
  EXPECT_THAT(statuses_.all(), ElementsAre("connected"));
  subscription.detach();
  stop_listening();  // or it would be connected again before anybody looks
  service.stream().close();
  ASSERT_TRUE(eventually([&] { return client().status() == nest::client_status::disconnected; }));
  EXPECT_THAT(statuses_.all(), ElementsAre("connected"));
}

TEST_F(Reconnect, ListenersMayAttachDetachAndThrow) {
  connect_to(eager());
  nest::client_status_subscription inner, outer;
  outer = client().on_status([&](nest::client_status status) {
    statuses_.note(status);
    inner = client().on_status([&](nest::client_status seen) { statuses_.note(seen); });
    outer.detach();
    throw std::runtime_error{"no harm"};
  });
  get(start(client().connect()));
  peer service = accept();
  EXPECT_THAT(statuses_.all(), ElementsAre("connected", "connected"));
  service.stream().close();
  peer again = accept();
  ASSERT_TRUE(eventually([&] { return statuses_.all().size() == 4; }));
  EXPECT_THAT(statuses_.all(), ElementsAre("connected", "connected", "disconnected", "connected"));
  inner.detach();
}

TEST_F(Reconnect, HealthIsTheConnection) {
  stop_listening();
  connect_to(patient());
  const auto health = [&] { return get(start(nest::client_health(client()))); };
  const auto down = health();
  EXPECT_FALSE(down.is_up);
  EXPECT_EQ(std::string{down.data.at("message").as_string()},
            "connect to 127.0.0.1:" + std::to_string(port_) + ": Connection refused");
  listen_again();
  EXPECT_TRUE(health().is_up) << "it tries";
  peer service = accept();
  EXPECT_TRUE(health().is_up);
  EXPECT_FALSE(try_accept(50ms)) << "what is there is enough";
}

TEST_F(Reconnect, ClientThatGoesLeavesNoConnection) {
  get(start(client().connect()));
  peer first = accept(), second = accept();
  client_.reset();
  EXPECT_TRUE(first.closed());
  EXPECT_TRUE(second.closed());
}

TEST_F(Reconnect, ClientThatGoesWhileItConnectsLeavesNoConnection) {
  for (int i = 0; i < 50; ++i) {
    auto how = options();
    how.loops = 1;
    auto client = nest::make_tcp_client(loops_, "raw-service", how);
    auto connecting = start(client->connect());
    client->close();
    try {
      get(std::move(connecting));
    } catch (const nest::unavailable_exception&) {
    }
    client.reset();
  }
  while (auto stream = try_accept(50ms)) {
    peer service{std::move(*stream)};
    EXPECT_TRUE(service.closed());
  }
}

TEST_F(Reconnect, RuntimeMayEndWithCallsPending) {
  auto loops = std::make_unique<nest::runtime>(nest::runtime_options{.io_threads = 1});
  loops->start();
  auto client = nest::make_tcp_client(*loops, "raw-service", options());
  auto call =
      boost::asio::co_spawn(loops->loop(0).executor(), client->send_text("sum", "1", {}), boost::asio::use_future);
  peer service = accept();
  service.receive();
  loops->stop();
  loops->join();
  client.reset();
  loops.reset();
  EXPECT_THROW(call.get(), std::future_error) << "the call went with its loop";
  EXPECT_TRUE(service.closed());
}

}  // namespace
}  // namespace raw
