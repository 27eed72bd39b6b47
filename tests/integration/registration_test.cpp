#include "integration/fixture.hpp"

#include <boost/json/parse.hpp>

#include <thread>

namespace integration {
namespace {

class Registration : public each_database {
 protected:
  [[nodiscard]] support::http_client gateway() { return system().gateway().http(); }
  [[nodiscard]] long long stored() { return system().database().count("user_service", "SELECT count(*) FROM users"); }
  /// Waits for the welcome of the user, and returns it as the gateway shows it.
  std::string welcome_of(const std::string& user) {
    auto nest = system().notifications().nest();
    std::string id;
    EXPECT_TRUE(eventually([&] {
      const nest_reply found = nest.request("notification.status", R"({"userId":")" + user + R"("})");
      if (!found.is_error() && at(found.value(), "/status") == "sent") id = at(found.value(), "/id");
      return !id.empty();
    })) << "no welcome for user "
        << user;
    return gateway().get("/notifications/" + id).body;
  }
};
TEST_ON_EACH_DATABASE(Registration);

TEST_P(Registration, AnswersWithTheUserAndTheWelcome) {
  make_and_start();
  // The gateway waits 250 ms for the welcome, which a busy machine may miss; it must not always.
  http_response summary;
  person ada;
  ASSERT_TRUE(eventually([&] {
    ada = person{};
    summary = gateway().post("/registration", ada.json(), {{"X-Request-Id", "request-1"}});
    return summary.status != 201 || at(summary, "/data/notification/status") == "sent";
  }));
  EXPECT_EQ(summary.status, 201);
  EXPECT_THAT(summary.body,
              MatchesRegex(R"(\{"success":true,"message":"User registered successfully","data":\{"user":)" +
                           user_shape(ada) + R"(,"notification":)" + welcome_shape(ada) +
                           R"(\},"meta":\{"requestId":"request-1","durationMs":[0-9]+(\.[0-9]+)?\}\})"));
  EXPECT_EQ(summary.header("X-Request-Id"), "request-1");

  const std::string user = at(summary, "/data/user/id");
  EXPECT_EQ(at(summary, "/data/notification/userId"), user);
  EXPECT_EQ(at(gateway().get("/users/" + user), "/email"), ada.email);
  EXPECT_EQ(system().users().http().get("/users/" + user).body, gateway().get("/users/" + user).body);
  EXPECT_EQ(at(gateway().get("/notifications/" + at(summary, "/data/notification/id")), "/subject"), "Welcome, Ada!");
}

TEST_P(Registration, TellsARequestIdWhereTheCallerGaveNone) {
  make_and_start();
  const http_response summary = gateway().post("/registration", person{}.json());
  EXPECT_NE(at(summary, "/meta/requestId"), "");
  EXPECT_EQ(at(summary, "/meta/requestId"), summary.header("X-Request-Id"));
}

TEST_P(Registration, KeepsNamesAsTheyWereSent) {
  make_and_start();
  const person zoe{.firstName = "Zoë 😀 \"q\" \\", .lastName = "$1 %s {} ' ; --"};
  const http_response summary = gateway().post("/registration", zoe.json());
  ASSERT_EQ(summary.status, 201) << summary.body;
  EXPECT_EQ(at(summary, "/data/user/firstName"), zoe.firstName);
  const auto welcome = boost::json::parse(welcome_of(at(summary, "/data/user/id")));
  EXPECT_EQ(at(welcome, "/subject"), "Welcome, " + zoe.firstName + "!");
  EXPECT_EQ(at(welcome, "/content"), "Hi " + zoe.firstName + " " + zoe.lastName + ", your account is ready.");
}

TEST_P(Registration, RefusesATakenEmailWithTheAddressAsSent) {
  make_and_start();
  ASSERT_EQ(gateway().post("/registration", person{.email = "j@x.io"}.json()).status, 201);
  EXPECT_THAT(
      gateway().post("/registration", person{.email = "j@x.io"}.json()),
      AnswersWith(409, R"({"message":"User with email j@x.io already exists","error":"Conflict","statusCode":409})"));
  EXPECT_THAT(gateway().post("/registration", person{.email = "J@X.io"}.json()),
              AnswersWith(409, conflict_body("J@X.io")));
  EXPECT_EQ(stored(), 1);
}

TEST_P(Registration, ValidatesWhatItReceives) {
  make_and_start();
  EXPECT_THAT(gateway().post("/registration", person{.firstName = ""}.json()),
              AnswersWith(400, bad_request_body(R"(["firstName should not be empty"])")));
  EXPECT_THAT(
      gateway().post("/registration",
                     R"({"firstName":"A","lastName":"B","email":"a@example.com","password":"12345678","admin":1})"),
      AnswersWith(400, bad_request_body(R"(["property admin should not exist"])")));
  EXPECT_EQ(gateway().post("/registration", "{").status, 400);
  EXPECT_EQ(gateway().post("/registration", person{.firstName = std::string(101 * 1024, 'x')}.json()).status, 413);
  EXPECT_EQ(stored(), 0);
}

TEST_P(Registration, FindsNothingWhereThereIsNothing) {
  make_and_start();
  const std::string id = "0192d3a0-1111-7222-8333-123456789abc";
  EXPECT_THAT(gateway().get("/users/" + id), AnswersWith(404, user_not_found_body(id)));
  EXPECT_THAT(gateway().get("/users/42"), AnswersWith(400, id_must_be_uuid));
  EXPECT_THAT(gateway().get("/notifications/" + id), AnswersWith(404, notification_not_found));
  EXPECT_THAT(gateway().get("/notifications/42"),
              AnswersWith(400, system().notifications().http().get("/notifications/42").body));
  EXPECT_THAT(gateway().get("/nothing"), AnswersWith(404, error_body(R"("Cannot GET /nothing")", "Not Found", 404)));
}

TEST_P(Registration, WelcomesEachOfManyOnce) {
  make_and_start();
  std::vector<std::thread> callers;
  std::vector<std::string> ids(40);
  for (std::size_t first = 0; first < 4; ++first) {
    callers.emplace_back([&, first] {
      for (std::size_t i = first; i < ids.size(); i += 4) {
        ids[i] = at(gateway().post("/registration", person{}.json()), "/data/user/id");
      }
    });
  }
  for (auto& caller : callers) caller.join();
  for (const auto& id : ids) welcome_of(id);
  EXPECT_EQ(stored(), 40);
  EXPECT_EQ(system().database().count("notification_service", "SELECT count(*) FROM notifications"), 40);
}

TEST_P(Registration, TakesTheRequestIdThroughTheServices) {
  make_and_start({{"LOG_LEVEL", "debug"}, {"LOG_FORMAT", "json"}});
  ASSERT_EQ(gateway().post("/registration", person{}.json(), {{"X-Request-Id", "follow-me-7"}}).status, 201);
  for (service* each : {&system().gateway(), &system().users()}) {
    EXPECT_TRUE(eventually([&] { return each->transcript().find("follow-me-7") != std::string::npos; }))
        << each->name();
  }
}

TEST_P(Registration, NeverShowsAPassword) {
  make_and_start({{"LOG_LEVEL", "trace"}});
  const std::string secret = "Xq9-never-to-be-seen", short_secret = "Zk7-no!";
  std::string answers;
  const auto keep = [&](const http_response& answer) { answers += answer.body; };
  const person ada{.password = secret};
  keep(gateway().post("/registration", ada.json()));
  keep(gateway().post("/registration", ada.json()));
  keep(gateway().post("/registration", person{.password = short_secret}.json()));
  keep(gateway().post("/registration", R"({"password":")" + secret + R"(","x":1})"));
  keep(system().users().http().post("/users", person{.password = secret}.json()));
  keep(system().users().http().post("/users", person{.firstName = "", .password = secret}.json()));
  auto nest = system().users().nest();
  answers += nest.request("user.create", person{.password = secret}.json()).text;
  answers += nest.request("user.create", R"({"password":")" + secret + R"(","x":1})").text;
  answers += nest.request("nobody", person{.password = secret}.json()).text;
  const std::string id = system().database().value("user_service", "SELECT CAST(id AS text) FROM users");
  keep(gateway().get("/users/" + id));
  welcome_of(id);
  EXPECT_EQ(stored(), 3);
  for (service* each : {&system().gateway(), &system().notifications(), &system().users()}) {
    EXPECT_EQ(each->stop(), (process_end{.status = 0, .signal = {}}));
  }

  const std::string hash = system().database().value("user_service", "SELECT password_hash FROM users");
  for (const auto& text : {answers, system().transcript(), system().database().dump("user_service"),
                           system().database().dump("notification_service")}) {
    EXPECT_THAT(text, AllOf(Not(HasSubstr(secret)), Not(HasSubstr(short_secret))));
  }
  EXPECT_THAT(answers, Not(HasSubstr("argon2")));
  EXPECT_THAT(system().transcript(), Not(HasSubstr("$argon2")));
  for (const auto& row : system().database().query("user_service", "SELECT * FROM user_outbox")) {
    for (const auto& cell : row) EXPECT_THAT(cell.value_or(""), Not(HasSubstr(hash)));
  }
}

}  // namespace
}  // namespace integration
