// One service with several instances: who gets the calls, and who does not.

#include "messaging/client_proxy_base.hpp"
#include "messaging/transports/tcp_client_session.hpp"
#include "raw_service.hpp"
#include "support/fake_service.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

namespace raw {
namespace {

using support::fake_service;
using support::keep_silent;
using support::nest_packet;
using support::reaction;
using support::respond;

reaction answer(const nest_packet&) { return respond{"1"}; }

class Balancing : public RawService {
 protected:
  static nest::tcp_client_options to(std::initializer_list<std::uint16_t> ports) {
    nest::tcp_client_options made{.timeout = 10s};
    made.loops = 1;
    made.reconnect_backoff = {.initial = 10ms, .max = 20ms, .jitter = nest::backoff_jitter::none};
    for (const auto port : ports) made.endpoints.push_back({"127.0.0.1", port});
    return made;
  }
  // A port where nobody listens.
  static std::uint16_t closed_port() { return support::tcp_listener{}.port(); }

  int calls(int count, nest::call_options how = {}) {
    int answered = 0;
    for (int i = 0; i < count; ++i) answered += outcome(send("sum", how)) == "value: 1";
    return answered;
  }
};

TEST_F(Balancing, CallsAreSpreadOverAllInstances) {
  fake_service a{answer}, b{answer}, c{answer};
  connect_to(to({a.port(), b.port(), c.port()}));
  const auto all_asked = [&] { return a.count("sum") > 0 && b.count("sum") > 0 && c.count("sum") > 0; };
  ASSERT_TRUE(eventually([&] { return calls(1) == 1 && all_asked(); })) << "not all are connected";
  const std::size_t before_a = a.count("sum"), before_b = b.count("sum"), before_c = c.count("sum");
  EXPECT_EQ(calls(300), 300);
  EXPECT_GT(a.count("sum") - before_a, 50u);
  EXPECT_GT(b.count("sum") - before_b, 50u);
  EXPECT_GT(c.count("sum") - before_c, 50u);
}

TEST_F(Balancing, BusyInstancesGetFewerCalls) {
  fake_service busy{[](const nest_packet& packet) -> reaction {
    if (packet.pattern() == "sum") return keep_silent{};
    return respond{"1"};
  }};
  fake_service idle{answer};
  connect_to(to({busy.port(), idle.port()}));
  const auto both_asked = [&] { return busy.count("hello") > 0 && idle.count("hello") > 0; };
  ASSERT_TRUE(eventually([&] { return outcome(send("hello")) == "value: 1" && both_asked(); }));
  std::vector<std::future<nest::reply>> waiting;
  for (int i = 0; i < 50; ++i) {
    auto call = send();
    const auto answered = [&] { return call.wait_for(0s) == std::future_status::ready; };
    ASSERT_TRUE(eventually([&] { return answered() || busy.count("sum") > waiting.size(); }));
    if (!answered()) waiting.push_back(std::move(call));
  }
  EXPECT_LE(busy.count("sum"), 1u) << "while a call waits there, all others find an instance without one";
  EXPECT_GE(idle.count("sum"), 49u);
}

TEST_F(Balancing, AnInstanceThatIsDownCostsNoCall) {
  const std::uint16_t down = closed_port();
  fake_service up{answer};
  connect_to(to({down, up.port()}));
  EXPECT_EQ(calls(100), 100);
  fake_service back{answer, down};
  EXPECT_TRUE(eventually([&] { return calls(1) == 1 && back.count("sum") > 0; })) << "it is tried again";
}

TEST_F(Balancing, AnInstanceThatGoesIsLeft) {
  auto going = std::make_unique<fake_service>(answer);
  fake_service staying{answer};
  connect_to(to({going->port(), staying.port()}));
  ASSERT_TRUE(eventually([&] { return calls(1) == 1 && going->count("sum") > 0 && staying.count("sum") > 0; }));
  going.reset();
  // Only a call that is sent before the loss is noticed may fail.
  EXPECT_GE(calls(100), 99);
}

TEST_F(Balancing, AnInstanceThatAnswersNothingIsAvoidedAndAskedNowAndThen) {
  std::atomic<bool> well{false};
  fake_service ill{[&](const nest_packet& packet) -> reaction {
    if (well || packet.pattern() == "hello") return respond{"1"};
    return keep_silent{};
  }};
  fake_service other{answer};
  connect_to(to({ill.port(), other.port()}));
  const auto both_asked = [&] { return ill.count("hello") > 0 && other.count("hello") > 0; };
  ASSERT_TRUE(eventually([&] { return outcome(send("hello")) == "value: 1" && both_asked(); }));

  const auto begin = std::chrono::steady_clock::now();
  const int answered = calls(200, {.timeout = 20ms});
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
  EXPECT_GE(ill.count("sum"), 5u);
  EXPECT_LE(ill.count("sum"), 6u + static_cast<std::size_t>(seconds.count())) << "one a second finds out how it is";
  EXPECT_EQ(static_cast<std::size_t>(answered), 200 - ill.count("sum"));

  well = true;
  const std::size_t before = ill.count("sum");
  EXPECT_TRUE(eventually([&] {
    std::this_thread::sleep_for(5ms);
    return calls(1, {.timeout = 20ms}) == 1 && ill.count("sum") > before + 5;
  })) << "one answer, and it is asked like the other";
}

TEST_F(Balancing, WhereNoneAnswersAllAreAsked) {
  fake_service a{[](const nest_packet&) { return keep_silent{}; }}, b{[](const nest_packet&) { return keep_silent{}; }};
  connect_to(to({a.port(), b.port()}));
  EXPECT_EQ(calls(30, {.timeout = 10ms}), 0);
  EXPECT_EQ(a.count("sum") + b.count("sum"), 30u) << "every call was sent";
}

TEST_F(Balancing, WhereNoneCanBeReachedTheErrorNamesThemAll) {
  const std::uint16_t a = closed_port(), b = closed_port();
  auto how = to({a, b});
  how.reconnect = false;
  connect_to(how);
  EXPECT_EQ(outcome(send()), "unavailable: no instance can be reached: connect to 127.0.0.1:" + std::to_string(a) +
                                 ": Connection refused; connect to 127.0.0.1:" + std::to_string(b) +
                                 ": Connection refused");
}

TEST_F(Balancing, NamesThatAreNoneAreNamed) {
  auto how = to({});
  how.host = "no-such-host.invalid";
  connect_to(how);
  EXPECT_THAT(outcome(send()), testing::StartsWith("unavailable: look up no-such-host.invalid: "));
}

TEST_F(Balancing, TheTwoAddressesOfLocalhostAreOneInstance) {
  auto how = to({});
  how.host = "localhost";
  how.port = port_;
  connect_to(how);
  get(start(client().connect()));
  peer service = accept();
  EXPECT_FALSE(try_accept(100ms));
}

// ---- instances that come and go: what a name resolves to, played by hand

class Place final : public nest::detail::service_address {
 public:
  Place(std::shared_ptr<const nest::detail::client_settings> settings, std::uint16_t port)
      : settings_{std::move(settings)}, port_{port}, text_{"place " + std::to_string(port)} {}
  [[nodiscard]] const std::string& text() const noexcept override { return text_; }
  nest::task<nest::detail::session_ptr> open(nest::event_loop& loop) override {
    boost::asio::ip::tcp::socket socket{loop.context()};
    co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), port_}, boost::asio::use_awaitable);
    const boost::intrusive_ptr<nest::detail::tcp_client_session> session{
        new nest::detail::tcp_client_session{loop, settings_, nest::detail::tcp_stream{std::move(socket)}}};
    session->start();
    co_return session;
  }

 private:
  std::shared_ptr<const nest::detail::client_settings> settings_;
  std::uint16_t port_;
  std::string text_;
};

