// The services as programs: options, environment, ports, signals.
#include "integration/fixture.hpp"

#include <nestcpp/core/version.hpp>

#include <boost/json/parse.hpp>

#include <fstream>
#include <sstream>

#include <sys/resource.h>

namespace integration {
namespace {

using support::process_options;
using support::service_process;

const process_end exit_0{.status = 0, .signal = {}};
const process_end exit_1{.status = 1, .signal = {}};

class Process : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] const std::string& name() const { return GetParam(); }
  [[nodiscard]] bool has_tcp() const { return name() != "gateway"; }
  [[nodiscard]] std::size_t listeners() const { return has_tcp() ? 2 : 1; }
  [[nodiscard]] process_options options(environment variables = {}, std::vector<std::string> arguments = {}) const {
    return {.executable = executable_of(name()),
            .arguments = std::move(arguments),
            .variables = std::move(variables),
            .working_directory = directory_.path()};
  }
  [[nodiscard]] process_options on_free_ports(environment variables = {}) const {
    variables.merge(environment{{"HTTP_PORT", "0"}, {"TCP_PORT", "0"}});
    return options(std::move(variables));
  }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  support::temporary_directory directory_;
};
INSTANTIATE_TEST_SUITE_P(Of, Process, testing::Values("user_service", "notification_service", "gateway"),
                         [](const auto& info) { return info.param; });

TEST_P(Process, TellsItsHelpAndVersion) {
  service_process help{options({}, {"--help"})};
  EXPECT_EQ(help.wait(), exit_0);
  for (const std::string word : {"--help", "--version", "--env-file"}) {
    EXPECT_THAT(help.standard_output(), HasSubstr(word));
  }
  service_process version{options({}, {"--version"})};
  EXPECT_EQ(version.wait(), exit_0);
  EXPECT_THAT(version.standard_output(), HasSubstr(nestcpp::version));
}

TEST_P(Process, RefusesUnknownOptions) {
  service_process process{options({}, {"--colour"})};
  const auto end = process.wait();
  ASSERT_TRUE(end);
  EXPECT_NE(end->status.value_or(0), 0);
  EXPECT_THAT(process.standard_error(), HasSubstr("--colour"));
}

TEST_P(Process, MigratesByCommand) {
  if (!has_tcp()) {
    service_process gateway{options({}, {"migrate"})};
    EXPECT_EQ(gateway.wait(), (process_end{.status = 2, .signal = {}}));
    return;
  }
  const auto ask = [&](std::vector<std::string> words, int status = 0) {
    service_process process{options({{"LOG_LEVEL", "off"}}, std::move(words))};
    EXPECT_EQ(process.wait(), (process_end{.status = status, .signal = {}})) << process.transcript();
    return process.standard_output() + process.standard_error();
  };
  EXPECT_THAT(ask({"migrate", "up", "--dry-run"}), HasSubstr("CREATE TABLE"));
  EXPECT_THAT(ask({"migrate", "status"}), AllOf(HasSubstr("pending"), Not(HasSubstr("applied"))));
  EXPECT_THAT(ask({"migrate"}), StartsWith("applied "));
  EXPECT_THAT(ask({"migrate", "status"}), AllOf(HasSubstr("applied at"), Not(HasSubstr("pending"))));
  EXPECT_EQ(ask({"migrate", "up"}), "applied 0\n");
  EXPECT_EQ(ask({"migrate", "down"}), "undid 1\n");
  EXPECT_THAT(ask({"migrate", "status"}), HasSubstr("pending"));
  EXPECT_THAT(ask({"migrate", "down", "0"}), StartsWith("undid "));
  EXPECT_THAT(ask({"migrate", "status"}), Not(HasSubstr("applied")));
  EXPECT_THAT(ask({"migrate", "sideways"}, 2), HasSubstr("unknown command \"migrate sideways\""));
  service_process serving{on_free_ports()};  // a start applies them as well
  serving.await_listeners(listeners());
  EXPECT_THAT(ask({"migrate", "status"}), Not(HasSubstr("pending")));
}

