// The gateway alone, between neighbours whose behaviour each test decides.
#include "integration/fixture.hpp"
#include "support/fake_service.hpp"

#include <boost/json/serialize.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace integration {
namespace {

using support::fake_service;
using support::hang_up;
using support::keep_silent;
using support::nest_packet;
using support::reaction;
using support::refuse;
using support::respond;

const std::string user =
    R"({"id":"0192d3a0-1111-7222-8333-123456789abc","firstName":"Ada","lastName":"Lovelace","email":"ada@example.com",)"
    R"("isActive":true,"createdAt":"2026-11-22T21:54:35.342Z","updatedAt":"2026-11-22T21:54:35.342Z"})";
const std::string user_id = "0192d3a0-1111-7222-8333-123456789abc";
const std::string pending_summary =
    R"(\{"success":true,"message":"User registered successfully","data":\{"user":\{.*\},)"
    R"("notification":\{"status":"pending"\}\},"meta":\{"requestId":"[^"]+","durationMs":[0-9.]+\}\})";

fake_service::handler always(reaction fixed) {
  return [fixed](const nest_packet&) { return fixed; };
}

class Gateway : public services_test {
 protected:
  void SetUp() override { make(backend::sqlite); }
  void start(const environment& variables = {}) {
    for (const auto& [name, value] : variables) system().gateway().variables()[name] = value;
    system().gateway().start();
  }
  void start_between(const fake_service* users, const fake_service* notifications, environment variables = {}) {
    if (users) variables["USER_SERVICE_PORT"] = std::to_string(users->port());
    if (notifications) variables["NOTIFICATION_SERVICE_PORT"] = std::to_string(notifications->port());
    start(variables);
  }
  [[nodiscard]] support::http_client http() { return system().gateway().http(); }
};

TEST_F(Gateway, IsUnavailableWithoutTheUserService) {
  start();
  EXPECT_THAT(http().post("/registration", person{}.json()), AnswersWith(503, user_service_unavailable));
  EXPECT_THAT(http().get("/users/" + user_id), AnswersWith(503, user_service_unavailable));
  EXPECT_THAT(http().get("/notifications/" + user_id), AnswersWith(503, notification_service_unavailable));
}

TEST_F(Gateway, TimesOutWhereTheUserServiceDoesNotAnswer) {
  fake_service silent{always(keep_silent{})};
  start_between(&silent, &silent, {{"CLIENT_TIMEOUT_MS", "150"}});
  EXPECT_THAT(http().post("/registration", person{}.json()), AnswersWith(504, user_service_too_slow));
  EXPECT_THAT(http().get("/users/" + user_id), AnswersWith(504, user_service_too_slow));
  EXPECT_THAT(http().get("/notifications/" + user_id), AnswersWith(504, notification_service_too_slow));
  EXPECT_EQ(silent.count("user.create"), 1U);
}

TEST_F(Gateway, DoesNotRepeatARegistrationWhoseConnectionBroke) {
  fake_service breaking{always(hang_up{})};
  start_between(&breaking, &breaking);
  EXPECT_THAT(http().post("/registration", person{}.json()), AnswersWith(503, user_service_unavailable));
  EXPECT_EQ(breaking.count("user.create"), 1U);
  EXPECT_THAT(http().get("/users/" + user_id), AnswersWith(503, user_service_unavailable));
  EXPECT_THAT(http().get("/notifications/" + user_id), AnswersWith(503, notification_service_unavailable));
}

TEST_F(Gateway, SendsOnlyWhatIsValid) {
  fake_service users{always(respond{user})};
  start_between(&users, nullptr);
  EXPECT_EQ(http().post("/registration", person{.firstName = ""}.json()).status, 400);
  EXPECT_EQ(http().post("/registration", R"({"x":1})").status, 400);
  EXPECT_EQ(users.count("user.create"), 0U);
}

TEST_F(Gateway, AsksTheUserServiceInNestJsFormat) {
  fake_service users{always(respond{user})};
  start_between(&users, nullptr);
  const person zoe{.firstName = "Zoë 😀", .email = "Zoe@example.com"};
  ASSERT_EQ(http().post("/registration", zoe.json(), {{"X-Request-Id", "r-1"}}).status, 201);
  const auto created = users.received("user.create");
  ASSERT_EQ(created.size(), 1U);
  EXPECT_THAT(created[0].text, StartsWith(R"({"pattern":"user.create","data":)" + zoe.json()));
  EXPECT_EQ(at(created[0].packet, "/metadata/requestId"), "r-1");
  EXPECT_TRUE(created[0].packet.at("id").is_string());

  ASSERT_EQ(http().get("/users/As-It-Was-Sent").status, 200);
  EXPECT_EQ(at(users.received("user.get").at(0).data(), "/id"), "As-It-Was-Sent");
}

