#pragma once

#include <optional>
#include <stdexcept>
#include <string>

/// What a service may be told by its arguments.
struct CommandLine {
  bool help = false;
  bool version = false;
  std::optional<std::string> env_file;
};

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// @throws UsageError naming the argument that is not known or not complete
CommandLine parse_command_line(int argc, const char* const* argv);

/// What `--help` prints.
std::string usage(const std::string& service);
