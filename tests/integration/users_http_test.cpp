#include "integration/fixture.hpp"

#include <thread>

namespace integration {
namespace {

class UsersOverHttp : public each_database {
 protected:
  void start() { make().users().start(); }
  [[nodiscard]] support::http_client http() { return system().users().http(); }
};
TEST_ON_EACH_DATABASE(UsersOverHttp);

TEST_P(UsersOverHttp, CreatesAUserAndFindsIt) {
  start();
  const person ada;
  const http_response created = http().post("/users", ada.json());
  EXPECT_EQ(created.status, 201);
  EXPECT_THAT(created.body, MatchesRegex(user_shape(ada)));
  EXPECT_THAT(created.header("Content-Type"), StartsWith("application/json"));
  EXPECT_EQ(at(created, "/createdAt"), at(created, "/updatedAt"));

  EXPECT_THAT(http().get("/users/" + at(created, "/id")), AnswersWith(200, created.body));
}

TEST_P(UsersOverHttp, KeepsNamesAsTheyWereSent) {
  start();
  const person zoe{.firstName = "Zoë 😀 \"q\" \\", .lastName = "tab\there, line\nthere, \x01, ﬁ and \xE2\x80\xA8"};
  const http_response created = http().post("/users", zoe.json());
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(at(created, "/firstName"), zoe.firstName);
  EXPECT_EQ(at(created, "/lastName"), zoe.lastName);
  EXPECT_THAT(created.body, HasSubstr(R"("firstName":"Zoë 😀 \"q\" \\","lastName":"tab\there, line\nthere, \u0001,)"));

  EXPECT_THAT(http().get("/users/" + at(created, "/id")), AnswersWith(200, created.body));
  EXPECT_EQ(system().database().value("user_service", "SELECT first_name FROM users"), zoe.firstName);
  EXPECT_EQ(system().database().value("user_service", "SELECT last_name FROM users"), zoe.lastName);
}

TEST_P(UsersOverHttp, UnderstandsEscapesInNames) {
  start();
  const http_response created = http().post(
      "/users",
      R"({"firstName":"Zo\u00eb \ud83d\ude00","lastName":"\"q\" \\ \/","email":"zoe@example.com","password":"12345678"})");
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(at(created, "/firstName"), "Zoë 😀");
  EXPECT_EQ(at(created, "/lastName"), "\"q\" \\ /");
}

TEST_P(UsersOverHttp, KeepsEmailsInLowerCaseAndApart) {
  start();
  person ada{.email = "Ada.Lovelace@Example.COM"};
  const http_response created = http().post("/users", ada.json());
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(at(created, "/email"), "ada.lovelace@example.com");
  EXPECT_EQ(system().database().value("user_service", "SELECT email FROM users"), "ada.lovelace@example.com");

  for (const std::string email : {"ada.lovelace@example.com", "ADA.LOVELACE@EXAMPLE.COM", "Ada.Lovelace@Example.COM"}) {
    ada.email = email;
    EXPECT_THAT(http().post("/users", ada.json()), AnswersWith(409, conflict_body(email)));
  }
  EXPECT_EQ(system().database().count("user_service", "SELECT count(*) FROM users"), 1);
}

TEST_P(UsersOverHttp, StoresOneOfManyWithTheSameEmail) {
  start();
  std::vector<http_response> answers(8);
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    callers.emplace_back([&, i] { answers[i] = http().post("/users", person{.email = "Same@example.com"}.json()); });
  }
  for (auto& caller : callers) caller.join();

  EXPECT_EQ(std::ranges::count(answers, 201, &http_response::status), 1);
  for (const auto& answer : answers) {
    if (answer.status != 201) EXPECT_THAT(answer, AnswersWith(409, conflict_body("Same@example.com")));
  }
  EXPECT_EQ(system().database().count("user_service", "SELECT count(*) FROM users"), 1);
}

