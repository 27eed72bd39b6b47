#include <nestcpp/core/config.hpp>

#include "core/dotenv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include <unistd.h>

namespace {

using namespace nestcpp;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

config_source source(std::map<std::string, std::string, std::less<>> values) {
  return config_source{std::move(values)};
}

std::vector<std::string> problems_of(const config_reader& read) {
  try {
    read.finish();
  } catch (const config_error& error) {
    return error.problems();
  }
  return {};
}

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text)
      : path_{std::filesystem::temp_directory_path() /
              ("nestcpp-config-" + std::to_string(::getpid()) + "-" + std::to_string(count_++))} {
    std::ofstream{path_, std::ios::binary} << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  static inline int count_ = 0;
  std::filesystem::path path_;
};

TEST(Dotenv, ReadsAssignments) {
  const auto read = detail::parse_dotenv(
      "\xEF\xBB\xBF# comment\n"
      "A=1\n"
      "\n"
      "  export B = two words  # comment\r\n"
      "C=\n"
      "D= # only a comment\n"
      "E=a#b\n"
      "F=#f\n"
      "export=x\n"
      "a.b-c=d=e\n"
      "LAST=z");
  EXPECT_THAT(read.problems, testing::IsEmpty());
  EXPECT_THAT(read.values,
              ElementsAre(Pair("A", "1"), Pair("B", "two words"), Pair("C", ""), Pair("D", ""), Pair("E", "a#b"),
                          Pair("F", "#f"), Pair("export", "x"), Pair("a.b-c", "d=e"), Pair("LAST", "z")));
}

TEST(Dotenv, ReadsQuotes) {
  const auto read = detail::parse_dotenv(
      "A='it # is \\n $X \"so\"'\n"
      "B=\"tab\\t nl\\n q\\\" b\\\\ d\\$ other\\q\"   # comment\n"
      "C=`a'b\"c`\r\n"
      "D=\"one\r\ntwo\"\n"
      "E=\"\"\n"
      "F=say \"hi\"\n"
      "BAD no\n");
  EXPECT_THAT(read.values,
              ElementsAre(Pair("A", "it # is \\n $X \"so\""), Pair("B", "tab\t nl\n q\" b\\ d$ other\\q"),
                          Pair("C", "a'b\"c"), Pair("D", "one\ntwo"), Pair("E", ""), Pair("F", "say \"hi\"")));
  EXPECT_THAT(read.problems, ElementsAre("line 8: NAME=value, a comment or an empty line is accepted"));
}

TEST(Dotenv, NamesTheLinesThatAreWrongAndReadsTheOthers) {
  const auto read = detail::parse_dotenv("just text\nA=1\n=x\n1A=x\nQ=\"hunter2\nB=2\nC='x' y\nexport\n");
  EXPECT_THAT(read.values, ElementsAre(Pair("A", "1"), Pair("B", "2")));
  ASSERT_EQ(read.problems.size(), 6U);
  EXPECT_THAT(read.problems[0], HasSubstr("line 1: NAME=value"));
  EXPECT_THAT(read.problems[1], HasSubstr("line 3"));
  EXPECT_THAT(read.problems[2], HasSubstr("line 4"));
  EXPECT_EQ(read.problems[3], "line 5: the quote is not closed");
  EXPECT_THAT(read.problems[4], HasSubstr("line 7"));
  EXPECT_THAT(read.problems[5], HasSubstr("line 8"));
}

TEST(ConfigSource, TheProcessOverridesFilesAndTheFirstFileWins) {
  ::setenv("NESTCPP_TEST_A", "process", 1);
  ::setenv("NESTCPP_TEST_EMPTY", "", 1);
  const TemporaryFile first{"NESTCPP_TEST_A=file\nNESTCPP_TEST_EMPTY=file\nB=first\nB=again\n"};
  const TemporaryFile second{"B=second\nC=second\n"};
  auto env = config_source::from_process();
  env.add_file(first.path());
  env.add_file(second.path());
  EXPECT_EQ(env.find("NESTCPP_TEST_A"), "process");
  EXPECT_EQ(env.find("NESTCPP_TEST_EMPTY"), std::nullopt);
  EXPECT_EQ(env.find("B"), "again");
  EXPECT_EQ(env.find("C"), "second");
  EXPECT_TRUE(env.problems().empty());
  ::unsetenv("NESTCPP_TEST_A");
  ::unsetenv("NESTCPP_TEST_EMPTY");
}

