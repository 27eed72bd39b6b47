#include "integration/fixture.hpp"
#include "support/fake_service.hpp"

#include <boost/json/array.hpp>

#include <atomic>
#include <thread>

namespace integration {
namespace {

const std::string user_id = "0192d3a0-1111-7222-8333-123456789abc";
const std::string other_user_id = "0192d3a0-1111-7222-8333-123456789abd";

std::string send_dto(const std::string& user, const std::string& subject = "Hello") {
  return R"({"userId":")" + user + R"(","type":"sms","recipient":"+49 30 1","subject":)" + json_text(subject) +
         R"(,"content":"Zoë 😀 \"q\" \\"})";
}

std::string sent_shape(const std::string& user) {
  return R"(\{"id":")" + uuid_shape + R"(","userId":")" + user +
         R"(","type":"sms","recipient":"\+49 30 1","subject":"Hello","content":"Zoë 😀 \\"q\\" \\\\",)"
         R"#("status":"(sent|pending)","sentAt":(")#" +
         time_shape + R"("|null),"createdAt":")" + time_shape + R"("\})";
}

std::string created_event(const std::string& user, const std::string& event_id = "") {
  const std::string id = event_id.empty() ? "" : R"("eventId":")" + event_id + R"(",)";
  return "{" + id + R"("userId":")" + user +
         R"(","email":"zoe@example.com","firstName":"Zoë","lastName":"Q","createdAt":"2026-11-22T21:54:35.342Z"})";
}

class Notifications : public each_database {
 protected:
  void start() { make().notifications().start(); }
  [[nodiscard]] support::http_client http() { return system().notifications().http(); }
  [[nodiscard]] support::nest_client nest() { return system().notifications().nest(); }
  [[nodiscard]] long long stored(const std::string& user = user_id) {
    return system().database().count("notification_service",
                                     "SELECT count(*) FROM notifications WHERE CAST(user_id AS text) = '" + user + "'");
  }
};
TEST_ON_EACH_DATABASE(Notifications);

TEST_P(Notifications, AreSentAndFoundOverHttp) {
  start();
  const http_response sent = http().post("/notifications", send_dto(user_id));
  EXPECT_EQ(sent.status, 201);
  EXPECT_THAT(sent.body, MatchesRegex(sent_shape(user_id)));
  const http_response found = http().get("/notifications/" + at(sent, "/id"));
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(at(found, "/content"), "Zoë 😀 \"q\" \\");
}

TEST_P(Notifications, AreSentAndFoundOverTcp) {
  start();
  auto peer = nest();
  const nest_reply sent = peer.request("notification.send", send_dto(user_id));
  EXPECT_THAT(sent.text,
              MatchesRegex(R"(\{"response":)" + sent_shape(user_id) + R"(,"isDisposed":true,"id":"call-1"\})"));
  const std::string id = at(sent.value(), "/id");
  EXPECT_EQ(at(peer.request("notification.status", R"({"id":")" + id + R"("})").value(), "/id"), id);
  EXPECT_EQ(at(peer.request("notification.status", R"({"userId":")" + user_id + R"("})").value(), "/id"), id);
}

TEST_P(Notifications, AreListedNewestFirst) {
  start();
  std::vector<std::string> ids;
  for (const auto& user : {user_id, other_user_id, user_id}) {
    ids.push_back(at(http().post("/notifications", send_dto(user)), "/id"));
    std::this_thread::sleep_for(milliseconds{2});  // so that no two have the same time
  }
  const auto ids_in = [](const http_response& list) {
    std::vector<std::string> found;
    const auto entries = list.json();
    for (const auto& entry : entries.as_array()) found.push_back(at(entry, "/id"));
    return found;
  };
  EXPECT_THAT(ids_in(http().get("/notifications?userId=" + user_id)), testing::ElementsAre(ids[2], ids[0]));
  EXPECT_THAT(ids_in(http().get("/notifications")), testing::ElementsAre(ids[2], ids[1], ids[0]));
  EXPECT_THAT(http().get("/notifications?userId=0192d3a0-1111-7222-8333-000000000000"), AnswersWith(200, "[]"));
  EXPECT_EQ(at(nest().request("notification.status", R"({"userId":")" + user_id + R"("})").value(), "/id"), ids[2]);
}