TEST_P(Process, RunsWithoutAnyEnvironment) {
  if (!support::can_isolate_network())
    GTEST_SKIP() << "no right to make a network of its own, in which all ports are free";
  process_options bare = options();
  bare.own_network = true;
  service_process process{bare};
  process.await_listeners(listeners());
  const std::map<std::string, std::vector<std::string>> expected{
      {"user_service", {"listening http 127.0.0.1:4000", "listening tcp 127.0.0.1:4001"}},
      {"notification_service", {"listening http 127.0.0.1:4002", "listening tcp 127.0.0.1:4003"}},
      {"gateway", {"listening http 127.0.0.1:4004"}}};
  EXPECT_THAT(process.listening_lines(), testing::UnorderedElementsAreArray(expected.at(name())));
  EXPECT_EQ(std::filesystem::exists(directory() / "data" / (name() + ".sqlite3")), has_tcp());
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), exit_0);
}

TEST_P(Process, SaysWhereItListensWhateverTheLogLevel) {
  service_process process{on_free_ports({{"LOG_LEVEL", "off"}})};
  process.await_listeners(listeners());
  EXPECT_EQ(support::http_client{process.port("http")}.get("/health/live").status, 200);
  EXPECT_GT(process.port("http"), 0);
  EXPECT_THAT(process.listening_lines()[0], MatchesRegex("listening (http|tcp) 127\\.0\\.0\\.1:[0-9]+"));
  if (has_tcp()) EXPECT_NE(process.port("tcp"), process.port("http"));
  process.signal(SIGINT);
  EXPECT_EQ(process.wait(), exit_0);
}

TEST_P(Process, ListensOnTheHostThatIsNamed) {
  service_process process{on_free_ports({{"HOST", "127.0.0.2"}})};
  process.await_listeners(listeners());
  for (const auto& line : process.listening_lines()) {
    EXPECT_THAT(line, MatchesRegex("listening (http|tcp) 127\\.0\\.0\\.2:[0-9]+"));
  }
}

TEST_P(Process, NamesEveryValueThatCannotBeUsed) {
  service_process process{options({{"HTTP_PORT", "70000"},
                                   {"TCP_PORT", "-1"},
                                   {"HTTP_ADAPTER", "netty"},
                                   {"DB_TYPE", "oracle"},
                                   {"DB_PORT", "x"},
                                   {"DB_POOL_SIZE", "abc"},
                                   {"DB_CONNECT_TIMEOUT_MS", "1s"},
                                   {"USER_SERVICE_PORT", "0x1"},
                                   {"NOTIFICATION_SERVICE_PORT", "65536"},
                                   {"CLIENT_TIMEOUT_MS", "-5"},
                                   {"REQUEST_TIMEOUT_MS", "1.5"},
                                   {"PASSWORD_HASH_KIB", "7"},
                                   {"PASSWORD_HASH_OPS", "0"},
                                   {"PASSWORD_HASH_CONCURRENCY", "0"},
                                   {"LOG_LEVEL", "loud"},
                                   {"LOG_FORMAT", "xml"},
                                   {"IO_THREADS", "0"},
                                   {"SHUTDOWN_GRACE_MS", "soon"}})};
  EXPECT_EQ(process.wait(), exit_1);
  const std::string message = process.standard_error();
  for (const std::string bad : {"HTTP_PORT",
                                "70000",
                                "TCP_PORT",
                                "-1",
                                "HTTP_ADAPTER",
                                "netty",
                                "httplib",
                                "DB_TYPE",
                                "oracle",
                                "sqlite",
                                "postgres",
                                "DB_PORT",
                                "DB_POOL_SIZE",
                                "abc",
                                "DB_CONNECT_TIMEOUT_MS",
                                "1s",
                                "USER_SERVICE_PORT",
                                "0x1",
                                "NOTIFICATION_SERVICE_PORT",
                                "65536",
                                "CLIENT_TIMEOUT_MS",
                                "-5",
                                "REQUEST_TIMEOUT_MS",
                                "1.5",
                                "PASSWORD_HASH_KIB",
                                "PASSWORD_HASH_OPS",
                                "PASSWORD_HASH_CONCURRENCY",
                                "LOG_LEVEL",
                                "loud",
                                "LOG_FORMAT",
                                "xml",
                                "IO_THREADS",
                                "SHUTDOWN_GRACE_MS",
                                "soon"}) {
    EXPECT_THAT(message, HasSubstr(bad));
  }
  EXPECT_TRUE(process.listening_lines().empty());
}