TEST_P(UsersOverHttp, StoresAnArgon2idHash) {
  start();
  ASSERT_EQ(http().post("/users", person{}.json()).status, 201);
  EXPECT_THAT(system().database().value("user_service", "SELECT password_hash FROM users"), StartsWith("$argon2id$"));
}

TEST_P(UsersOverHttp, RefusesWhatIsNotThere) {
  start();
  const std::string id = "0192d3a0-1111-7222-8333-123456789abc";
  EXPECT_THAT(http().get("/users/" + id), AnswersWith(404, user_not_found_body(id)));
  EXPECT_THAT(http().get("/users/42"), AnswersWith(400, uuid_expected));
  EXPECT_THAT(http().get("/users/" + id + "0"), AnswersWith(400, uuid_expected));
}

// What a DTO refuses does not depend on the database.
class UsersOnSqlite : public services_test {
 protected:
  void SetUp() override { make(backend::sqlite).users().start(); }
  [[nodiscard]] support::http_client http() { return system().users().http(); }
};

TEST_F(UsersOnSqlite, RefusesAnEmptyPayloadWithEveryRule) {
  const std::string expected = bad_request_body(
      R"(["firstName must be shorter than or equal to 100 characters","firstName should not be empty",)"
      R"("firstName must be a string","lastName must be shorter than or equal to 100 characters",)"
      R"("lastName should not be empty","lastName must be a string","email must be an email",)"
      R"("password must be shorter than or equal to 128 characters",)"
      R"("password must be longer than or equal to 8 characters","password must be a string"])");
  EXPECT_THAT(http().post("/users", "{}"), AnswersWith(400, expected));
  EXPECT_THAT(http().post("/users", ""), AnswersWith(400, expected));
  EXPECT_THAT(http().post("/users", R"({"firstName":null,"lastName":null,"email":{},"password":[]})"),
              AnswersWith(400, expected));
}

struct refusal {
  person who;
  std::string message;
};

TEST_F(UsersOnSqlite, RefusesWhatBreaksARule) {
  const std::string long_name(101, 'x');
  const std::string long_password(129, 'x');
  for (
      const auto& [who, message] : std::vector<refusal>{
          {{.firstName = ""}, R"(["firstName should not be empty"])"},
          {{.lastName = ""}, R"(["lastName should not be empty"])"},
          {{.firstName = long_name}, R"(["firstName must be shorter than or equal to 100 characters"])"},
          {{.lastName = long_name}, R"(["lastName must be shorter than or equal to 100 characters"])"},
          {{.email = "ada"}, R"(["email must be an email"])"},
          {{.email = "ada@localhost"}, R"(["email must be an email"])"},
          {{.email = ""}, R"(["email must be an email"])"},
          {{.password = "1234567"}, R"(["password must be longer than or equal to 8 characters"])"},
          {{.password = long_password}, R"(["password must be shorter than or equal to 128 characters"])"},
          {{.firstName = "", .email = "x", .password = ""},
           R"(["firstName should not be empty","email must be an email","password must be longer than or equal to 8 characters"])"}}) {
    EXPECT_THAT(http().post("/users", who.json()), AnswersWith(400, bad_request_body(message)));
  }
  EXPECT_EQ(system().database().count("user_service", "SELECT count(*) FROM users"), 0);
}

TEST_F(UsersOnSqlite, CountsCharactersNotBytes) {
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "😀";
  EXPECT_EQ(http().post("/users", person{.firstName = hundred}.json()).status, 201);
  EXPECT_THAT(http().post("/users", person{.firstName = hundred + "😀"}.json()),
              AnswersWith(400, bad_request_body(R"(["firstName must be shorter than or equal to 100 characters"])")));
  EXPECT_EQ(http().post("/users", person{.password = std::string(128, 'p')}.json()).status, 201);
  EXPECT_EQ(http().post("/users", person{.password = std::string(8, 'p')}.json()).status, 201);
}

