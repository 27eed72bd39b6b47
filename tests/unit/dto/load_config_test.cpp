#include <nestcpp/dto/load_config.hpp>

#include <nestcpp/dto/dto.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using namespace nestcpp;
using namespace std::chrono_literals;
using testing::ElementsAre;
using variables = std::map<std::string, std::string, std::less<>>;

enum class Mode { dev, live };
NEST_ENUM(Mode, dev, live);

struct Endpoint {
  std::string host;
  int port = 0;
  bool operator==(const Endpoint&) const = default;
};

struct DatabaseConfig {
  std::string host = "127.0.0.1";
  std::uint16_t port = 5432;
  std::string user = "postgres";
  secret<std::string> password;
};
NEST_DTO(DatabaseConfig, NEST_FIELD(host), NEST_FIELD(port, min(1)), NEST_FIELD(user, env("USERNAME")),
         NEST_FIELD(password));

struct AppConfig {
  std::uint16_t httpPort = 4000;
  bool debug = false;
  double rate = 0.5;
  Mode mode = Mode::dev;
  std::chrono::milliseconds timeout{5000};
  std::chrono::seconds grace_ms{10};
  byte_size maxBody{1 << 20};
  std::vector<std::string> allowedOrigins;
  std::vector<int> shards;
  std::optional<std::string> region;
  std::optional<int> limit;
  log_level logLevel = log_level::info;
  DatabaseConfig db;
  DatabaseConfig replica;
};
NEST_DTO(AppConfig, NEST_FIELD(httpPort), NEST_FIELD(debug), NEST_FIELD(rate, min(0), max(1)), NEST_FIELD(mode),
         NEST_FIELD(timeout, env_min(1ms), env_max(1h)), NEST_FIELD(grace_ms), NEST_FIELD(maxBody),
         NEST_FIELD(allowedOrigins, env("ORIGINS"), each(min_length(2))), NEST_FIELD(shards), NEST_FIELD(region),
         NEST_FIELD(limit, max(10)), NEST_FIELD(logLevel), NEST_FIELD(db), NEST_FIELD(replica, env("DB_REPLICA")));

template <class T = AppConfig>
T read(const variables& environment, T defaults = {}) {
  return load_config<T>(config_source{environment}, std::move(defaults));
}

template <class T = AppConfig>
std::vector<std::string> problems_of(const variables& environment, T defaults = {}) {
  try {
    (void)read<T>(environment, std::move(defaults));
  } catch (const config_error& error) {
    return error.problems();
  }
  return {};
}

TEST(LoadConfig, TakesInitialisersWhereNothingIsSet) {
  const AppConfig config = read({});
  EXPECT_EQ(config.httpPort, 4000);
  EXPECT_EQ(config.timeout, 5s);
  EXPECT_EQ(config.region, std::nullopt);
  EXPECT_EQ(config.db.host, "127.0.0.1");
}

TEST(LoadConfig, ReadsEachTypeByTheNameOfItsField) {
  const AppConfig config = read({{"HTTP_PORT", "0"},
                                 {"DEBUG", "Yes"},
                                 {"RATE", "0.25"},
                                 {"MODE", "live"},
                                 {"TIMEOUT", "1m30s"},
                                 {"GRACE_MS", "2000"},
                                 {"MAX_BODY", "10MiB"},
                                 {"ORIGINS", "one, two ,three"},
                                 {"SHARDS", "1,2,3"},
                                 {"REGION", "eu"},
                                 {"LIMIT", "7"},
                                 {"LOG_LEVEL", "WARN"},
                                 {"DB_HOST", "db.internal"},
                                 {"DB_PORT", "6432"},
                                 {"DB_USERNAME", "joe"},
                                 {"DB_PASSWORD", "hunter2"},
                                 {"DB_REPLICA_HOST", "replica.internal"}});
  EXPECT_EQ(config.httpPort, 0);
  EXPECT_TRUE(config.debug);
  EXPECT_EQ(config.rate, 0.25);
  EXPECT_EQ(config.mode, Mode::live);
  EXPECT_EQ(config.timeout, 90s);
  EXPECT_EQ(config.grace_ms, 2s);
  EXPECT_EQ(config.maxBody, byte_size{10 << 20});
  EXPECT_THAT(config.allowedOrigins, ElementsAre("one", "two", "three"));
  EXPECT_THAT(config.shards, ElementsAre(1, 2, 3));
  EXPECT_EQ(config.region, "eu");
  EXPECT_EQ(config.limit, 7);
  EXPECT_EQ(config.logLevel, log_level::warn);
  EXPECT_EQ(config.db.host, "db.internal");
  EXPECT_EQ(config.db.port, 6432);
  EXPECT_EQ(config.db.user, "joe");
  EXPECT_EQ(config.db.password.reveal(), "hunter2");
  EXPECT_EQ(config.replica.host, "replica.internal");
  EXPECT_EQ(config.replica.port, 5432);
}