TEST_F(Gateway, AnswersPendingWhereTheWelcomeIsNotThereYet) {
  fake_service users{always(respond{user})};
  fake_service none{always(refuse{std::string{notification_not_found}})};
  start_between(&users, &none);
  const http_response summary = http().post("/registration", person{}.json());
  EXPECT_EQ(summary.status, 201);
  EXPECT_THAT(summary.body, MatchesRegex(pending_summary));
  EXPECT_GE(none.count("notification.status"), 1U);
  EXPECT_EQ(boost::json::serialize(none.received("notification.status").front().data()),
            R"({"userId":")" + user_id + R"("})");
}

TEST_F(Gateway, AnswersPendingWhereTheNotificationServiceDoesNot) {
  fake_service users{always(respond{user})};
  start_between(&users, nullptr);  // down
  const http_response down = http().post("/registration", person{}.json());
  EXPECT_EQ(down.status, 201);
  EXPECT_THAT(down.body, MatchesRegex(pending_summary));

  for (const reaction& kind : {reaction{keep_silent{}}, reaction{hang_up{}}, reaction{refuse{R"("broken")"}},
                               reaction{respond{"42"}}, reaction{respond{"null"}}}) {
    fake_service notifications{always(kind)};
    start_between(&users, &notifications);
    const http_response summary = http().post("/registration", person{}.json());
    EXPECT_EQ(summary.status, 201);
    EXPECT_THAT(summary.body, MatchesRegex(pending_summary));
    system().gateway().kill();
  }
}

TEST_F(Gateway, PassesRefusalsOn) {
  for (const auto& [err, status] :
       std::vector<std::pair<std::string, int>>{{conflict_body("a@b.io"), 409},
                                                {user_not_found_body(user_id), 404},
                                                {bad_request_body(R"(["x should not be empty"])"), 400},
                                                {error_body(R"("Request Timeout")", "Request Timeout", 408), 408}}) {
    fake_service users{always(refuse{err})};
    start_between(&users, nullptr);
    EXPECT_THAT(http().post("/registration", person{}.json()), AnswersWith(status, err));
    system().gateway().kill();
  }
}

TEST_F(Gateway, AnswersInternalErrorsWithoutTheirCause) {
  for (const std::string err : {R"({"status":"error","message":"Internal server error"})", R"("ECONNREFUSED 10.0.0.1")",
                                R"({"code":42,"detail":"SELECT password"})", R"([1,2])"}) {
    fake_service users{always(refuse{err})};
    start_between(&users, nullptr);
    EXPECT_THAT(http().post("/registration", person{}.json()), AnswersWith(500, internal_error)) << err;
    EXPECT_THAT(http().get("/users/" + user_id), AnswersWith(500, internal_error)) << err;
    system().gateway().kill();
  }
}

TEST_F(Gateway, AnswersInternalErrorWhereTheAnswerMakesNoSense) {
  for (const std::string answer : {"42", "null", "{}", R"({"id":"no uuid"})", R"([])"}) {
    fake_service users{always(respond{answer})};
    start_between(&users, nullptr);
    EXPECT_THAT(http().get("/users/" + user_id), AnswersWith(500, internal_error)) << answer;
    system().gateway().kill();
  }
}

TEST_F(Gateway, FindsTheUserServiceOnceItIsThere) {
  start();
  EXPECT_EQ(http().get("/users/" + user_id).status, 503);
  {
    fake_service users{always(respond{user}), system().users().tcp_port()};
    // A call made while disconnected connects at once.
    EXPECT_THAT(http().get("/users/" + user_id), AnswersWith(200, user));
  }
  EXPECT_EQ(http().get("/users/" + user_id).status, 503);
  fake_service again{always(respond{user}), system().users().tcp_port()};
  EXPECT_THAT(http().get("/users/" + user_id), AnswersWith(200, user));
}

