#include <nestcpp/app/idempotency_store.hpp>

#include "database/text_check.hpp"

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <utility>

namespace nestcpp {

// ---- in memory

void memory_idempotency_store::drop_old(clock::time_point now) {
  while (!entries_.empty() &&
         (entries_.size() > options_.max_entries || entries_.front().since + options_.ttl <= now)) {
    by_key_.erase(entries_.front().key);
    entries_.pop_front();
  }
}

task<idempotent_claim> memory_idempotency_store::begin(std::string key, std::string fingerprint) {
  using state = idempotent_claim::state;
  const auto now = clock::now();
  const std::lock_guard lock{mutex_};
  drop_old(now);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    const auto at = found->second;
    const bool left_behind = at->claim.what == state::running && at->since + options_.lease <= now;
    if (!left_behind || at->claim.fingerprint != fingerprint) co_return at->claim;
    at->since = now;
    entries_.splice(entries_.end(), entries_, at);
    co_return idempotent_claim{};
  }
  entries_.push_back({key, {state::running, std::move(fingerprint), {}}, now});
  by_key_.emplace(std::move(key), std::prev(entries_.end()));
  drop_old(now);
  co_return idempotent_claim{};
}

task<void> memory_idempotency_store::finish(std::string key, idempotent_answer answer) {
  const std::lock_guard lock{mutex_};
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) co_return;
  found->second->claim.what = idempotent_claim::state::done;
  found->second->claim.answer = std::move(answer);
}

task<void> memory_idempotency_store::release(std::string key) {
  const std::lock_guard lock{mutex_};
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) co_return;
  entries_.erase(found->second);
  by_key_.erase(found);
}

std::size_t memory_idempotency_store::size() const {
  const std::lock_guard lock{mutex_};
  return entries_.size();
}

// ---- in a table

database_idempotency_store::database_idempotency_store(database& db, std::string table, idempotency_options options)
    : db_{&db}, table_{std::move(table)}, options_{options} {
  detail::check_identifier(table_, "a table of idempotency keys");
}

task<idempotent_claim> database_idempotency_store::begin(std::string key, std::string fingerprint) {
  using state = idempotent_claim::state;
  const timestamp now = timestamp::now();
  const auto first = co_await db_->execute(
      fmt::format(
          "INSERT INTO {0} (idempotency_key, fingerprint, created_at, locked_until) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (idempotency_key) DO UPDATE SET fingerprint = $2, created_at = $3, locked_until = $4, "
          "outcome = NULL, status = NULL, body = NULL "
          "WHERE {0}.created_at < $5 OR ({0}.outcome IS NULL AND {0}.locked_until < $3 AND {0}.fingerprint = $2)",
          table_),
      key, fingerprint, now, now + options_.lease, now - options_.ttl);
  if (first.affected_rows() > 0) co_return idempotent_claim{};
  const auto rows = co_await db_->execute(
      fmt::format("SELECT fingerprint, outcome, status, body FROM {} WHERE idempotency_key = $1", table_), key);
  if (rows.empty()) co_return idempotent_claim{state::running, fingerprint, {}};  // released this very moment
  idempotent_claim claim{state::running, rows[0]["fingerprint"].as<std::string>(), {}};
  if (const auto outcome = rows[0]["outcome"].as<std::optional<idempotent_outcome>>()) {
    claim.what = state::done;
    claim.answer = {*outcome, rows[0]["status"].as<int>(), rows[0]["body"].as<std::string>()};
  }
  co_return claim;
}

task<void> database_idempotency_store::finish(std::string key, idempotent_answer answer) {
  co_await db_->execute(
      fmt::format("UPDATE {} SET outcome = $2, status = $3, body = $4 WHERE idempotency_key = $1", table_), key,
      answer.outcome, answer.status, answer.body);
}

task<void> database_idempotency_store::release(std::string key) {
  co_await db_->execute(fmt::format("DELETE FROM {} WHERE idempotency_key = $1 AND outcome IS NULL", table_), key);
}

task<std::size_t> database_idempotency_store::remove_expired() {
  const auto result = co_await db_->execute(fmt::format("DELETE FROM {} WHERE created_at < $1", table_),
                                            timestamp::now() - options_.ttl);
  co_return result.affected_rows();
}

migration database_idempotency_store::create_table(int version, const std::string& table) {
  detail::check_identifier(table, "a table of idempotency keys");
  const auto sql = [&table](const char* time) {
    return fmt::format(
        "CREATE TABLE {0} (\n"
        "  idempotency_key text PRIMARY KEY,\n"
        "  fingerprint text NOT NULL,\n"
        "  created_at {1} NOT NULL,\n"
        "  locked_until {1} NOT NULL,\n"
        "  outcome text,\n"
        "  status integer,\n"
        "  body text\n"
        ");\n"
        "CREATE INDEX {0}_created_at ON {0} (created_at);\n",
        table, time);
  };
  return {.version = version,
          .name = "create " + table,
          .sqlite = sql("text"),
          .postgres = sql("timestamptz"),
          .sqlite_down = "DROP TABLE " + table,
          .postgres_down = "DROP TABLE " + table};
}

}  // namespace nestcpp
