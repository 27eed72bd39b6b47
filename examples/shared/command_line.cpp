#include "shared/command_line.hpp"

#include "shared/settings.hpp"

#include <nestcpp/core/version.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

[[noreturn]] void say_and_exit(std::FILE* to, const std::string& text, int status) {
  std::fputs(text.c_str(), to);
  std::exit(status);
}

CommandLine command_line_or_exit(const ServiceDefaults& defaults, int argc, char** argv) {
  try {
    return parse_command_line(argc, argv, defaults.has_database);
  } catch (const UsageError& error) {
    say_and_exit(
        stderr,
        fmt::format("{}: {}\n{}", defaults.service, error.what(), usage(defaults.service, defaults.has_database)), 2);
  }
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv, bool has_database) {
  CommandLine parsed;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument{argv[i]};
    if (argument == "--help" || argument == "-h") {
      parsed.help = true;
    } else if (argument == "--version") {
      parsed.version = true;
    } else if (argument == "--env-file") {
      if (++i == argc) throw UsageError{"--env-file needs a path"};
      parsed.env_file = argv[i];
    } else if (argument.starts_with("--env-file=") && argument.size() > 11) {
      parsed.env_file = argument.substr(11);
    } else if (has_database && (argument == "migrate" || !parsed.command.empty())) {
      parsed.command.emplace_back(argument);
    } else {
      throw UsageError{fmt::format("unknown option \"{}\"", argument)};
    }
  }
  return parsed;
}

std::string usage(const std::string& service, bool has_database) {
  return fmt::format(
      "Usage: {0} [--env-file PATH] [--help] [--version]{1}\n"
      "\n"
      "  --env-file PATH   read this file instead of .env in the working directory\n"
      "  --help            print this text\n"
      "  --version         print the version\n"
      "{2}"
      "\n"
      "Everything else is said by environment variables, which come before what a file says.\n",
      service,
      has_database ? fmt::format("\n       {} migrate [up [--dry-run] | down [VERSION] | status]", service) : "",
      has_database ? "\n"
                     "  migrate           bring the tables up to date, as every start does, and end\n"
                     "  migrate up --dry-run   print what that would run\n"
                     "  migrate down      undo the newest change of the tables, or all above VERSION\n"
                     "  migrate status    list the changes, and which have been made\n"
                   : "");
}

Settings load_settings(const ServiceDefaults& defaults, int argc, char** argv) {
  const CommandLine command = command_line_or_exit(defaults, argc, argv);
  if (command.help) {
    const std::string variables = nest::format_config_help(nest::config_variables(Settings::of(defaults)));
    say_and_exit(stdout,
                 fmt::format("{}\nTheir names, defaults and values:\n\n{}",
                             usage(defaults.service, defaults.has_database), variables),
                 0);
  }
  if (command.version) say_and_exit(stdout, fmt::format("{} {}\n", defaults.service, nest::version), 0);

  auto environment = nest::config_source::from_process();
  if (command.env_file) {
    environment.add_file(*command.env_file);
  } else {
    environment.add_default_file();
  }
  try {
    Settings settings = Settings::from(environment, defaults);
    nest::configure_logging(settings.log());
    settings.command = command.command;
    return settings;
  } catch (const nest::config_error& error) {
    say_and_exit(stderr, fmt::format("{}: {}\n", defaults.service, error.what()), 1);
  }
}
