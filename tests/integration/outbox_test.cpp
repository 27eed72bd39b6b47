// The user service's outbox, seen by a notification service whose behaviour each test decides.
#include "integration/fixture.hpp"
#include "support/fake_service.hpp"
#include "support/tcp_proxy.hpp"

#include <boost/json/parse.hpp>

#include <atomic>
#include <set>

namespace integration {
namespace {

using support::fake_service;
using support::hang_up;
using support::keep_silent;
using support::nest_packet;
using support::reaction;
using support::refuse;
using support::respond;

class Outbox : public each_database {
 protected:
  void start_beside(const fake_service& notifications, const environment& variables = {}) {
    make(variables);
    system().users().variables()["NOTIFICATION_SERVICE_PORT"] = std::to_string(notifications.port());
    system().users().start();
  }
  /// @return the user's id
  std::string create(const person& who) {
    const http_response created = system().users().http().post("/users", who.json());
    EXPECT_EQ(created.status, 201) << created.body;
    return at(created, "/id");
  }
};
TEST_ON_EACH_DATABASE(Outbox);

std::set<std::string> users_told(const fake_service& notifications) {
  std::set<std::string> ids;
  for (const auto& packet : notifications.received("user.created")) ids.insert(at(packet.data(), "/userId"));
  return ids;
}

TEST_P(Outbox, SendsTheEventAsARequest) {
  fake_service notifications{[](const nest_packet&) -> reaction { return respond{"null"}; }};
  start_beside(notifications);
  const person ada;
  const std::string id = create(ada);
  ASSERT_TRUE(eventually([&] { return notifications.count("user.created") > 0; }));
  const auto packet = notifications.received("user.created").front();
  EXPECT_FALSE(packet.is_event());
  EXPECT_THAT(packet.text,
              MatchesRegex(R"(\{"pattern":"user.created","data":\{"eventId":"[^"]+","userId":")" + id +
                           R"(","email":")" + ada.email + R"(","firstName":"Ada","lastName":"Lovelace","createdAt":")" +
                           time_shape + R"("\}(,"metadata":\{.*\})?,"id":"[^"]+"\})"));
}

TEST_P(Outbox, SendsAgainUntilItIsAcknowledged) {
  std::atomic<int> calls = 0;
  fake_service notifications{[&](const nest_packet&) -> reaction {
    switch (calls++) {
      case 0: return refuse{R"({"status":"error","message":"Internal server error"})"};
      case 1: return hang_up{};
      case 2: return keep_silent{};
      case 3: return refuse{R"("no")"};
      default: return respond{"null"};
    }
  }};
  start_beside(notifications, {{"CLIENT_TIMEOUT_MS", "200"}});
  const std::string first = create({});
  ASSERT_TRUE(eventually([&] { return calls >= 5; }));
  for (const auto& packet : notifications.received("user.created")) {
    EXPECT_EQ(at(packet.data(), "/userId"), first);
    EXPECT_EQ(at(packet.data(), "/eventId"), at(notifications.received("user.created").front().data(), "/eventId"));
  }
  // Acknowledged: what comes next is about the next user, also after a start.
  const std::string second = create({});
  ASSERT_TRUE(eventually([&] { return users_told(notifications).contains(second); }));
  ASSERT_EQ(system().users().stop(), (process_end{.status = 0, .signal = {}}));
  const std::size_t told = notifications.count("user.created");
  system().users().start();
  const std::string third = create({});
  ASSERT_TRUE(eventually([&] { return users_told(notifications).contains(third); }));
  EXPECT_EQ(notifications.count("user.created"), told + 1);
}

TEST_P(Outbox, TakesAnAnswerWithoutAValueForAnAcknowledgement) {
  // What a NestJS handler that returns nothing answers: the envelope without `response`.
  support::tcp_listener listener;
  make();
  system().users().variables()["NOTIFICATION_SERVICE_PORT"] = std::to_string(listener.port());
  system().users().start();
  create({});
  const auto next_event = [&](support::tcp_stream& peer, support::frame_reader& frames) {
    for (;;) {
      if (auto text = frames.next()) return boost::json::parse(*text);
      const std::string bytes = peer.receive();
      if (bytes.empty()) throw std::runtime_error{"the relay hung up"};
      frames.append(bytes);
    }
  };
  auto peer = listener.accept(support::patience);
  ASSERT_TRUE(peer);
  support::frame_reader frames;
  const auto first = next_event(*peer, frames);
  peer->send(support::to_frame(R"({"isDisposed":true,"id":)" + json_text(at(first, "/id")) + "}"));
  const std::string second = create({});
  EXPECT_EQ(at(next_event(*peer, frames), "/data/userId"), second);
}

TEST_P(Outbox, KeepsEventsWhileTheNotificationServiceIsDown) {
  std::set<std::string> ids;
  make().users().start();
  for (int i = 0; i < 5; ++i) ids.insert(create({}));
  system().users().kill();
  system().users().start();
  for (int i = 0; i < 5; ++i) ids.insert(create({}));
  fake_service notifications{[](const nest_packet&) -> reaction { return respond{"null"}; },
                             system().notifications().tcp_port()};
  EXPECT_TRUE(eventually([&] { return users_told(notifications) == ids; }));
}

TEST_P(Outbox, AnswersAtOnceHoweverSlowTheNotificationServiceIs) {
  fake_service notifications{[](const nest_packet&) -> reaction { return keep_silent{}; }};
  start_beside(notifications, {{"CLIENT_TIMEOUT_MS", "600000"}});
  for (int i = 0; i < 20; ++i) create({});
}

TEST_P(Outbox, SurvivesANetworkThatIsCutAndStalled) {
  make({{"CLIENT_TIMEOUT_MS", "300"}});
  support::tcp_proxy network{system().notifications().tcp_port()};
  system().users().variables()["NOTIFICATION_SERVICE_PORT"] = std::to_string(network.port());
  system().users().start();
  system().notifications().start();
  const auto welcomed = [&](long long count) {
    return eventually([&] {
      return system().database().count("notification_service", "SELECT count(*) FROM notifications") >= count;
    });
  };
  create({});
  ASSERT_TRUE(welcomed(1));
  network.set(support::tcp_proxy::state::cut);
  create({});
  create({});
  network.set(support::tcp_proxy::state::open);
  ASSERT_TRUE(welcomed(3));
  network.set(support::tcp_proxy::state::stalled);
  create({});
  create({});
  network.set(support::tcp_proxy::state::open);
  ASSERT_TRUE(welcomed(5));
  EXPECT_EQ(system().database().count("notification_service", "SELECT count(*) FROM notifications"), 5);
}

}  // namespace
}  // namespace integration