TEST(LoadConfig, NamesEverythingThatIsWrongAtOnce) {
  EXPECT_THAT(
      problems_of({{"HTTP_PORT", "70000"},
                   {"DEBUG", "maybe"},
                   {"RATE", "1.5"},
                   {"MODE", "test"},
                   {"TIMEOUT", "2h"},
                   {"GRACE_MS", "5s"},
                   {"MAX_BODY", "ten"},
                   {"ORIGINS", "a,bc"},
                   {"SHARDS", "1,,3"},
                   {"LIMIT", "11"},
                   {"LOG_LEVEL", "loud"},
                   {"DB_PORT", "0"}}),
      ElementsAre(
          "HTTP_PORT=\"70000\": a whole number from 0 to 65535 is accepted",
          "DEBUG=\"maybe\": true or false (also 1, 0, yes, no, on, off) is accepted",
          "RATE=\"1.5\": it must not be greater than 1", "MODE=\"test\": \"dev\" or \"live\" is accepted",
          "TIMEOUT=\"2h\": a duration such as 250ms, 5s or 2m (a number alone is milliseconds) from 1ms to 1h is "
          "accepted",
          "GRACE_MS=\"5s\": a whole number of milliseconds from 0 to 2147483000 is accepted",
          "MAX_BODY=\"ten\": a size such as 512KiB, 10MiB or 1GB (a number alone is bytes) is accepted",
          "ORIGINS=\"a,bc\": it must be longer than or equal to 2 characters",
          "SHARDS=\"1,,3\": a list with commas between, of each item a whole number from -2147483648 to "
          "2147483647 is accepted",
          "LIMIT=\"11\": a whole number from -2147483648 to 10 is accepted",
          "LOG_LEVEL=\"loud\": trace, debug, info, warn, error, fatal or off is accepted",
          "DB_PORT=\"0\": a whole number from 1 to 65535 is accepted"));
}

struct Account {
  std::string name{};
  secret<std::string> password{};
  std::string apiToken{};
  std::string nickname{};
  int age = 0;
  std::optional<std::string> mail{};
};
NEST_DTO(Account, NEST_FIELD(name, is_not_empty()), NEST_FIELD(password, min_length(8)),
         NEST_FIELD(apiToken, is_string(), min_length(4)), NEST_FIELD(nickname, is_optional(), min_length(2)),
         NEST_FIELD(age, is_defined(), min(18)), NEST_FIELD(mail, is_email()));

TEST(LoadConfig, DefaultsMustFitTheRulesToo) {
  EXPECT_THAT(problems_of<Account>({}),
              ElementsAre("NAME is not set: a value is needed",
                          "PASSWORD is not set: it must be longer than or equal to 8 characters",
                          "API_TOKEN is not set: it must be longer than or equal to 4 characters",
                          "AGE is not set: a value is needed"));
  EXPECT_THAT(problems_of<Account>({{"AGE", "20"}},
                                   Account{.name = "n", .password = "long enough", .apiToken = "0123", .age = 3}),
              testing::IsEmpty());
}

struct Workers {
  int count = 0;
};
NEST_DTO(Workers, NEST_FIELD(count, min(1), max(64)));

TEST(LoadConfig, ANumberThatIsNotSetIsToldItsLimits) {
  EXPECT_THAT(problems_of<Workers>({}), ElementsAre("COUNT is not set: a whole number from 1 to 64 is needed"));
}

