#include <nestcpp/database/migrations.hpp>

#include "text_check.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace nestcpp {

namespace {

const logger log{"Migrations"};

// FNV-1a, 64 bits: it tells an edit from none. Line ends do not count.
std::uint64_t hash(std::string_view text) {
  std::uint64_t state = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    if (c == '\r') continue;
    state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return state;
}

struct applied_migration {
  std::string name;
  std::string checksum;
};

const std::string& sql_of(const migration& each, database_driver driver) {
  return driver == database_driver::postgres ? each.postgres : each.sqlite;
}

std::string checksum_of(const migration& each, database_driver driver) {
  return fmt::format("{:016x}", hash(sql_of(each, driver)));
}

void check_list(const std::vector<migration>& migrations, database_driver driver) {
  int former = 0;
  for (const auto& each : migrations) {
    if (each.version <= former) {
      throw startup_error{
          fmt::format("migration {} \"{}\" follows {}: numbers rise from 1", each.version, each.name, former)};
    }
    former = each.version;
    if (sql_of(each, driver).empty()) {
      throw startup_error{fmt::format("migration {} \"{}\" has no SQL for {}", each.version, each.name,
                                      driver == database_driver::postgres ? "PostgreSQL" : "SQLite")};
    }
  }
}

void check_applied(const std::vector<migration>& migrations, const std::map<int, applied_migration>& applied,
                   database_driver driver, const std::string& table) {
  for (const auto& [version, was] : applied) {
    const auto known = std::find_if(migrations.begin(), migrations.end(),
                                    [&](const migration& each) { return each.version == version; });
    if (known == migrations.end()) {
      throw startup_error{
          fmt::format("the database is ahead of this program: {} lists migration {} \"{}\", this program knows up to "
                      "{}; start a newer release",
                      table, version, was.name, migrations.empty() ? 0 : migrations.back().version)};
    }
    if (checksum_of(*known, driver) != was.checksum) {
      throw startup_error{
          fmt::format("migration {} \"{}\" has changed since it was applied (see {}); undo the edit and add a new "
                      "migration instead",
                      version, known->name, table)};
    }
  }
  const int newest = applied.empty() ? 0 : applied.rbegin()->first;
  for (const auto& each : migrations) {
    if (each.version < newest && !applied.contains(each.version)) {
      throw startup_error{
          fmt::format("migration {} \"{}\" was never applied, but {} was (see {}); give it a number above that",
                      each.version, each.name, newest, table)};
    }
  }
}

}  // namespace

migration migration::both(int version, std::string name, std::string sql) {
  return {.version = version, .name = std::move(name), .sqlite = sql, .postgres = sql};
}

task<std::size_t> migrate(database& db, std::string table, std::vector<migration> migrations) {
  detail::check_identifier(table, "a migrations table");
  const auto driver = db.driver();
  check_list(migrations, driver);

  auto tx = co_await db.begin();
  if (driver == database_driver::postgres) {
    // The lock ends with the transaction. Waiting for another process that migrates may take longer than a statement.
    tx.enqueue("SET LOCAL statement_timeout = '10min'", {});
    tx.enqueue("SELECT pg_advisory_xact_lock($1)",
               {static_cast<std::int64_t>(hash("nestcpp migrations " + table) >> 1U)});
  }
  co_await tx.execute_script(
      fmt::format("CREATE TABLE IF NOT EXISTS {} (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT "
                  "NULL, applied_at {} NOT NULL)",
                  table, driver == database_driver::postgres ? "timestamptz" : "text"));

  std::map<int, applied_migration> applied;
  const auto rows = co_await tx.execute(fmt::format("SELECT version, name, checksum FROM {}", table));
  for (const auto& row : rows) {
    applied.emplace(row["version"].as<int>(),
                    applied_migration{row["name"].as<std::string>(), row["checksum"].as<std::string>()});
  }
  check_applied(migrations, applied, driver, table);

  std::size_t count = 0;
  for (const auto& each : migrations) {
    if (applied.contains(each.version)) continue;
    try {
      co_await tx.execute_script(sql_of(each, driver));
    } catch (const database_unavailable&) {
      throw;
    } catch (const database_error& failure) {
      throw startup_error{fmt::format("migration {} \"{}\" failed: {}", each.version, each.name, failure.what())};
    }
    tx.enqueue(fmt::format("INSERT INTO {} (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)", table),
               {each.version, each.name, checksum_of(each, driver), timestamp::now()});
    ++count;
  }
  co_await tx.commit();
  if (count > 0) log.info("{}: applied {} of {} migrations to {}", table, count, migrations.size(), db.description());
  co_return count;
}

}  // namespace nestcpp