TEST(ConfigSource, OnlyADefaultFileMayBeMissing) {
  config_source env;
  env.add_default_file("/nonexistent/.env");
  EXPECT_TRUE(env.problems().empty());
  env.add_file("/nonexistent/.env");
  env.add_file(std::filesystem::temp_directory_path());
  env.add_default_file(std::filesystem::temp_directory_path());
  EXPECT_THAT(env.problems(),
              ElementsAre("/nonexistent/.env: the file cannot be read: No such file or directory",
                          HasSubstr("cannot be read: Is a directory"), HasSubstr("cannot be read: Is a directory")));
}

class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_{std::filesystem::temp_directory_path() / ("nestcpp-config-folder-" + std::to_string(::getpid()))} {
    std::filesystem::create_directory(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream{path_ / name, std::ios::binary} << text;
  }

 private:
  std::filesystem::path path_;
};

TEST(ConfigSource, DefaultFilesGoFromTheMostSpecialToTheLeast) {
  const TemporaryFolder folder;
  folder.write(".env.production.local", "A=1\n");
  folder.write(".env.local", "A=2\nB=2\n");
  folder.write(".env.production", "A=3\nB=3\nC=3\n");
  folder.write(".env", "A=4\nB=4\nC=4\nD=4\n");
  folder.write(".env.test", "A=5\nD=5\n");
  config_source env;
  env.add_default_files("production", folder.path());
  EXPECT_EQ(env.find("A"), "1");
  EXPECT_EQ(env.find("B"), "2");
  EXPECT_EQ(env.find("C"), "3");
  EXPECT_EQ(env.find("D"), "4");
  config_source plain;
  plain.add_default_files("", folder.path());
  EXPECT_EQ(plain.find("A"), "2");
  EXPECT_EQ(plain.find("C"), "4");
  EXPECT_TRUE(env.problems().empty());
}

TEST(ConfigSource, VariablesInFilesAreExpandedOnDemand) {
  const TemporaryFile first{
      "URL=postgres://${USER}:${PASS:-none}@${HOST}/db\n"
      "HOST=${NAME}.internal\n"
      "QUOTED=\"${NAME} \\${NAME} $NAME ${\"\n"
      "BARE=\\${NAME}\n"
      "SINGLE='${NAME}'\n"
      "EMPTY=${NOBODY}\n"};
  const TemporaryFile second{"NAME=db\nHOST=hidden\n"};
  auto env = source({{"USER", "${NAME}"}, {"PASS", ""}});
  env.add_file(first.path());
  env.add_file(second.path());
  EXPECT_EQ(env.find("HOST"), "${NAME}.internal");
  env.expand_variables();
  EXPECT_EQ(env.find("HOST"), "db.internal");
  EXPECT_EQ(env.find("URL"), "postgres://${NAME}:none@db.internal/db") << "the process's own values stay";
  EXPECT_EQ(env.find("QUOTED"), "db ${NAME} $NAME ${");
  EXPECT_EQ(env.find("BARE"), "${NAME}");
  EXPECT_EQ(env.find("SINGLE"), "${NAME}");
  EXPECT_EQ(env.find("EMPTY"), std::nullopt);
  EXPECT_TRUE(env.problems().empty());
}

TEST(ConfigSource, FallbacksAreExpandedToo) {
  const TemporaryFile file{
      "A=\"${NOPE:-cost \\$5}\"\n"
      "B=${X:-${Y}}z\n"
      "C=${NOPE:-${Y}-${NEITHER:-${X}}}z\n"
      "D=${NOPE:-${Y}\n"
      "X=x\nY=y\n"};
  config_source env;
  env.add_file(file.path());
  env.expand_variables();
  EXPECT_EQ(env.find("A"), "cost $5");
  EXPECT_EQ(env.find("B"), "xz");
  EXPECT_EQ(env.find("C"), "y-xz");
  EXPECT_EQ(env.find("D"), "${NOPE:-y");
}

TEST(ConfigSource, VariablesThatReferToEachOtherAreAProblem) {
  const TemporaryFile file{"A=${B}\nB=${C}x\nC=${A}\nD=ok${B}\n"};
  config_source env;
  env.add_file(file.path());
  env.expand_variables();
  EXPECT_THAT(env.problems(), ElementsAre("A refers to itself: A -> B -> C -> A"));
  EXPECT_EQ(env.find("D"), "okx");
}