TEST(LoadConfig, SecretsAreNotShown) {
  EXPECT_THAT(problems_of<Account>({{"NAME", "n"},
                                    {"PASSWORD", "hunter2"},
                                    {"API_TOKEN", "abc"},
                                    {"AGE", "17"},
                                    {"MAIL", "nobody"},
                                    {"NICKNAME", "x"}}),
              ElementsAre("PASSWORD=***: it must be longer than or equal to 8 characters",
                          "API_TOKEN=***: it must be longer than or equal to 4 characters",
                          "NICKNAME=\"x\": it must be longer than or equal to 2 characters",
                          "AGE=\"17\": a whole number from 18 to 2147483647 is accepted",
                          "MAIL=\"nobody\": it must be an email"));
}

TEST(LoadConfig, SecretsMayComeFromFiles) {
  const auto path = std::filesystem::temp_directory_path() / ("nestcpp-secret-" + std::to_string(::getpid()));
  std::ofstream{path} << "from a file\n";
  EXPECT_EQ(read({{"DB_PASSWORD_FILE", path.string()}}).db.password.reveal(), "from a file");
  EXPECT_THAT(problems_of({{"DB_PASSWORD_FILE", path.string()}, {"DB_PASSWORD", "x"}}),
              ElementsAre("DB_PASSWORD and DB_PASSWORD_FILE are both set: one of the two is accepted"));
  std::filesystem::remove(path);
}

TEST(LoadConfig, APrefixStandsBeforeAllNames) {
  const config_source source{variables{{"MAIL_HOST", "smtp"}, {"HOST", "other"}}};
  EXPECT_EQ(load_config<DatabaseConfig>(source, {}, "MAIL").host, "smtp");
}

TEST(LoadConfig, ALoaderReportsSeveralStructsAndWhatOnlyTheCallerKnows) {
  const config_source source{variables{{"COUNT", "0"}, {"PORT", "x"}, {"HOST", "h"}}};
  config_loader loader{source};
  (void)loader.load<Workers>();
  (void)loader.load<DatabaseConfig>();
  loader.refuse("HOST", "a host of ours");
  try {
    loader.finish();
    FAIL();
  } catch (const config_error& error) {
    EXPECT_THAT(error.problems(), ElementsAre("COUNT=\"0\": a whole number from 1 to 64 is accepted",
                                              "PORT=\"x\": a whole number from 1 to 65535 is accepted",
                                              "HOST=\"h\": a host of ours is accepted"));
  }
}

}  // namespace

template <>
struct nestcpp::config_codec<Endpoint> {
  static std::optional<Endpoint> parse(std::string_view text) {
    const std::size_t colon = text.find(':');
    int port = 0;
    if (colon == std::string_view::npos || !parse_text(text.substr(colon + 1), port)) return std::nullopt;
    return Endpoint{std::string{text.substr(0, colon)}, port};
  }
  static std::string accepted() { return "HOST:PORT"; }
  static std::string print(const Endpoint& value) { return value.host + ":" + std::to_string(value.port); }
};

