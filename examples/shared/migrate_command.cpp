#include "shared/migrate_command.hpp"

#include <nestcpp/core/runtime.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <optional>
#include <string_view>

namespace {

struct Request {
  enum class Kind { up, dry_run, down, status } kind = Kind::up;
  std::optional<int> version;
};

std::optional<Request> parse(const std::vector<std::string>& words) {
  using Kind = Request::Kind;
  if (words.size() == 1) return Request{Kind::up, {}};
  const std::string& what = words[1];
  if (what == "up" && words.size() == 2) return Request{Kind::up, {}};
  if (what == "up" && words.size() == 3 && words[2] == "--dry-run") return Request{Kind::dry_run, {}};
  if (what == "status" && words.size() == 2) return Request{Kind::status, {}};
  if (what == "down" && words.size() == 2) return Request{Kind::down, {}};
  if (what == "down" && words.size() == 3) {
    int version = 0;
    const auto [end, error] = std::from_chars(words[2].data(), words[2].data() + words[2].size(), version);
    if (error == std::errc{} && end == words[2].data() + words[2].size() && version >= 0) {
      return Request{Kind::down, version};
    }
  }
  return std::nullopt;
}

void print(const nest::migration_status& each) {
  const std::string state = each.is_unknown    ? "applied, not known to this program"
                            : each.has_changed ? "applied, and changed since"
                            : each.applied_at  ? "applied"
                                               : "pending";
  fmt::print("{:>4}  {:<32} {}{}\n", each.version, each.name, state,
             each.applied_at ? " at " + each.applied_at->to_iso8601() : "");
}

nest::task<void> run(nest::database& db, const Migrations& migrations, Request request) {
  co_await db.connect();
  const auto status = co_await nest::migrations_status(db, migrations.table, migrations.changes);
  switch (request.kind) {
    case Request::Kind::status:
      for (const auto& each : status) print(each);
      break;
    case Request::Kind::dry_run:
      for (const auto& each : status) {
        if (each.applied_at) continue;
        const auto found = std::ranges::find(migrations.changes, each.version, &nest::migration::version);
        fmt::print("-- {} {}\n{}\n", each.version, each.name,
                   db.driver() == nest::database_driver::postgres ? found->postgres : found->sqlite);
      }
      break;
    case Request::Kind::up:
      fmt::print("applied {}\n", co_await nest::migrate(db, migrations.table, migrations.changes));
      break;
    case Request::Kind::down: {
      int newest = 0;
      int below = 0;
      for (const auto& each : status) {
        if (!each.applied_at) continue;
        below = newest;
        newest = each.version;
      }
      const int to = request.version.value_or(below);
      fmt::print("undid {}\n", co_await nest::migrate_down(db, migrations.table, migrations.changes, to));
      break;
    }
  }
  co_await db.close();
}

}  // namespace

int run_migrate_command(const Settings& settings, const Migrations& migrations) {
  const auto request = parse(settings.command);
  if (!request) {
    fmt::print(
        stderr,
        "{}: unknown command \"{}\"; it is migrate, migrate up [--dry-run], migrate down [VERSION] or migrate status\n",
        settings.service, fmt::join(settings.command, " "));
    return 2;
  }
  nest::runtime loops{{.io_threads = 1}};
  loops.start();
  const auto db = nest::make_database(loops, settings.database);
  try {
    boost::asio::co_spawn(loops.loop(0).executor(), run(*db, migrations, *request), boost::asio::use_future).get();
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", settings.service, error.what());
    return 1;
  }
}