class Directory final : public nest::detail::session_opener {
 public:
  void set(std::vector<std::uint16_t> ports, bool complete = true) {
    const std::lock_guard lock{mutex_};
    ports_ = std::move(ports);
    complete_ = complete;
  }
  nest::task<nest::detail::resolution> resolve(nest::event_loop&) override {
    const std::lock_guard lock{mutex_};
    nest::detail::resolution found;
    for (const auto port : ports_) found.addresses.push_back(std::make_shared<Place>(settings, port));
    found.complete = complete_;
    ++asked;
    co_return found;
  }
  [[nodiscard]] bool may_move() const noexcept override { return true; }

  std::shared_ptr<nest::detail::client_settings> settings = std::make_shared<nest::detail::client_settings>();
  std::atomic<int> asked{0};

 private:
  std::mutex mutex_;
  std::vector<std::uint16_t> ports_;
  bool complete_ = true;
};

class Moving : public Balancing {
 protected:
  void SetUp() override {
    directory_->settings->name = "raw-service";
    directory_->settings->loops = 1;
    directory_->settings->reconnect_backoff.initial = directory_->settings->reconnect_backoff.max = 10ms;
    client_ = std::make_unique<nest::detail::client_proxy_base>(loops_, directory_->settings, directory_);
  }
  std::shared_ptr<Directory> directory_ = std::make_shared<Directory>();
};

