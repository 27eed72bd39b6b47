#include <nestcpp/database/outbox.hpp>

#include "outbox_signal.hpp"
#include "outbox_store.hpp"
#include "text_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace nestcpp {

outbox::outbox(std::string table) : table_{std::move(table)}, signal_{std::make_shared<detail::outbox_signal>()} {
  detail::check_identifier(table_, "an outbox table");
  insert_ = fmt::format(
      "INSERT INTO {} (event_id, pattern, payload, message_key, created_at) VALUES ($1, $2, $3, $4, $5)", table_);
}

task<void> outbox::add(transaction& tx, outbox_record record) {
  std::optional<std::string> key;
  if (!record.key.empty()) key = std::move(record.key);
  sql_values parameters;
  parameters.reserve(5);
  parameters.emplace_back(record.event_id);
  parameters.emplace_back(std::move(record.pattern));
  parameters.emplace_back(std::move(record.payload));
  parameters.emplace_back(std::move(key));
  parameters.emplace_back(timestamp::now());
  tx.enqueue(insert_, std::move(parameters));
  tx.after_commit([signal = signal_] { signal->notify(); });
  co_return;
}

void outbox::notify() { signal_->notify(); }

migration outbox::create_table(int version) const {
  // message_key: events of one key go in order. available_at: not before (after a failed attempt). claimed_*: which
  // relay publishes it, and until when nobody else does. A row is removed once its event is acknowledged.
  const auto sql = [this](const char* sequence, const char* id, const char* time) {
    return fmt::format(
        "CREATE TABLE {0} (\n"
        "  sequence {1},\n"
        "  event_id {2} NOT NULL UNIQUE,\n"
        "  pattern text NOT NULL,\n"
        "  payload text NOT NULL,\n"
        "  message_key text,\n"
        "  attempts integer NOT NULL DEFAULT 0,\n"
        "  last_error text,\n"
        "  created_at {3} NOT NULL,\n"
        "  available_at {3},\n"
        "  claimed_by {2},\n"
        "  claimed_until {3}\n"
        ");\n"
        "CREATE INDEX {4}_message_key ON {0} (message_key, sequence) WHERE message_key IS NOT NULL;\n",
        table_, sequence, id, time, table_.substr(0, 51));  // PostgreSQL cuts names after 63
  };
  return {.version = version,
          .name = "create " + table_,
          .sqlite = sql("integer PRIMARY KEY AUTOINCREMENT", "text", "text"),
          .postgres = sql("bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "uuid", "timestamptz"),
          .sqlite_down = "DROP TABLE " + table_,
          .postgres_down = "DROP TABLE " + table_};
}

migration outbox::add_dead_letters(int version) {
  signal_->has_dead_letters = true;
  const auto sql = [this](const char* time) {
    return fmt::format("ALTER TABLE {} ADD COLUMN dead_at {}", table_, time);
  };
  const std::string down =
      fmt::format("DELETE FROM {0} WHERE dead_at IS NOT NULL; ALTER TABLE {0} DROP COLUMN dead_at", table_);
  return {.version = version,
          .name = "add dead letters to " + table_,
          .sqlite = sql("text"),
          .postgres = sql("timestamptz"),
          .sqlite_down = down,
          .postgres_down = down};
}

task<std::vector<dead_letter>> outbox::dead_letters(database& db, std::size_t limit) const {
  const auto rows = co_await db.execute(
      fmt::format(
          "SELECT sequence, event_id, pattern, payload, message_key, attempts, created_at, last_error, dead_at FROM {} "
          "WHERE dead_at IS NOT NULL ORDER BY sequence LIMIT $1",
          table_),
      static_cast<std::int64_t>(limit));
  std::vector<dead_letter> letters;
  for (const auto& each : rows) {
    letters.push_back({.message = detail::read_outbox_message(each),
                       .reason = each["last_error"].as<std::optional<std::string>>().value_or(""),
                       .dead_at = each["dead_at"].as<timestamp>()});
  }
  co_return letters;
}

task<bool> outbox::revive(database& db, uuid event_id) {
  const auto result = co_await db.execute(
      fmt::format(
          "UPDATE {} SET dead_at = NULL, attempts = 0, available_at = NULL WHERE event_id = $1 AND dead_at IS NOT NULL",
          table_),
      event_id);
  if (result.affected_rows() > 0) notify();
  co_return result.affected_rows() > 0;
}

task<std::size_t> outbox::remove_dead_letters(database& db, std::chrono::milliseconds older_than) {
  const auto result =
      co_await db.execute(fmt::format("DELETE FROM {} WHERE dead_at < $1", table_), timestamp::now() - older_than);
  co_return result.affected_rows();
}

task<outbox_statistics> outbox::statistics(database& db) const {
  const bool kept = signal_->has_dead_letters;
  const auto rows = co_await db.execute(
      fmt::format("SELECT count(*) AS total, {0} AS dead, min({1}) AS oldest FROM {2}", kept ? "count(dead_at)" : "0",
                  kept ? "CASE WHEN dead_at IS NULL THEN created_at END" : "created_at", table_));
  outbox_statistics found;
  found.dead = static_cast<std::size_t>(rows[0]["dead"].as<std::int64_t>());
  found.pending = static_cast<std::size_t>(rows[0]["total"].as<std::int64_t>()) - found.dead;
  if (const auto oldest = rows[0]["oldest"].as<std::optional<timestamp>>()) {
    found.oldest_age = std::max(timestamp::now() - *oldest, timestamp::duration{0});
  }
  co_return found;
}

task<std::vector<metric_sample>> outbox::metrics(database& db) const {
  const outbox_statistics found = co_await statistics(db);
  const auto gauge = [this](const char* name, metric_labels labels, double value, const char* help) {
    labels.emplace_back("table", table_);
    return metric_sample{name, std::move(labels), value, metric_kind::gauge, help};
  };
  std::vector<metric_sample> samples;
  samples.push_back(gauge("outbox_messages", {{"state", "pending"}}, static_cast<double>(found.pending),
                          "Messages in the outbox: not yet acknowledged, or given up"));
  samples.push_back(gauge("outbox_messages", {{"state", "dead"}}, static_cast<double>(found.dead),
                          "Messages in the outbox: not yet acknowledged, or given up"));
  samples.push_back(gauge("outbox_oldest_message_age_seconds", {},
                          std::chrono::duration<double>(found.oldest_age).count(),
                          "How long the oldest message has waited for its acknowledgement"));
  co_return samples;
}

}  // namespace nestcpp