namespace {

struct Peers {
  Endpoint first{"localhost", 1};
  std::vector<Endpoint> others;
};
NEST_DTO(Peers, NEST_FIELD(first), NEST_FIELD(others));

TEST(LoadConfig, TypesOfUsersHaveACodecOfTheirOwn) {
  const Peers peers = read<Peers>({{"FIRST", "a:1"}, {"OTHERS", "b:2,c:3"}});
  EXPECT_EQ(peers.first, (Endpoint{"a", 1}));
  EXPECT_THAT(peers.others, ElementsAre(Endpoint{"b", 2}, Endpoint{"c", 3}));
  EXPECT_THAT(problems_of<Peers>({{"FIRST", "a"}}), ElementsAre("FIRST=\"a\": HOST:PORT is accepted"));
}

TEST(DescribeConfig, ShowsAllButSecrets) {
  DatabaseConfig config;
  config.password = "hunter2";
  config.host = "postgres://joe:secret@db";
  EXPECT_EQ(describe_config(config, "DB"),
            "DB_HOST=postgres://joe:***@db\nDB_PORT=5432\nDB_USERNAME=postgres\nDB_PASSWORD=***\n");
  AppConfig app;
  app.allowedOrigins = {"a", "b"};
  const std::string text = describe_config(app);
  for (const char* line : {"HTTP_PORT=4000\n", "TIMEOUT=5s\n", "GRACE_MS=10000\n", "MAX_BODY=1MiB\n", "ORIGINS=a,b\n",
                           "REGION=\n", "LOG_LEVEL=info\n", "MODE=dev\n", "DB_REPLICA_PORT=5432\n", "DB_PASSWORD=\n"}) {
    EXPECT_THAT(text, testing::HasSubstr(line));
  }
}

TEST(DescribeConfig, MakesAHelpText) {
  EXPECT_EQ(format_config_help(config_variables(Account{.name = "n"})),
            "  NAME       n  any text, should not be empty\n"
            "  PASSWORD      any text, must be longer than or equal to 8 characters\n"
            "  API_TOKEN     any text, must be longer than or equal to 4 characters\n"
            "  NICKNAME      any text, must be longer than or equal to 2 characters\n"
            "  AGE        0  a whole number from 18 to 2147483647, should not be null or undefined\n"
            "  MAIL          any text, must be an email\n");
}

TEST(Durations, AreReadAndShownWithUnits) {
  using std::chrono::milliseconds;
  EXPECT_EQ(parse_duration<milliseconds>("250"), 250ms);
  EXPECT_EQ(parse_duration<milliseconds>("0"), 0ms);
  EXPECT_EQ(parse_duration<milliseconds>("5s"), 5s);
  EXPECT_EQ(parse_duration<milliseconds>("1h30m"), 90min);
  EXPECT_EQ(parse_duration<milliseconds>("2d"), 48h);
  EXPECT_EQ(parse_duration<std::chrono::microseconds>("7us"), 7us);
  for (const char* bad :
       {"", "s", "-5s", "+5s", "5 s", "5sec", "1.5s", "30m1h", "1h1h", "5s10", "7us", "999999999999d"}) {
    EXPECT_EQ(parse_duration<milliseconds>(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(parse_duration<std::chrono::seconds>("1500ms"), std::nullopt) << "no whole number of seconds";
  EXPECT_EQ(print_duration(1500ms), "1500ms");
  EXPECT_EQ(print_duration(90min), "90m");
  EXPECT_EQ(print_duration(0s), "0ms");
}

TEST(EnvNames, FollowTheWordsOfTheField) {
  EXPECT_EQ(detail::env_name("httpPort"), "HTTP_PORT");
  EXPECT_EQ(detail::env_name("http_port"), "HTTP_PORT");
  EXPECT_EQ(detail::env_name("userServiceURL"), "USER_SERVICE_URL");
  EXPECT_EQ(detail::env_name("URLPrefix"), "URL_PREFIX");
  EXPECT_EQ(detail::env_name("ipv4Only"), "IPV4_ONLY");
  EXPECT_EQ(detail::env_name("e-mail"), "E_MAIL");
}

struct Login {
  secret<std::string> password;
};
NEST_DTO(Login, NEST_FIELD(password, is_string(), min_length(3)));

TEST(Secrets, AreReadAndNeverWritten) {
  const auto login = from_json<Login>(R"({"password":"hunter2"})");
  EXPECT_EQ(login.password.reveal(), "hunter2");
  EXPECT_EQ(to_json(login), R"({"password":"***"})");
  EXPECT_EQ(fmt::format("{}", login.password), "***");
  std::ostringstream out;
  out << login.password;
  EXPECT_EQ(out.str(), "***");
  EXPECT_THROW((void)from_json<Login>(R"({"password":7})"), validation_exception);
  EXPECT_THROW((void)from_json<Login>(R"({"password":"ab"})"), validation_exception);
}

struct Lists {
  std::vector<std::string> names;
  std::vector<int> numbers;
};
NEST_DTO(Lists, NEST_FIELD(names, is_optional(), array_unique(), array_contains("a")),
         NEST_FIELD(numbers, is_optional(), array_unique(), array_not_contains(3)));

TEST(LoadConfig, RulesOnTheItemsOfAListSeeThem) {
  EXPECT_TRUE(problems_of<Lists>({{"NAMES", "a,b"}, {"NUMBERS", "1,2"}}).empty());
  EXPECT_EQ(problems_of<Lists>({{"NAMES", "a,a"}}).size(), 1U);
  EXPECT_EQ(problems_of<Lists>({{"NAMES", "b,c"}}).size(), 1U);
  EXPECT_EQ(problems_of<Lists>({{"NUMBERS", "1,1"}}).size(), 1U);
  EXPECT_EQ(problems_of<Lists>({{"NUMBERS", "1,3"}}).size(), 1U);
}

}  // namespace
