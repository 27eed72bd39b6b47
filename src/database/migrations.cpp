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
  timestamp at;
};
using applied_migrations = std::map<int, applied_migration>;

const std::string& sql_of(const migration& each, database_driver driver) {
  return driver == database_driver::postgres ? each.postgres : each.sqlite;
}
const std::string& down_sql_of(const migration& each, database_driver driver) {
  return driver == database_driver::postgres ? each.postgres_down : each.sqlite_down;
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
    if (sql_of(each, driver).empty() && !each.run) {
      throw startup_error{fmt::format("migration {} \"{}\" has no SQL for {}", each.version, each.name,
                                      driver == database_driver::postgres ? "PostgreSQL" : "SQLite")};
    }
  }
}

void check_applied(const std::vector<migration>& migrations, const applied_migrations& applied, database_driver driver,
                   const std::string& table) {
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

task<applied_migrations> read_applied(transaction& tx, const std::string& table) {
  applied_migrations applied;
  const auto rows = co_await tx.execute(fmt::format("SELECT version, name, checksum, applied_at FROM {}", table));
  for (const auto& row : rows) {
    applied.emplace(row["version"].as<int>(),
                    applied_migration{row["name"].as<std::string>(), row["checksum"].as<std::string>(),
                                      row["applied_at"].as<timestamp>()});
  }
  co_return applied;
}

// What has been applied, which is what the list says, and what nobody else changes until the transaction ends.
task<applied_migrations> lock_applied(transaction& tx, const std::string& table,
                                      const std::vector<migration>& migrations) {
  const bool postgres = tx.driver() == database_driver::postgres;
  if (postgres) {
    // The lock ends with the transaction. Waiting for another process that migrates may take longer than a statement.
    tx.enqueue("SET LOCAL statement_timeout = '10min'", {});
    tx.enqueue("SELECT pg_advisory_xact_lock($1)",
               {static_cast<std::int64_t>(hash("nestcpp migrations " + table) >> 1U)});
  }
  co_await tx.execute_script(
      fmt::format("CREATE TABLE IF NOT EXISTS {} (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT "
                  "NULL, applied_at {} NOT NULL)",
                  table, postgres ? "timestamptz" : "text"));
  applied_migrations applied = co_await read_applied(tx, table);
  check_applied(migrations, applied, tx.driver(), table);
  co_return applied;
}

task<void> run_one(transaction& tx, const migration& each, const std::string& sql,
                   const std::function<task<void>(transaction&)>& code, const char* what) {
  try {
    if (!sql.empty()) co_await tx.execute_script(sql);
    if (code) co_await code(tx);
  } catch (const database_unavailable&) {
    throw;
  } catch (const std::exception& failure) {
    throw startup_error{fmt::format("migration {} \"{}\" {}: {}", each.version, each.name, what, failure.what())};
  }
}

}  // namespace

migration migration::both(int version, std::string name, std::string sql, std::string down) {
  return {.version = version,
          .name = std::move(name),
          .sqlite = sql,
          .postgres = sql,
          .sqlite_down = down,
          .postgres_down = down};
}

task<std::size_t> migrate(database& db, std::string table, std::vector<migration> migrations) {
  detail::check_identifier(table, "a migrations table");
  const auto driver = db.driver();
  check_list(migrations, driver);

  auto tx = co_await db.begin();
  const applied_migrations applied = co_await lock_applied(tx, table, migrations);

  std::size_t count = 0;
  for (const auto& each : migrations) {
    if (applied.contains(each.version)) continue;
    co_await run_one(tx, each, sql_of(each, driver), each.run, "failed");
    tx.enqueue(fmt::format("INSERT INTO {} (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)", table),
               {each.version, each.name, checksum_of(each, driver), timestamp::now()});
    ++count;
  }
  co_await tx.commit();
  if (count > 0) log.info("{}: applied {} of {} migrations to {}", table, count, migrations.size(), db.description());
  co_return count;
}

task<std::size_t> migrate_down(database& db, std::string table, std::vector<migration> migrations, int version) {
  detail::check_identifier(table, "a migrations table");
  const auto driver = db.driver();
  check_list(migrations, driver);

  auto tx = co_await db.begin();
  const applied_migrations applied = co_await lock_applied(tx, table, migrations);

  std::size_t count = 0;
  for (auto each = migrations.rbegin(); each != migrations.rend() && each->version > version; ++each) {
    if (!applied.contains(each->version)) continue;
    const std::string& sql = down_sql_of(*each, driver);
    if (sql.empty() && !each->run_down) {
      throw startup_error{
          fmt::format("migration {} \"{}\" has nothing that undoes it; the lowest that can be gone "
                      "down to is {}",
                      each->version, each->name, each->version)};
    }
    co_await run_one(tx, *each, sql, each->run_down, "could not be undone");
    tx.enqueue(fmt::format("DELETE FROM {} WHERE version = $1", table), {each->version});
    ++count;
  }
  co_await tx.commit();
  if (count > 0) log.info("{}: undid {} migrations of {}", table, count, db.description());
  co_return count;
}

task<std::vector<migration_status>> migrations_status(database& db, std::string table,
                                                      std::vector<migration> migrations) {
  detail::check_identifier(table, "a migrations table");
  const auto driver = db.driver();
  check_list(migrations, driver);
  applied_migrations applied;
  auto tx = co_await db.begin();
  const auto tables = co_await tx.execute(driver == database_driver::postgres
                                              ? "SELECT 1 WHERE to_regclass($1) IS NOT NULL"
                                              : "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
                                          table);
  if (!tables.empty()) applied = co_await read_applied(tx, table);
  co_await tx.rollback();

  std::vector<migration_status> all;
  for (const auto& each : migrations) {
    migration_status status{.version = each.version, .name = each.name};
    if (const auto found = applied.find(each.version); found != applied.end()) {
      status.applied_at = found->second.at;
      status.has_changed = found->second.checksum != checksum_of(each, driver);
      applied.erase(found);
    }
    all.push_back(std::move(status));
  }
  for (const auto& [version, was] : applied) {
    all.push_back({.version = version, .name = was.name, .applied_at = was.at, .is_unknown = true});
  }
  std::ranges::sort(all, {}, &migration_status::version);
  co_return all;
}

}  // namespace nestcpp
