#include "integration/fixture.hpp"

namespace integration {
namespace {

class UsersOverTcp : public each_database {
 protected:
  void start() { make().users().start(); }
};
TEST_ON_EACH_DATABASE(UsersOverTcp);

TEST_P(UsersOverTcp, CreatesAUserAndFindsIt) {
  start();
  auto nest = system().users().nest();
  const person ada;
  const nest_reply created = nest.request("user.create", ada.json());
  EXPECT_THAT(created.text,
              MatchesRegex(R"(\{"response":)" + user_shape(ada) + R"(,"isDisposed":true,"id":"call-1"\})"));

  const std::string id = at(created.value(), "/id");
  EXPECT_EQ(nest.request("user.get", R"({"id":")" + id + R"("})").response(), created.response());
}

TEST_P(UsersOverTcp, RefusesATakenEmail) {
  start();
  auto nest = system().users().nest();
  ASSERT_FALSE(nest.request("user.create", person{.email = "j@x.io"}.json()).is_error());
  EXPECT_EQ(
      nest.request("user.create", person{.email = "J@x.io"}.json()).text,
      R"({"err":{"message":"User with email J@x.io already exists","error":"Conflict","statusCode":409},"isDisposed":true,"id":"call-2"})");
}

TEST_P(UsersOverTcp, RefusesWhatIsNotThere) {
  start();
  auto nest = system().users().nest();
  const std::string id = "0192d3a0-1111-7222-8333-123456789abc";
  EXPECT_EQ(nest.request("user.get", R"({"id":")" + id + R"("})").err(), user_not_found_body(id));
  EXPECT_EQ(nest.request("user.get", R"({"id":"42"})").err(), id_must_be_uuid);
  EXPECT_EQ(nest.request("user.get", R"({"id":42})").err(), id_must_be_uuid);
  EXPECT_EQ(nest.request("user.get", "{}").err(), id_must_be_uuid);
}

TEST_P(UsersOverTcp, RunsAMessageHandlerForAnEventWithoutAnswering) {
  start();
  auto nest = system().users().nest();
  nest.emit("user.create", person{.email = "quiet@example.com"}.json());
  ASSERT_TRUE(eventually([&] {
    return system().database().count("user_service", "SELECT count(*) FROM users WHERE email = 'quiet@example.com'") ==
           1;
  }));
  // The next thing that comes is the answer to the next request.
  nest.send_packet(R"({"pattern":"user.get","data":{"id":"x"},"id":"next"})");
  EXPECT_EQ(at(nest.receive().packet, "/id"), "next");
}

class UsersTcpOnSqlite : public services_test {
 protected:
  void SetUp() override { make(backend::sqlite).users().start(); }
};

TEST_F(UsersTcpOnSqlite, ValidatesWhatItReceives) {
  auto nest = system().users().nest();
  EXPECT_EQ(nest.request("user.create", person{.firstName = ""}.json()).text,
            R"({"err":{"message":["firstName should not be empty"],"error":"Bad Request","statusCode":400},)"
            R"("isDisposed":true,"id":"call-1"})");
  EXPECT_EQ(
      nest.request("user.create",
                   R"({"firstName":"A","lastName":"B","email":"a@example.com","password":"12345678","admin":true})")
          .err(),
      bad_request_body(R"(["property admin should not exist"])"));
  EXPECT_EQ(nest.request("user.get", R"({"id":"0192d3a0-1111-7222-8333-123456789abc","x":1})").err(),
            bad_request_body(R"(["property x should not exist"])"));
}

TEST_F(UsersTcpOnSqlite, CountsFramesInUtf16Units) {
  auto nest = system().users().nest();
  const person zoe{.firstName = "Zoë 😀 \"q\" \\"};
  EXPECT_EQ(at(nest.request("user.create", zoe.json()).value(), "/firstName"), zoe.firstName);
  // The frame after it is found where it begins.
  EXPECT_EQ(nest.request("user.get", R"({"id":"😀"})").err(), id_must_be_uuid);
}

TEST_F(UsersTcpOnSqlite, AnswersWithTheIdThatWasSent) {
  auto nest = system().users().nest();
  for (const std::string id : {"7", "\"a\\\"b\"", "null", "1.5"}) {
    nest.send_packet(R"({"pattern":"user.get","data":{"id":"x"},"id":)" + id + "}");
    EXPECT_THAT(nest.receive().text, testing::EndsWith(",\"isDisposed\":true,\"id\":" + id + "}"));
  }
}

TEST_F(UsersTcpOnSqlite, AnswersUnknownPatternsAsNestJsDoes) {
  auto nest = system().users().nest();
  EXPECT_EQ(
      nest.request("user.delete", "{}").text,
      R"({"id":"call-1","status":"error","err":"There is no matching message handler defined in the remote service."})");
  nest.emit("user.delete", "{}");
  EXPECT_TRUE(nest.request("user.get", "{}").is_error());
}

TEST_F(UsersTcpOnSqlite, TakesNotificationSentWithAndWithoutId) {
  auto nest = system().users().nest();
  const std::string event =
      R"({"eventId":"e-1","notificationId":"0192d3a0-1111-7222-8333-123456789abc",)"
      R"("userId":"0192d3a0-1111-7222-8333-123456789abd","type":"email","sentAt":"2026-11-22T21:54:35.342Z","more":true})";
  nest.emit("notification.sent", event);
  const nest_reply acknowledged = nest.request("notification.sent", event);
  EXPECT_FALSE(acknowledged.is_error()) << acknowledged.text;
  nest.emit("notification.sent", "{}");
  EXPECT_EQ(nest.request("user.get", "{}").err(), id_must_be_uuid);
}

TEST_F(UsersTcpOnSqlite, LetsGoOfConnectionsThatWereUsed) {
  const std::filesystem::path descriptors = "/proc/" + std::to_string(system().users().process().pid()) + "/fd";
  const auto open = [&] {
    return std::distance(std::filesystem::directory_iterator{descriptors}, std::filesystem::directory_iterator{});
  };
  const auto use = [&] {
    auto nest = system().users().nest();
    EXPECT_TRUE(nest.request("user.get", R"({"id":"0192d3a0-1111-7222-8333-123456789abc"})").is_error());
  };
  use();
  const auto before = open();
  for (int i = 0; i < 50; ++i) use();
  EXPECT_TRUE(eventually([&] { return open() <= before + 5; })) << open() << " descriptors after " << before;
}

TEST_F(UsersTcpOnSqlite, AnswersAllThatCameInOneWrite) {
  auto nest = system().users().nest();
  std::string frames;
  constexpr int calls = 200;
  for (int i = 0; i < calls; ++i) {
    frames += support::to_frame(R"({"pattern":"user.get","data":{"id":"é"},"id":)" + std::to_string(i) + "}");
  }
  nest.stream().send(frames);
  std::vector<int> ids;
  for (int i = 0; i < calls; ++i) ids.push_back(std::stoi(at(nest.receive().packet, "/id")));
  std::ranges::sort(ids);
  for (int i = 0; i < calls; ++i) EXPECT_EQ(ids[static_cast<std::size_t>(i)], i);
}

}  // namespace
}  // namespace integration