TEST_F(Moving, AServiceThatHasMovedIsFoundAfterTheLoss) {
  auto old = std::make_unique<fake_service>(answer);
  fake_service now{answer};
  directory_->set({old->port()});
  EXPECT_EQ(calls(3), 3);
  EXPECT_EQ(directory_->asked, 1) << "while the connection stands, nobody asks";
  directory_->set({now.port()});
  old.reset();
  ASSERT_TRUE(eventually([&] { return directory_->asked > 1; }));
  EXPECT_TRUE(eventually([&] { return calls(1) == 1; }));
  EXPECT_GT(now.count("sum"), 0u);
}

TEST_F(Moving, AnInstanceWhoseNameCannotBeLookedUpForNowStays) {
  fake_service steady{answer};
  auto dying = std::make_unique<fake_service>(answer);
  directory_->set({steady.port(), dying->port()});
  ASSERT_TRUE(eventually([&] { return calls(1) == 1 && steady.count("sum") > 0 && dying->count("sum") > 0; }));
  directory_->set({dying->port()}, false);
  dying.reset();
  ASSERT_TRUE(eventually([&] { return directory_->asked > 1; }));
  EXPECT_EQ(calls(20), 20) << "the connection to the other stands";
  directory_->set({steady.port()});
  const int asked = directory_->asked;
  EXPECT_TRUE(eventually([&] { return directory_->asked > asked; })) << "and is asked for again";
}

TEST_F(Moving, InstancesThatAreNoLongerThereFinishTheirCallsAndGo) {
  fake_service slow{[](const nest_packet&) -> reaction {
    std::this_thread::sleep_for(300ms);
    return respond{"1"};
  }};
  auto other = std::make_unique<fake_service>(answer);
  directory_->set({slow.port(), other->port()});
  std::vector<std::future<nest::reply>> calls_under_way;
  ASSERT_TRUE(eventually([&] {
    calls_under_way.push_back(send());
    return slow.count("sum") == 1 && other->count("sum") > 1;
  }));
  fake_service next{answer};
  directory_->set({next.port()});
  other.reset();
  ASSERT_TRUE(eventually([&] { return next.count("sum") > 0 || (calls(1), false); }));
  for (auto& call : calls_under_way) {
    const std::string ended = outcome(std::move(call));
    EXPECT_TRUE(ended == "value: 1" || ended == "unavailable: Connection closed") << ended;
  }
  const std::size_t before = slow.count("sum");
  EXPECT_EQ(calls(50), 50);
  EXPECT_EQ(slow.count("sum"), before) << "it is no instance any more";
}

}  // namespace
}  // namespace raw