TEST_P(Process, ReadsADotEnvFile) {
  const support::port_lease from_file, from_process;
  support::write_file(directory() / ".env",
                      "HTTP_PORT=" + std::to_string(from_file.port()) + "\nTCP_PORT=0\nLOG_LEVEL=off\n");
  {
    service_process process{options()};
    process.await_listeners(listeners());
    EXPECT_EQ(process.port("http"), from_file.port());
  }
  service_process process{options({{"HTTP_PORT", std::to_string(from_process.port())}})};
  process.await_listeners(listeners());
  EXPECT_EQ(process.port("http"), from_process.port());
}

TEST_P(Process, ReadsTheEnvFileThatIsNamed) {
  const support::port_lease port;
  support::write_file(directory() / "my.env", "HTTP_PORT=" + std::to_string(port.port()) + "\nTCP_PORT=0\n");
  {
    service_process process{options({}, {"--env-file", "my.env"})};
    process.await_listeners(listeners());
    EXPECT_EQ(process.port("http"), port.port());
  }
  service_process missing{options({}, {"--env-file", "none.env"})};
  EXPECT_EQ(missing.wait(), exit_1);
  EXPECT_THAT(missing.standard_error(), HasSubstr("none.env"));

  support::write_file(directory() / "bad.env", "HTTP_PORT=70000\n");
  service_process bad{options({}, {"--env-file", "bad.env"})};
  EXPECT_EQ(bad.wait(), exit_1);
  EXPECT_THAT(bad.standard_error(), AllOf(HasSubstr("HTTP_PORT"), HasSubstr("70000")));
}

TEST_P(Process, NeverSharesAPort) {
  service_process first{on_free_ports()};
  first.await_listeners(listeners());
  for (const std::string kind : {"http", "tcp"}) {
    if (kind == "tcp" && !has_tcp()) continue;
    const std::string taken = std::to_string(first.port(kind));
    service_process second{
        on_free_ports({{kind == "http" ? "HTTP_PORT" : "TCP_PORT", taken}, {"DB_PATH", "second.sqlite3"}})};
    EXPECT_EQ(second.wait(), exit_1) << second.transcript();
    EXPECT_THAT(second.standard_error(), HasSubstr(taken));
  }
  EXPECT_EQ(support::http_client{first.port("http")}.get("/health/live").status, 200);
}

TEST_P(Process, StartsAgainOnItsPortsAtOnce) {
  const support::port_lease http, tcp;
  for (int i = 0; i < 5; ++i) {
    service_process process{
        options({{"HTTP_PORT", std::to_string(http.port())}, {"TCP_PORT", std::to_string(tcp.port())}})};
    process.await_listeners(listeners());
    EXPECT_EQ(support::http_client{http.port()}.get("/health/live").status, 200);
    if (i % 2 == 0) {
      process.signal(SIGTERM);
      EXPECT_EQ(process.wait(), exit_0);
    }
  }
}

TEST_P(Process, RaisesItsOpenFilesToTheHardLimit) {
  service_process process{on_free_ports()};
  process.await_listeners(listeners());
  std::istringstream limits{support::read_file("/proc/" + std::to_string(process.pid()) + "/limits")};
  for (std::string line; std::getline(limits, line);) {
    if (!line.starts_with("Max open files")) continue;
    std::istringstream words{line};
    std::string max, open, files, soft, hard;
    words >> max >> open >> files >> soft >> hard;
    EXPECT_EQ(soft, hard);
    return;
  }
  FAIL() << "no limit of open files";
}