TEST_F(UsersOnSqlite, RefusesUnknownProperties) {
  EXPECT_THAT(
      http().post(
          "/users",
          R"({"role":"admin","firstName":"A","lastName":"B","email":"a@example.com","password":"12345678","id":1})"),
      AnswersWith(400, bad_request_body(R"(["property role should not exist","property id should not exist"])")));
}

TEST_F(UsersOnSqlite, RefusesWhatIsNoJson) {
  for (const std::string body : {R"({"firstName":)", R"({"firstName":"A",})", "firstName=Ada", "{'firstName':1}"}) {
    const http_response answer = http().post("/users", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(at(answer, "/message"), testing::AnyOf(StartsWith("Unexpected"), StartsWith("Expected"))) << body;
    EXPECT_THAT(at(answer, "/message"), HasSubstr("JSON")) << body;
    EXPECT_EQ(answer.body, bad_request_body(json_text(at(answer, "/message"))));
  }
}

TEST_F(UsersOnSqlite, RefusesBodiesOver100KiB) {
  const person big{.firstName = std::string(100 * 1024, 'x')};
  const http_response answer = http().post("/users", big.json(), {{"X-Request-Id", "too-big"}});
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(at(answer, "/statusCode"), "413") << answer.body;
  EXPECT_EQ(answer.header("X-Request-Id"), "too-big");

  // 100 KiB itself is read, and then refused for what it says.
  person edge{.firstName = ""};
  edge.firstName.assign(100 * 1024 - edge.json().size(), 'x');
  ASSERT_EQ(edge.json().size(), 100U * 1024);
  EXPECT_THAT(http().post("/users", edge.json()),
              AnswersWith(400, bad_request_body(R"(["firstName must be shorter than or equal to 100 characters"])")));
}

TEST_F(UsersOnSqlite, AnswersUnknownRoutesAsNestJsDoes) {
  const auto not_found = [](std::string_view message) { return error_body(json_text(message), "Not Found", 404); };
  EXPECT_THAT(http().get("/nothing"), AnswersWith(404, not_found("Cannot GET /nothing")));
  EXPECT_THAT(http().get("/nothing?x=1"), AnswersWith(404, not_found("Cannot GET /nothing?x=1")));
  EXPECT_THAT(http().post("/nothing", "{}"), AnswersWith(404, not_found("Cannot POST /nothing")));
  EXPECT_THAT(http().send("DELETE", "/users", ""), AnswersWith(404, not_found("Cannot DELETE /users")));
  EXPECT_THAT(http().get("/"), AnswersWith(404, not_found("Cannot GET /")));
}

TEST_F(UsersOnSqlite, GivesEveryAnswerARequestId) {
  const std::string path = "/users/0192d3a0-1111-7222-8333-123456789abc";
  EXPECT_EQ(http().get(path, {{"X-Request-Id", "from-the-caller"}}).header("X-Request-Id"), "from-the-caller");
  EXPECT_EQ(http().post("/users", person{}.json(), {{"X-Request-Id", "created"}}).header("X-Request-Id"), "created");
  EXPECT_EQ(http().get("/nothing", {{"X-Request-Id", "no-route"}}).header("X-Request-Id"), "no-route");
  EXPECT_EQ(http().post("/users", "{", {{"X-Request-Id", "no-json"}}).header("X-Request-Id"), "no-json");
  EXPECT_EQ(http().get("/health", {{"X-Request-Id", "health"}}).header("X-Request-Id"), "health");

  const std::string first = http().get(path).header("X-Request-Id"),
                    second = http().get("/nothing").header("X-Request-Id");
  EXPECT_NE(first, "");
  EXPECT_NE(second, "");
  EXPECT_NE(first, second);
}

TEST_F(UsersOnSqlite, TellsItsHealthAsTerminusDoes) {
  for (const std::string path : {"/health", "/health/live", "/health/ready"}) {
    const http_response answer = http().get(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_THAT(answer.body,
                MatchesRegex(R"x(\{"status":"(ok|degraded)","info":\{.*\},"error":\{\},"details":\{.*\}\})x"))
        << path;
  }
}

}  // namespace
}  // namespace integration
