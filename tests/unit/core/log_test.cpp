#include "core/log_capture.hpp"
#include "core/log_render.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include <unistd.h>

namespace {

using namespace nestcpp;
using testing::HasSubstr;

detail::log_event example() {
  return {.level = log_level::info,
          .at = timestamp::from_unix_ms(1795384475342),
          .pid = 42,
          .service = "user-service",
          .context = "UsersService",
          .message = "created",
          .request_id = "r-1"};
}

std::string json(const detail::log_event& event) {
  std::string out;
  detail::render_json(out, event);
  return out;
}
std::string pretty(const detail::log_event& event, bool colours = false) {
  std::string out;
  detail::render_pretty(out, event, colours);
  return out;
}

TEST(LogRender, PrettyFormLooksLikeNestJs) {
  EXPECT_EQ(pretty(example()),
            "[user-service] 42  - 2026-11-22T21:54:35.342Z     LOG [UsersService] created request=r-1\n");
  auto bare = example();
  bare.service = bare.context = bare.request_id = "";
  bare.level = log_level::fatal;
  EXPECT_EQ(pretty(bare), "42  - 2026-11-22T21:54:35.342Z   FATAL created\n");
  EXPECT_EQ(pretty(example(), true),
            "\x1b[32m[user-service] 42  - \x1b[0m2026-11-22T21:54:35.342Z \x1b[32m    LOG\x1b[0m "
            "\x1b[33m[UsersService]\x1b[0m \x1b[32mcreated\x1b[0m request=r-1\n");
}

TEST(LogRender, JsonFormHasItsKeysInOrderAndLeavesEmptyOnesOut) {
  EXPECT_EQ(json(example()),
            R"({"level":"log","pid":42,"timestamp":1795384475342,"service":"user-service","context":"UsersService",)"
            R"("message":"created","requestId":"r-1"})"
            "\n");
  auto bare = example();
  bare.service = bare.context = bare.request_id = "";
  EXPECT_EQ(json(bare), R"({"level":"log","pid":42,"timestamp":1795384475342,"message":"created"})"
                        "\n");
}

TEST(LogRender, LevelsHaveNestJsNames) {
  const std::pair<log_level, const char*> names[] = {{log_level::trace, "verbose"}, {log_level::debug, "debug"},
                                                     {log_level::info, "log"},      {log_level::warn, "warn"},
                                                     {log_level::error, "error"},   {log_level::fatal, "fatal"}};
  for (const auto& [level, name] : names) {
    auto event = example();
    event.level = level;
    EXPECT_EQ(boost::json::parse(json(event)).at("level").as_string(), name);
  }
}

TEST(LogRender, JsonIsValidWhateverTheTextHolds) {
  std::string text = "a\"b\\c\n\r\t\x01\x7f Zo\xC3\xAB \xF0\x9F\x98\x80";
  text += '\0';
  auto event = example();
  event.message = event.context = event.request_id = event.service = text;
  const std::string line = json(event);
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  const auto parsed = boost::json::parse(line);
  for (const char* key : {"message", "context", "requestId", "service"}) EXPECT_EQ(parsed.at(key).as_string(), text);
}

TEST(LogRender, InvalidUtf8IsReplaced) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a\xFFz", "a\uFFFDz"},                            // no lead byte
      {"\xC3", "\uFFFD"},                                // cut short
      {"\xE2\x82", "\uFFFD\uFFFD"},                      //
      {"\xC0\xAF", "\uFFFD\uFFFD"},                      // overlong
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},            // a surrogate
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},  // beyond U+10FFFF
      {"\xC3(", "\uFFFD("},
  };
  for (const auto& [bad, shown] : cases) {
    auto event = example();
    event.message = bad;
    EXPECT_EQ(boost::json::parse(json(event)).at("message").as_string(), shown);
    EXPECT_THAT(pretty(event), HasSubstr(std::string{shown}));
  }
}

TEST(LogRender, PrettyTextCannotForgeALineOrDriveTheTerminal) {
  auto event = example();
  event.message = "first\n[user-service] 1  - forged\x1b[2J";
  event.request_id = "x\ny";
  EXPECT_THAT(pretty(event), testing::EndsWith("first\n    [user-service] 1  - forged\\x1b[2J request=x\n    y\n"));
}