TEST_P(Process, LogsJsonWhereItsOutputIsNoTerminal) {
  service_process process{on_free_ports()};
  process.await_listeners(listeners());
  support::http_client{process.port("http")}.get("/nothing", {{"X-Request-Id", "look-for-me"}});
  ASSERT_TRUE(eventually([&] {
    return (process.standard_output() + process.standard_error()).find("look-for-me") != std::string::npos;
  })) << process.transcript();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), exit_0);
  for (const auto& text : {process.standard_output(), process.standard_error()}) {
    for (const auto& line : support::lines_of(text)) {
      if (line.starts_with("listening ")) continue;
      boost::system::error_code error;
      const auto record = boost::json::parse(line, error);
      ASSERT_FALSE(error) << line;
      for (const std::string key : {"/level", "/timestamp", "/message"}) EXPECT_NE(at(record, key), "") << line;
    }
  }
}

TEST_P(Process, LogsPrettyWhereItIsAsked) {
  service_process process{on_free_ports({{"LOG_FORMAT", "pretty"}})};
  process.await_listeners(listeners());
  support::http_client{process.port("http")}.get("/nothing", {{"X-Request-Id", "look-for-me"}});
  EXPECT_TRUE(eventually([&] {
    return (process.standard_output() + process.standard_error()).find("look-for-me") != std::string::npos;
  })) << process.transcript();
  EXPECT_THAT(process.standard_output() + process.standard_error(), Not(HasSubstr("{\"level\"")));
}

class Limits : public services_test {};

TEST_F(Limits, AHandlerOverItsTimeIsAnsweredRequestTimeout) {
  make(backend::sqlite);
  system().users().variables()["REQUEST_TIMEOUT_MS"] = "50";
  system().users().variables()["PASSWORD_HASH_KIB"] = "131072";
  system().users().variables()["PASSWORD_HASH_OPS"] = "12";
  system().users().start();
  const std::string body = R"({"message":"Request Timeout","error":"Request Timeout","statusCode":408})";
  auto nest = system().users().nest();
  EXPECT_EQ(nest.request("user.create", person{}.json()).err(), body);
  EXPECT_THAT(system().users().http().post("/users", person{}.json()), AnswersWith(408, body));
}

TEST_F(Limits, HashesWaitForEachOtherAndNobodyElseDoes) {
  make(backend::sqlite);
  system().users().variables()["PASSWORD_HASH_KIB"] = "65536";
  system().users().variables()["PASSWORD_HASH_OPS"] = "2";
  system().users().variables()["PASSWORD_HASH_CONCURRENCY"] = "1";
  system().users().variables()["IO_THREADS"] = "1";
  system().users().start();
  auto nest = system().users().nest();
  constexpr int creations = 6;
  for (int i = 0; i < creations; ++i) {
    nest.send_packet(R"({"pattern":"user.create","data":)" + person{}.json() + R"(,"id":)" + std::to_string(i) + "}");
  }
  nest.send_packet(R"({"pattern":"user.get","data":{"id":"x"},"id":"quick"})");
  EXPECT_EQ(at(nest.receive().packet, "/id"), "quick");
  for (int i = 0; i < creations; ++i) EXPECT_FALSE(nest.receive().is_error());
}

TEST_F(Limits, MessagesAreLoggedByTheirOutcome) {
  make(backend::sqlite);
  system().users().variables()["LOG_LEVEL"] = "debug";
  system().users().variables()["LOG_FORMAT"] = "json";
  system().users().start();
  auto nest = system().users().nest();
  ASSERT_FALSE(nest.request("user.create", person{.email = "j@x.io"}.json()).is_error());
  ASSERT_TRUE(nest.request("user.create", person{.email = "j@x.io"}.json()).is_error());
  const auto has_line = [&](std::string_view level) {
    for (const auto& line : support::lines_of(system().users().process().standard_output() +
                                              system().users().process().standard_error())) {
      if (line.find("user.create") != std::string::npos &&
          line.find("\"level\":\"" + std::string{level} + "\"") != std::string::npos) {
        return true;
      }
    }
    return false;
  };
  EXPECT_TRUE(eventually([&] { return has_line("debug"); }));
  EXPECT_TRUE(eventually([&] { return has_line("warn"); }));
}

}  // namespace
}  // namespace integration
