#include "shared/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using variables = std::map<std::string, std::string, std::less<>>;

const ServiceDefaults user_service{.service = "user_service", .http_port = 4000, .tcp_port = 4001};

Settings read(const variables& environment) { return Settings::from(nest::config_source{environment}, user_service); }

std::vector<std::string> problems_of(const variables& environment) {
  try {
    read(environment);
    return {};
  } catch (const nest::config_error& error) {
    return error.problems();
  }
}

TEST(Settings, RunsWithoutAnyEnvironment) {
  const Settings settings = read({});
  EXPECT_EQ(settings.http().host, "127.0.0.1");
  EXPECT_EQ(settings.http().port, 4000);
  EXPECT_EQ(settings.tcp().host, "127.0.0.1");
  EXPECT_EQ(settings.tcp().port, 4001);
  EXPECT_EQ(settings.database.driver, nest::database_driver::sqlite);
  EXPECT_EQ(settings.database.path, "data/user_service.sqlite3");
  EXPECT_EQ(settings.database.pool_size, 10U);
  EXPECT_EQ(settings.database.connect_timeout, 30s);
  EXPECT_EQ(settings.client(settings.user_service).port, 4001);
  EXPECT_EQ(settings.client(settings.notification_service).port, 4003);
  EXPECT_EQ(settings.client(settings.notification_service).timeout, 5s);
  EXPECT_EQ(settings.timeout().limit, 10s);
  EXPECT_EQ(settings.password_hashing.kib, 65536U);
  EXPECT_EQ(settings.password_hashing.ops, 2U);
  EXPECT_GE(settings.password_hashing.concurrency, 1U);
  EXPECT_GE(settings.application().io_threads, 1U);
  EXPECT_EQ(settings.application().shutdown_grace, 10s);
}

TEST(Settings, AHostMakesItPostgres) {
  const Settings settings = read({{"DB_HOST", "db.internal"}});
  EXPECT_EQ(settings.database.driver, nest::database_driver::postgres);
  EXPECT_EQ(settings.database.host, "db.internal");
  EXPECT_EQ(settings.database.port, 5432);
  EXPECT_EQ(settings.database.username, "postgres");
  EXPECT_EQ(settings.database.name, "microservices_db");
  EXPECT_EQ(read({{"DB_HOST", "db.internal"}, {"DB_TYPE", "sqlite"}}).database.driver, nest::database_driver::sqlite);
}

TEST(Settings, NamesEveryBadVariableAtOnce) {
  EXPECT_THAT(problems_of({{"HTTP_PORT", "70000"},
                           {"DB_POOL_SIZE", "abc"},
                           {"DB_TYPE", "oracle"},
                           {"PASSWORD_HASH_KIB", "7"},
                           {"LOG_LEVEL", "loud"},
                           {"CLIENT_TIMEOUT_MS", "0"}}),
              testing::UnorderedElementsAre(HasSubstr("HTTP_PORT=\"70000\""), HasSubstr("DB_POOL_SIZE=\"abc\""),
                                            HasSubstr("DB_TYPE=\"oracle\""), HasSubstr("PASSWORD_HASH_KIB=\"7\""),
                                            HasSubstr("LOG_LEVEL=\"loud\""), HasSubstr("CLIENT_TIMEOUT_MS=\"0\"")));
}

TEST(Settings, RefusesAnAdapterThatIsNotThere) {
  EXPECT_THAT(problems_of({{"HTTP_ADAPTER", "beast"}}), ElementsAre());
  EXPECT_THAT(problems_of({{"HTTP_ADAPTER", "netty"}}),
              ElementsAre(testing::AllOf(HasSubstr("HTTP_ADAPTER=\"netty\""), HasSubstr("\"httplib\""),
                                         HasSubstr("\"beast\""))));
}

TEST(Settings, ZeroIsAPortToListenOnButNotToCall) {
  EXPECT_THAT(problems_of({{"HTTP_PORT", "0"}, {"TCP_PORT", "0"}}), ElementsAre());
  EXPECT_THAT(problems_of({{"USER_SERVICE_PORT", "0"}}), ElementsAre(HasSubstr("USER_SERVICE_PORT=\"0\"")));
}

}  // namespace