TEST(ConfigSource, SecretsMayComeFromFiles) {
  const TemporaryFile file{"hunter2\r\n"};
  const TemporaryFile lines{"a\nb\n\n"};
  const TemporaryFile empty{"\n"};
  const auto env = source({{"A_FILE", file.path().string()},
                           {"B", "b"},
                           {"C", "c"},
                           {"C_FILE", file.path().string()},
                           {"D_FILE", "/nonexistent/d"},
                           {"E_FILE", lines.path().string()},
                           {"F_FILE", empty.path().string()}});
  std::vector<std::string> problems;
  EXPECT_EQ(env.find_or_read("A", problems), "hunter2");
  EXPECT_EQ(env.find_or_read("B", problems), "b");
  EXPECT_EQ(env.find_or_read("E", problems), "a\nb\n");
  EXPECT_EQ(env.find_or_read("F", problems), std::nullopt);
  EXPECT_EQ(env.find_or_read("NOBODY", problems), std::nullopt);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(env.find_or_read("C", problems), std::nullopt);
  EXPECT_EQ(env.find_or_read("D", problems), std::nullopt);
  EXPECT_THAT(problems, ElementsAre("C and C_FILE are both set: one of the two is accepted",
                                    "D_FILE=\"/nonexistent/d\": the file cannot be read: No such file or directory"));
}

TEST(ConfigReader, PasswordsInUrlsAreNotShown) {
  const std::vector<std::pair<std::string, std::string>> shown{
      {"postgres://joe:hunter2@db:5432/x", "postgres://joe:***@db:5432/x"},
      {"http://db:80/a@b", "http://db:80/a@b"},
      {"http://db:80", "http://db:80"},
      {"u:p@h", "u:p@h"},
      {"postgres://joe:hun/ter#2?@db/x", "postgres://joe:***@db/x"},
      {"amqp://u:one@h1,amqp://u:two@h2", "amqp://u:***@h1,amqp://u:***@h2"},
      {"postgres://h/db?user=u&password=pw&ssl=1", "postgres://h/db?user=u&password=***&ssl=1"}};
  for (const auto& [value, expected] : shown) {
    const auto env = source({{"A", value}});
    config_reader read{env};
    (void)read.port("A", 1);
    EXPECT_THAT(problems_of(read)[0], testing::StartsWith("A=\"" + expected + "\": "));
  }
}

TEST(ConfigReader, ReadsEachType) {
  enum class adapter { httplib, beast };
  const auto env = source({{"PORT", "0"},
                           {"COUNT", "-3"},
                           {"WAIT", "1500"},
                           {"ON", "Yes"},
                           {"OFF", "0"},
                           {"KIND", "postgres"},
                           {"ADAPTER", "beast"},
                           {"NAME", " as it is "},
                           {"EMPTY", ""}});
  config_reader read{env};
  EXPECT_EQ(read.port("PORT", 4000), 0);
  EXPECT_EQ(read.integer("COUNT", 1), -3);
  EXPECT_EQ(read.milliseconds("WAIT", 5s), 1500ms);
  EXPECT_TRUE(read.boolean("ON", false));
  EXPECT_FALSE(read.boolean("OFF", true));
  EXPECT_EQ(read.one_of("KIND", {"sqlite", "postgres"}, "sqlite"), "postgres");
  EXPECT_EQ(read.one_of("ADAPTER", {{"httplib", adapter::httplib}, {"beast", adapter::beast}}, adapter::httplib),
            adapter::beast);
  EXPECT_EQ(read.text("NAME", ""), " as it is ");
  EXPECT_EQ(read.optional_text("NAME"), " as it is ");
  EXPECT_EQ(read.required_text("NAME"), " as it is ");
  const auto size_of = [](std::string_view text) { return std::optional{text.size()}; };
  EXPECT_EQ(read.parsed("NAME", std::size_t{0}, size_of, "any text"), 10U);
  EXPECT_FALSE(read.is_set("EMPTY"));
  EXPECT_NO_THROW(read.finish());
}

TEST(ConfigReader, RefusesWhatCannotBeParsedAlsoWhereThereMayBeNoValue) {
  const auto env = source({{"NAME", "x"}});
  config_reader read{env};
  const auto none = [](std::string_view) { return std::optional<int>{}; };
  EXPECT_EQ(read.parsed<std::optional<int>>("NAME", std::nullopt, none, "nothing"), std::nullopt);
  EXPECT_THAT(problems_of(read), ElementsAre("NAME=\"x\": nothing is accepted"));
}

TEST(ConfigReader, WhatIsEmptyOrMissingGetsTheDefault) {
  const auto env = source({{"EMPTY", ""}});
  config_reader read{env};
  for (const char* name : {"EMPTY", "MISSING"}) {
    EXPECT_EQ(read.port(name, 4000), 4000);
    EXPECT_EQ(read.integer(name, std::uint64_t{7}, {.min = 1, .max = 9}), 7U);
    EXPECT_EQ(read.milliseconds(name, 5s), 5s);
    EXPECT_TRUE(read.boolean(name, true));
    EXPECT_EQ(read.one_of(name, {"a"}, "a"), "a");
    EXPECT_EQ(read.text(name, "x"), "x");
    EXPECT_EQ(read.optional_text(name), std::nullopt);
  }
  EXPECT_NO_THROW(read.finish());
}