/// A neighbour that answers when it is told to.
class gate {
 public:
  void open() {
    const std::scoped_lock lock{mutex_};
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, support::patience, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

TEST_F(Gateway, AnswersOthersWhileOneWaits) {
  gate held;
  fake_service users{[&](const nest_packet& packet) -> reaction {
    if (packet.pattern() == "user.get") held.pass();
    return respond{user};
  }};
  start_between(&users, nullptr, {{"IO_THREADS", "1"}});
  http_response slow;
  std::thread caller{[&] { slow = http().get("/users/" + user_id); }};
  const bool waiting = eventually([&] { return users.count("user.get") == 1; });
  EXPECT_TRUE(waiting);
  EXPECT_EQ(http().get("/health/live").status, 200);
  EXPECT_EQ(http().get("/nothing").status, 404);
  held.open();
  caller.join();
  EXPECT_THAT(slow, AnswersWith(200, user));
}

TEST_F(Gateway, DrainsWhatIsUnderWayOnSigterm) {
  for (const int signal : {SIGTERM, SIGINT}) {
    gate held;
    fake_service users{[&](const nest_packet&) -> reaction {
      held.pass();
      return respond{user};
    }};
    start_between(&users, nullptr);
    http_response answer;
    std::thread caller{[&] { answer = http().get("/users/" + user_id); }};
    EXPECT_TRUE(eventually([&] { return users.count("user.get") == 1; }));
    system().gateway().process().signal(signal);
    // It has heard the signal: new callers are turned away.
    EXPECT_TRUE(eventually([&] {
      try {
        return http().get("/health/live").status == 503;
      } catch (const std::system_error&) {
        return true;
      }
    }));
    EXPECT_TRUE(system().gateway().process().is_running());
    held.open();
    caller.join();
    EXPECT_THAT(answer, AnswersWith(200, user));
    EXPECT_EQ(system().gateway().process().wait(), (process_end{.status = 0, .signal = {}}));
  }
}

TEST_F(Gateway, CutsWhatTakesLongerThanTheGracePeriod) {
  fake_service silent{always(keep_silent{})};
  start_between(&silent, nullptr,
                {{"SHUTDOWN_GRACE_MS", "200"}, {"CLIENT_TIMEOUT_MS", "60000"}, {"REQUEST_TIMEOUT_MS", "60000"}});
  std::thread caller{[&] {
    try {
      EXPECT_NE(http().get("/users/" + user_id).status, 200);
    } catch (const std::system_error&) {
      // closed without an answer
    }
  }};
  EXPECT_TRUE(eventually([&] { return silent.count("user.get") == 1; }));
  EXPECT_EQ(system().gateway().stop(), (process_end{.status = 0, .signal = {}}));
  system().gateway().kill();
  caller.join();
}

TEST_F(Gateway, StopsAtOnceOnASecondSignal) {
  fake_service silent{always(keep_silent{})};
  start_between(&silent, nullptr,
                {{"SHUTDOWN_GRACE_MS", "600000"}, {"CLIENT_TIMEOUT_MS", "600000"}, {"REQUEST_TIMEOUT_MS", "600000"}});
  std::thread caller{[&] {
    try {
      http().get("/users/" + user_id, {}, milliseconds{600'000});
    } catch (const std::system_error&) {
      // closed without an answer
    }
  }};
  EXPECT_TRUE(eventually([&] { return silent.count("user.get") == 1; }));
  system().gateway().process().signal(SIGTERM);
  EXPECT_TRUE(eventually([&] {
    try {
      return http().get("/health/live").status == 503;
    } catch (const std::system_error&) {
      return true;
    }
  }));
  EXPECT_TRUE(system().gateway().process().is_running());
  system().gateway().process().signal(SIGTERM);
  EXPECT_TRUE(system().gateway().process().wait().has_value());
  system().gateway().kill();
  caller.join();
}

TEST_F(Gateway, TimesOutByTheInterceptorToo) {
  fake_service silent{always(keep_silent{})};
  start_between(&silent, nullptr, {{"REQUEST_TIMEOUT_MS", "150"}, {"CLIENT_TIMEOUT_MS", "60000"}});
  const http_response answer = http().get("/users/" + user_id);
  // Whichever limit is told: the interceptor's own, or the call's that ends with it.
  EXPECT_TRUE(answer.status == 408 || answer.status == 504) << answer.body;
  if (answer.status == 408) EXPECT_EQ(answer.body, error_body(R"("Request Timeout")", "Request Timeout", 408));
  if (answer.status == 504) EXPECT_EQ(answer.body, user_service_too_slow);
}

}  // namespace
}  // namespace integration