TEST_P(Notifications, AreListedUpToOneHundred) {
  start();
  auto peer = nest();
  for (int i = 0; i < 103; ++i) {
    ASSERT_FALSE(peer.request("notification.send", send_dto(user_id, "number " + std::to_string(i))).is_error());
  }
  for (const std::string& path : {std::string{"/notifications"}, "/notifications?userId=" + user_id}) {
    const auto list = http().get(path).json();
    EXPECT_EQ(list.as_array().size(), 100U);
    std::string last = "9";
    for (const auto& entry : list.as_array()) {
      EXPECT_LE(at(entry, "/createdAt"), last);
      last = at(entry, "/createdAt");
    }
  }
}

TEST_P(Notifications, RefuseWhatIsNotThere) {
  start();
  auto peer = nest();
  EXPECT_THAT(http().get("/notifications/" + user_id), AnswersWith(404, notification_not_found));
  EXPECT_THAT(http().get("/notifications/42"), AnswersWith(400, uuid_expected));
  EXPECT_EQ(http().get("/notifications?userId=42").status, 400);
  EXPECT_EQ(peer.request("notification.status", R"({"id":")" + user_id + R"("})").err(), notification_not_found);
  EXPECT_EQ(peer.request("notification.status", R"({"userId":")" + user_id + R"("})").err(), notification_not_found);
  EXPECT_EQ(peer.request("notification.status", R"({"id":"42"})").err(), id_must_be_uuid);
  EXPECT_EQ(peer.request("notification.status", R"({"userId":"42"})").err(),
            bad_request_body(R"(["userId must be a UUID"])"));
  EXPECT_EQ(peer.request("notification.status", "{}").err(), bad_request_body(R"(["id or userId should be given"])"));
}

TEST_P(Notifications, AreRefusedWithEveryRuleThatTheyBreak) {
  start();
  const std::string expected =
      bad_request_body(R"(["userId must be a UUID","type must be one of the following values: email, sms, push",)"
                       R"("recipient should not be empty","recipient must be a string",)"
                       R"("subject should not be empty","subject must be a string",)"
                       R"("content should not be empty","content must be a string"])");
  EXPECT_THAT(http().post("/notifications", "{}"), AnswersWith(400, expected));
  EXPECT_EQ(nest().request("notification.send", "{}").err(), expected);
  EXPECT_THAT(http().post("/notifications",
                          R"({"userId":")" + user_id + R"(","type":"fax","recipient":"r","subject":"","content":"c"})"),
              AnswersWith(400, bad_request_body(R"(["type must be one of the following values: email, sms, push",)"
                                                R"("subject should not be empty"])")));
  EXPECT_EQ(stored(), 0);
}

TEST_P(Notifications, IgnoreUnknownProperties) {
  start();
  const std::string dto =
      R"({"userId":")" + user_id + R"(","more":[{}],"type":"push","recipient":"r","subject":"s","content":"c"})";
  EXPECT_EQ(http().post("/notifications", dto).status, 201);
  EXPECT_FALSE(nest().request("notification.send", dto).is_error());
  EXPECT_EQ(stored(), 2);
}

TEST_P(Notifications, WelcomeAUserOnceHoweverOftenTheEventComes) {
  start();
  auto peer = nest();
  const std::string event = created_event(user_id, "0192d3a0-5555-7222-8333-123456789abc");
  for (int i = 0; i < 5; ++i) {
    const nest_reply acknowledged = peer.request("user.created", event);
    EXPECT_FALSE(acknowledged.is_error()) << acknowledged.text;
  }
  peer.emit("user.created", event);
  // Answered on the same connection after it: the event has begun; the next is committed once it is answered.
  EXPECT_FALSE(peer.request("user.created", event).is_error());

  const nest_reply welcome = peer.request("notification.status", R"({"userId":")" + user_id + R"("})");
  EXPECT_EQ(at(welcome.value(), "/subject"), "Welcome, Zoë!");
  EXPECT_EQ(at(welcome.value(), "/content"), "Hi Zoë Q, your account is ready.");
  EXPECT_EQ(at(welcome.value(), "/type"), "email");
  EXPECT_EQ(at(welcome.value(), "/recipient"), "zoe@example.com");
  EXPECT_EQ(stored(), 1);
}