TEST(ConfigReader, NumbersAreDigitsWithinTheirLimits) {
  for (const char* bad :
       {"70000", "65536", "-1", " 80", "80 ", "+80", "8o", "0x50", "80.0", "1e3", "99999999999999999999"}) {
    const auto env = source({{"P", bad}});
    config_reader read{env};
    EXPECT_EQ(read.port("P", 1), 1);
    EXPECT_THAT(problems_of(read),
                ElementsAre("P=\"" + std::string{bad} + "\": a whole number from 0 to 65535 is accepted"));
  }
  const auto env =
      source({{"MIN", "1"}, {"MAX", "1000"}, {"LOW", "0"}, {"HIGH", "1001"}, {"BIG", "9223372036854775807"}});
  config_reader read{env};
  EXPECT_EQ(read.integer("MIN", 10, {.min = 1, .max = 1000}), 1);
  EXPECT_EQ(read.integer("MAX", 10, {.min = 1, .max = 1000}), 1000);
  EXPECT_EQ(read.integer("BIG", std::uint64_t{0}), 9223372036854775807U);
  EXPECT_TRUE(problems_of(read).empty());
  EXPECT_EQ(read.integer("LOW", 10, {.min = 1, .max = 1000}), 10);
  EXPECT_EQ(read.integer("HIGH", 10, {.min = 1, .max = 1000}), 10);
  EXPECT_EQ(problems_of(read).size(), 2U);
}

TEST(ConfigReader, ReportsEverythingAtOnce) {
  const TemporaryFile file{"broken line\nDB_TYPE=oracle\n"};
  auto env = source({{"HTTP_PORT", "70000"}, {"DEBUG", "maybe"}, {"WAIT_MS", "soon"}});
  env.add_file(file.path());
  config_reader read{env};
  (void)read.port("HTTP_PORT", 1);
  (void)read.one_of("DB_TYPE", {"sqlite", "postgres", "none"}, "sqlite");
  (void)read.boolean("DEBUG", false);
  (void)read.milliseconds("WAIT_MS", 1s, {.min = 1ms, .max = 60s});
  (void)read.required_text("API_URL");
  try {
    read.finish();
    FAIL();
  } catch (const startup_error& error) {
    EXPECT_EQ(std::string{error.what()},
              "The configuration cannot be used:\n"
              "  " +
                  file.path().string() +
                  ": line 1: NAME=value, a comment or an empty line is accepted\n"
                  "  HTTP_PORT=\"70000\": a whole number from 0 to 65535 is accepted\n"
                  "  DB_TYPE=\"oracle\": \"sqlite\", \"postgres\" or \"none\" is accepted\n"
                  "  DEBUG=\"maybe\": true or false (also 1, 0, yes, no, on, off) is accepted\n"
                  "  WAIT_MS=\"soon\": a whole number of milliseconds from 1 to 60000 is accepted\n"
                  "  API_URL is not set: a value is needed");
  }
}

TEST(ConfigReader, SecretsAreNotShown) {
  const auto env = source({{"DB_PASSWORD", "hunter2"}, {"api_Token", "hunter2"}, {"PASSWORD_HASH_KIB", "abc"}});
  config_reader read{env};
  read.refuse("DB_PASSWORD", "a longer text");
  (void)read.one_of("api_Token", {"a"}, "a");
  (void)read.integer("PASSWORD_HASH_KIB", 65536, {.min = 8});
  EXPECT_THAT(problems_of(read),
              ElementsAre("DB_PASSWORD=***: a longer text is accepted", "api_Token=***: \"a\" is accepted",
                          "PASSWORD_HASH_KIB=\"abc\": a whole number from 8 to 2147483647 is accepted"));
}

TEST(ConfigReader, ValuesAreShownOnOneLine) {
  const auto env = source({{"A", "x\ny\x1b[2J"}, {"B", std::string(1000, 'b')}});
  config_reader read{env};
  (void)read.port("A", 1);
  (void)read.port("B", 1);
  const auto problems = problems_of(read);
  EXPECT_THAT(problems[0], testing::StartsWith("A=\"x\\x0ay\\x1b[2J\": a whole"));
  EXPECT_LT(problems[1].size(), 200U);
}

}  // namespace
