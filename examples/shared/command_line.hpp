#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// What a service may be told by its arguments.
struct CommandLine {
  bool help = false;
  bool version = false;
  std::optional<std::string> env_file;
  std::vector<std::string> command;  ///< "migrate", "down", "2": what to do in place of serving.
};

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// @param has_database whether there is something to migrate
/// @throws UsageError naming the argument that is not known or not complete
CommandLine parse_command_line(int argc, const char* const* argv, bool has_database = true);

/// What `--help` prints.
std::string usage(const std::string& service, bool has_database = true);