TEST_P(Notifications, WelcomeAUserOnceWhenTheEventComesFromManySides) {
  start();
  std::vector<std::thread> callers;
  std::atomic<int> acknowledged = 0;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      auto peer = nest();
      const std::string event = created_event(user_id, "0192d3a0-5555-7222-8333-123456789abc");
      // A refusal is allowed where two meet: whoever relays sends it again.
      if (eventually([&] { return !peer.request("user.created", event).is_error(); })) ++acknowledged;
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(acknowledged, 8);
  EXPECT_EQ(stored(), 1);
}

TEST_P(Notifications, WelcomeAUserOnceWhereThePeerGivesNoEventId) {
  start();
  auto peer = nest();
  EXPECT_FALSE(peer.request("user.created", created_event(user_id)).is_error());
  EXPECT_FALSE(peer.request("user.created", created_event(user_id)).is_error());
  EXPECT_FALSE(peer.request("user.created", created_event(other_user_id)).is_error());
  EXPECT_EQ(stored(), 1);
  EXPECT_EQ(stored(other_user_id), 1);
  EXPECT_THAT(system().database().dump("notification_service"),
              AllOf(HasSubstr("user.created:" + user_id), HasSubstr("user.created:" + other_user_id)));
}

TEST_P(Notifications, WelcomeAUserOnAPlainEvent) {
  start();
  auto peer = nest();
  peer.emit("user.created", created_event(user_id));
  EXPECT_TRUE(eventually([&] { return stored() == 1; }));
}

TEST_P(Notifications, RefuseAnEventThatCannotBeUnderstood) {
  start();
  auto peer = nest();
  peer.emit("user.created", R"({"userId":"42"})");
  const nest_reply refused = peer.request("user.created", R"({"userId":"42"})");
  EXPECT_EQ(at(refused.packet, "/err/statusCode"), "400") << refused.text;
  EXPECT_EQ(system().database().count("notification_service", "SELECT count(*) FROM notifications"), 0);
}

TEST_P(Notifications, AreAnnouncedToTheUserServiceAfterTheCommit) {
  std::atomic<long long> stored_when_told = -1;
  registration_system* running = nullptr;
  support::fake_service user_service{[&](const support::nest_packet& packet) -> support::reaction {
    if (packet.pattern() == "notification.sent") {
      stored_when_told = running->database().count("notification_service", "SELECT count(*) FROM notifications");
    }
    return support::keep_silent{};
  }};
  running = &make();
  system().notifications().variables()["USER_SERVICE_PORT"] = std::to_string(user_service.port());
  system().notifications().start();
  auto peer = nest();
  ASSERT_FALSE(peer.request("user.created", created_event(user_id)).is_error());
  ASSERT_TRUE(eventually([&] { return stored_when_told >= 0; }));

  EXPECT_EQ(stored_when_told, 1);
  const auto packet = user_service.received("notification.sent").front();
  EXPECT_TRUE(packet.is_event());
  const std::string notification =
      at(peer.request("notification.status", R"({"userId":")" + user_id + R"("})").value(), "/id");
  EXPECT_THAT(packet.text,
              MatchesRegex(R"(\{"pattern":"notification.sent","data":\{"eventId":"[^"]+","notificationId":")" +
                           notification + R"(","userId":")" + user_id + R"(","type":"email","sentAt":")" + time_shape +
                           R"("\}(,"metadata":\{.*\})?\})"));
  user_service.stop();
}

TEST_P(Notifications, AreMadeWhereTheUserServiceCannotBeTold) {
  start();  // nothing listens where the user service should be
  auto peer = nest();
  EXPECT_FALSE(peer.request("user.created", created_event(user_id)).is_error());
  EXPECT_EQ(stored(), 1);
}

}  // namespace
}  // namespace integration