TEST(Log, ParsesLevelsAndFormats) {
  EXPECT_EQ(parse_log_level("debug"), log_level::debug);
  EXPECT_EQ(parse_log_level("VERBOSE"), log_level::trace);
  EXPECT_EQ(parse_log_level("trace"), log_level::trace);
  EXPECT_EQ(parse_log_level("log"), log_level::info);
  EXPECT_EQ(parse_log_level("Info"), log_level::info);
  EXPECT_EQ(parse_log_level("warn"), log_level::warn);
  EXPECT_EQ(parse_log_level("error"), log_level::error);
  EXPECT_EQ(parse_log_level("fatal"), log_level::fatal);
  EXPECT_EQ(parse_log_level("off"), log_level::off);
  for (const char* bad : {"", "loud", " info", "info "}) EXPECT_EQ(parse_log_level(bad), std::nullopt) << bad;
  EXPECT_EQ(parse_log_format("JSON"), log_format::json);
  EXPECT_EQ(parse_log_format("pretty"), log_format::pretty);
  EXPECT_EQ(parse_log_format("xml"), std::nullopt);
}

struct counts_formatting {
  int* count;
};

}  // namespace

template <>
struct fmt::formatter<counts_formatting> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  auto format(const counts_formatting& value, fmt::format_context& context) const {
    if (++*value.count < 0) throw std::runtime_error{"no text for this"};
    return fmt::format_to(context.out(), "counted");
  }
};

namespace {

TEST(Log, LinesBelowTheLevelAreNotFormatted) {
  const detail::log_capture capture{log_level::warn};
  int count = 0;
  const logger log{"Test"};
  log.info("{}", counts_formatting{&count});
  EXPECT_EQ(count, 0);
  EXPECT_FALSE(logger::enabled(log_level::info));
  log.warn("{} {}", counts_formatting{&count}, 7);
  EXPECT_EQ(count, 1);
  ASSERT_EQ(capture.lines().size(), 1U);
  EXPECT_TRUE(capture.contains(R"("message":"counted 7")"));
}

TEST(Log, OffSilencesEverything) {
  const detail::log_capture capture{log_level::off};
  logger{"Test"}.fatal("x");
  EXPECT_TRUE(capture.lines().empty());
}

TEST(Log, AnArgumentThatCannotBeFormattedDoesNotReachTheCaller) {
  const detail::log_capture capture;
  int count = -5;
  EXPECT_NO_THROW(logger{"Test"}.error("{}", counts_formatting{&count}));
  EXPECT_TRUE(capture.contains("no text for this"));
}

TEST(Log, RequestScopesNestAndBelongToTheirThread) {
  const detail::log_capture capture;
  const logger log{"Test"};
  {
    const log_request_scope outer{"outer"};
    {
      const log_request_scope inner{"inner"};
      EXPECT_EQ(current_request_id(), "inner");
      std::thread{[&] { log.info("elsewhere"); }}.join();
      log.info("within");
    }
    log.info("after");
  }
  log.info("outside");
  const auto lines = capture.lines();
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].text.find("requestId"), std::string::npos);
  EXPECT_THAT(lines[1].text, HasSubstr(R"("requestId":"inner")"));
  EXPECT_THAT(lines[2].text, HasSubstr(R"("requestId":"outer")"));
  EXPECT_EQ(lines[3].text.find("requestId"), std::string::npos);
}

TEST(Log, LinesOfManyThreadsStayWhole) {
  const detail::log_capture capture;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 200; ++i) logger{"Test"}.info("{}-{}", t, i);
    });
  }
  for (auto& thread : threads) thread.join();
  const auto lines = capture.lines();
  EXPECT_EQ(lines.size(), 800U);
  for (const auto& line : lines) EXPECT_NO_THROW((void)boost::json::parse(line.text)) << line.text;
}

struct logs_when_destroyed {
  ~logs_when_destroyed() { logger{"Late"}.error("still here"); }
};

// Made before the sinks, so destroyed after anything they could depend on.
void log_from_static_destruction() {
  static const logs_when_destroyed late;
  logger{"Early"}.info("to stdout");
  std::exit(7);
}

TEST(LogDeathTest, ExitIsSurvivedAndWarningsGoToStderr) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(log_from_static_destruction(), testing::ExitedWithCode(7),
              testing::AllOf(HasSubstr(R"("level":"error","pid":)"), HasSubstr("still here"),
                             testing::Not(HasSubstr("to stdout"))));
}

TEST(LogDeathTest, ServiceNameAndFormatAreConfigured) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        configure_logging({.level = log_level::warn, .format = log_format::pretty, .service = "svc"});
        logger{"Ctx"}.info("hidden");
        logger{"Ctx"}.warn("shown");
        std::_Exit(0);
      },
      testing::ExitedWithCode(0),
      testing::AllOf(testing::ContainsRegex("\\[svc\\] [0-9]+  - .*Z    WARN \\[Ctx\\] shown"),
                     testing::Not(HasSubstr("hidden"))));
}

}  // namespace
