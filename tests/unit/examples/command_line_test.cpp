#include "shared/command_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

CommandLine parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "service");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

std::string refusal_of(const std::vector<const char*>& arguments) {
  try {
    parse(arguments);
    return "accepted";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(CommandLine, NothingIsRight) {
  const CommandLine parsed = parse({});
  EXPECT_FALSE(parsed.help);
  EXPECT_FALSE(parsed.version);
  EXPECT_FALSE(parsed.env_file.has_value());
}

TEST(CommandLine, KnowsItsOptions) {
  EXPECT_TRUE(parse({"--help"}).help);
  EXPECT_TRUE(parse({"--version"}).version);
  EXPECT_EQ(parse({"--env-file", "a.env"}).env_file, "a.env");
  EXPECT_EQ(parse({"--env-file=b.env", "--help"}).env_file, "b.env");
}

TEST(CommandLine, RefusesTheRestByName) {
  EXPECT_EQ(refusal_of({"--port", "1"}), "unknown option \"--port\"");
  EXPECT_EQ(refusal_of({"service.env"}), "unknown option \"service.env\"");
  EXPECT_EQ(refusal_of({"--env-file"}), "--env-file needs a path");
  EXPECT_EQ(refusal_of({"--env-file="}), "unknown option \"--env-file=\"");
}

TEST(CommandLine, UsageNamesEveryOption) {
  for (const char* option : {"--help", "--version", "--env-file PATH"}) {
    EXPECT_NE(usage("gateway").find(option), std::string::npos) << option;
  }
}

}  // namespace
