// What the services do when their database is away, slow, restarted or changed behind their back.
#include "integration/fixture.hpp"
#include "support/tcp_proxy.hpp"

namespace integration {
namespace {

const std::string some_id = "0192d3a0-1111-7222-8333-123456789abc";

class Database : public each_database {};
TEST_ON_EACH_DATABASE(Database);

TEST_P(Database, ThatRefusesIsAnInternalError) {
  make_and_start();
  system().database().query("user_service", "DROP TABLE users");
  const http_response direct = system().users().http().get("/users/" + some_id);
  EXPECT_THAT(direct, AnswersWith(500, internal_error));
  EXPECT_THAT(system().users().http().post("/users", person{}.json()), AnswersWith(500, internal_error));
  auto nest = system().users().nest();
  EXPECT_EQ(nest.request("user.get", R"({"id":")" + some_id + R"("})").err(),
            R"({"status":"error","message":"Internal server error"})");
  EXPECT_THAT(system().gateway().http().get("/users/" + some_id), AnswersWith(500, internal_error));
  EXPECT_THAT(system().gateway().http().post("/registration", person{}.json()), AnswersWith(500, internal_error));
  // The cause stands in the log.
  EXPECT_TRUE(eventually([&] { return system().users().transcript().find("users") != std::string::npos; }));
}

TEST_P(Database, IsSharedByProcessesThatStartAtOnce) {
  make();
  // Four of the same service, on one database whose tables none of them has made yet.
  std::vector<std::unique_ptr<service>> many;
  support::temporary_directory directory;
  for (int i = 0; i < 4; ++i) {
    environment variables = system().users().variables();
    variables.erase("HTTP_PORT");
    variables.erase("TCP_PORT");
    many.push_back(std::make_unique<service>("user_service", directory.path() / std::to_string(i), variables,
                                             service::listens::http_and_tcp));
  }
  for (auto& each : many) each->spawn();
  for (auto& each : many) each->await_ready();
  std::string id;
  for (auto& each : many) {
    const http_response created = each->http().post("/users", person{}.json());
    EXPECT_EQ(created.status, 201) << created.body;
    id = at(created, "/id");
  }
  for (auto& each : many) EXPECT_EQ(each->http().get("/users/" + id).status, 200);
}

TEST_P(Database, KeepsWhatWasStoredOverAStart) {
  make().users().start();
  const http_response created = system().users().http().post("/users", person{}.json());
  ASSERT_EQ(created.status, 201);
  EXPECT_EQ(system().users().stop(), (process_end{.status = 0, .signal = {}}));
  system().users().start();
  EXPECT_THAT(system().users().http().get("/users/" + at(created, "/id")), AnswersWith(200, created.body));
}

TEST_P(Database, HoldsTheTablesThatAreDocumented) {
  make_and_start();
  ASSERT_EQ(system().gateway().http().post("/registration", person{}.json()).status, 201);
  auto& database = system().database();
  ASSERT_TRUE(eventually(
      [&] { return database.count("notification_service", "SELECT count(*) FROM notification_inbox") == 1; }));
  EXPECT_EQ(database.count("user_service", "SELECT count(*) FROM users"), 1);
  EXPECT_NO_THROW(database.query("user_service", "SELECT * FROM user_outbox"));
  const auto rows = database.query("notification_service",
                                   "SELECT CAST(id AS text), CAST(user_id AS text), status FROM notifications");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_THAT(rows[0][0].value_or(""), MatchesRegex(uuid_shape));
  EXPECT_EQ(rows[0][1], database.value("user_service", "SELECT CAST(id AS text) FROM users"));
}

class Sqlite : public services_test {};

TEST_F(Sqlite, FileHoldsItsServicesTablesOnlyAndIdsAsText) {
  make(backend::sqlite).start();
  ASSERT_EQ(system().gateway().http().post("/registration", person{}.json()).status, 201);
  auto& database = system().database();
  ASSERT_TRUE(
      eventually([&] { return database.count("notification_service", "SELECT count(*) FROM notifications") == 1; }));
  EXPECT_EQ(database.value("user_service", "SELECT typeof(id) FROM users"), "text");
  EXPECT_EQ(database.value("notification_service", "SELECT typeof(user_id) FROM notifications"), "text");
  EXPECT_THROW(database.query("user_service", "SELECT * FROM notifications"), std::runtime_error);
  EXPECT_THROW(database.query("notification_service", "SELECT * FROM users"), std::runtime_error);
}

class Postgres : public services_test {
 protected:
  void SetUp() override {
    if (!support::given_postgres()) GTEST_SKIP() << "NESTCPP_TEST_PG does not name a PostgreSQL server to test on";
  }
};

TEST_F(Postgres, MayComeUpAfterTheService) {
  make(backend::postgres);
  support::tcp_proxy network{static_cast<std::uint16_t>(std::stoi(support::given_postgres()->port))};
  network.set(support::tcp_proxy::state::cut);
  auto& users = system().users();
  users.variables()["DB_HOST"] = "127.0.0.1";
  users.variables()["DB_PORT"] = std::to_string(network.port());
  users.spawn();
  // It says that it waits, and listens to nobody.
  EXPECT_TRUE(eventually([&] { return users.transcript().find(std::to_string(network.port())) != std::string::npos; }));
  EXPECT_TRUE(users.process().listening_lines().empty());
  network.set(support::tcp_proxy::state::open);
  users.await_ready();
  EXPECT_EQ(users.http().post("/users", person{}.json()).status, 201);
}

TEST_F(Postgres, ThatStaysAwayIsNamed) {
  make(backend::postgres);
  for (service* each : {&system().users(), &system().notifications()}) {
    each->variables()["DB_HOST"] = "127.0.0.1";
    each->variables()["DB_PORT"] = "1";
    each->variables()["DB_CONNECT_TIMEOUT_MS"] = "300";
    each->spawn();
    EXPECT_EQ(each->process().wait(), (process_end{.status = 1, .signal = {}}));
    EXPECT_THAT(each->process().standard_error(), AllOf(HasSubstr("127.0.0.1"), HasSubstr("port 1")))
        << each->transcript();
    EXPECT_TRUE(each->process().listening_lines().empty());
  }
}

TEST_F(Postgres, ThatIsCutOffIsFoundAgain) {
  make(backend::postgres);
  support::tcp_proxy network{static_cast<std::uint16_t>(std::stoi(support::given_postgres()->port))};
  for (service* each : {&system().users(), &system().notifications()}) {
    each->variables()["DB_HOST"] = "127.0.0.1";
    each->variables()["DB_PORT"] = std::to_string(network.port());
  }
  system().start();
  auto gateway = system().gateway().http();
  ASSERT_EQ(gateway.post("/registration", person{}.json()).status, 201);
  network.set(support::tcp_proxy::state::cut);
  EXPECT_THAT(gateway.post("/registration", person{}.json()), AnswersWith(500, internal_error));
  EXPECT_EQ(system().users().http().get("/health/ready").status, 503);
  EXPECT_EQ(system().users().http().get("/health/live").status, 200);
  network.set(support::tcp_proxy::state::open);
  EXPECT_TRUE(eventually([&] { return gateway.post("/registration", person{}.json()).status == 201; }));
  EXPECT_TRUE(eventually([&] { return system().users().http().get("/health/ready").status == 200; }));
}

TEST(PrivatePostgres, ThatIsKilledAndStartedAgainLosesAndDoublesNothing) {
  std::unique_ptr<support::private_postgres> server;
  try {
    server = std::make_unique<support::private_postgres>();
  } catch (const std::exception& error) {
    GTEST_SKIP() << error.what();
  }
  registration_system system{server->address(), {{"CLIENT_TIMEOUT_MS", "2000"}}};
  system.start();
  auto gateway = system.gateway().http();
  std::vector<std::string> ids;
  const auto register_one = [&] {
    const http_response answer = gateway.post("/registration", person{}.json());
    if (answer.status == 201) ids.push_back(at(answer, "/data/user/id"));
    return answer.status;
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(register_one(), 201);
  server->crash();
  EXPECT_NE(register_one(), 201);
  server->resume();
  EXPECT_TRUE(eventually([&] { return register_one() == 201; })) << system.transcript();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(register_one(), 201);

  auto& database = system.database();
  const long long users = database.count("user_service", "SELECT count(*) FROM users");
  EXPECT_GE(users, static_cast<long long>(ids.size()));
  EXPECT_TRUE(eventually([&] {
    return database.count("notification_service", "SELECT count(DISTINCT user_id) FROM notifications") == users;
  })) << system.transcript();
  EXPECT_EQ(database.count("notification_service", "SELECT count(*) FROM notifications"), users);
  for (const auto& id : ids) EXPECT_EQ(gateway.get("/users/" + id).status, 200) << id;
}

}  // namespace
}  // namespace integration
