#include "outbox_store.hpp"

#include <nestcpp/core/clock.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace nestcpp::detail {

namespace {

// Where time is mocked: what is due to the millisecond is not missed because the database counts whole ones.
constexpr std::chrono::milliseconds rounding{3};

std::vector<outbox_message> read(const result_set& rows) {
  std::vector<outbox_message> messages;
  messages.reserve(rows.size());
  for (const auto& each : rows) {
    messages.push_back(read_outbox_message(each));
  }
  // RETURNING promises no order.
  std::sort(messages.begin(), messages.end(), [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
  return messages;
}

}  // namespace

outbox_message read_outbox_message(const result_row& row) {
  return {.sequence = row["sequence"].as<std::int64_t>(),
          .event_id = row["event_id"].as<uuid>(),
          .pattern = row["pattern"].as<std::string>(),
          .payload = row["payload"].as<std::string>(),
          .key = row["message_key"].as<std::optional<std::string>>().value_or(""),
          .attempts = row["attempts"].as<int>(),
          .created_at = row["created_at"].as<timestamp>()};
}

outbox_store::outbox_store(database& db, const std::string& table, uuid relay, std::chrono::milliseconds claim_duration,
                           bool keeps_dead)
    : db_{db}, relay_{relay}, claim_duration_{claim_duration}, postgres_{db.driver() == database_driver::postgres} {
  // {now}, and {at} for "$n from now"
  const std::string now = postgres_ ? "clock_timestamp()" : "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
  const auto at = [this](int parameter) {
    return fmt::format(fmt::runtime(postgres_ ? "clock_timestamp() + ${} * interval '1 millisecond'"
                                              : "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ${})"),
                       parameter);
  };
  const auto in = [this](int parameter) {
    return fmt::format(fmt::runtime(postgres_ ? "= ANY(${}::bigint[])" : "IN (SELECT value FROM json_each(${}))"),
                       parameter);
  };
  const auto due = fmt::format(
      "SELECT o.sequence FROM {0} o WHERE (o.claimed_until IS NULL OR o.claimed_until < {1})"
      " AND (o.available_at IS NULL OR o.available_at <= {1}){2}"
      " AND (o.message_key IS NULL OR NOT EXISTS"
      " (SELECT 1 FROM {0} e WHERE e.message_key = o.message_key AND e.sequence < o.sequence{3}))"
      " ORDER BY o.sequence LIMIT $1",
      table, now, keeps_dead ? " AND o.dead_at IS NULL" : "", keeps_dead ? " AND e.dead_at IS NULL" : "");
  const std::string columns = "sequence, event_id, pattern, payload, message_key, attempts, created_at";
  if (postgres_) {
    // As an array, so that the table is not read once more to find them.
    claim_ = fmt::format(
        "UPDATE {0} SET claimed_by = $2, claimed_until = {2} WHERE sequence = ANY(ARRAY({1} FOR UPDATE OF o SKIP "
        "LOCKED))"
        " RETURNING {3}",
        table, due, at(3), columns);
  } else {
    claim_ = fmt::format("UPDATE {0} SET claimed_by = $2, claimed_until = {2} WHERE sequence IN ({1}) RETURNING {3}",
                         table, due, at(3), columns);
  }
  renew_ = fmt::format("UPDATE {} SET claimed_until = {} WHERE claimed_by = $1 AND sequence {}", table, at(2), in(3));
  remove_ = fmt::format("DELETE FROM {} WHERE sequence {}", table, in(1));
  retry_ = fmt::format(
      "UPDATE {} SET attempts = attempts + $3, last_error = $4, available_at = {}, claimed_by = NULL,"
      " claimed_until = NULL WHERE sequence = $1 AND claimed_by = $2",
      table, at(5));
  bury_ = fmt::format(
      "UPDATE {} SET attempts = attempts + 1, last_error = $3, dead_at = {}, claimed_by = NULL, claimed_until = NULL "
      "WHERE sequence = $1 AND claimed_by = $2",
      table, now);
}

sql_value outbox_store::after(std::chrono::milliseconds wait) const {
  if (postgres_) return wait.count();
  return fmt::format("+{}.{:03} seconds", wait.count() / 1000, wait.count() % 1000);
}

sql_value outbox_store::list(const std::vector<std::int64_t>& sequences) const {
  return postgres_ ? fmt::format("{{{}}}", fmt::join(sequences, ",")) : fmt::format("[{}]", fmt::join(sequences, ","));
}

sql_values outbox_store::claim_parameters(std::size_t room) const { return {room, relay_, after(claim_duration_)}; }

std::string outbox_store::in_time(const std::string& sql, std::chrono::milliseconds later) const {
  if (!time_is_mocked()) return sql;
  const auto ahead =
      std::chrono::floor<std::chrono::milliseconds>(clock::now() - std::chrono::steady_clock::now()) + later;
  const std::string now = postgres_ ? "clock_timestamp()" : "'now'";
  const std::string moved = postgres_
                                ? fmt::format("({} + {} * interval '1 millisecond')", now, ahead.count())
                                : fmt::format("{}, '{:+.3f} seconds'", now, static_cast<double>(ahead.count()) / 1000);
  std::string in_time;
  std::string_view rest = sql;
  for (auto at = rest.find(now); at != std::string_view::npos; at = rest.find(now)) {
    in_time.append(rest.substr(0, at)).append(moved);
    rest.remove_prefix(at + now.size());
  }
  return in_time.append(rest);
}

task<std::vector<outbox_message>> outbox_store::settle_and_claim(outbox_outcome outcome, std::size_t room) {
  if (outcome.empty() && room == 0) co_return std::vector<outbox_message>{};
  auto tx = co_await begin();
  if (!outcome.acknowledged.empty()) tx.enqueue(remove_, {list(outcome.acknowledged)});
  for (auto& each : outcome.failed) {
    if (each.is_dead) {
      tx.enqueue(in_time(bury_), {each.sequence, relay_, std::move(each.reason)});
      continue;
    }
    tx.enqueue(in_time(retry_), {each.sequence, relay_, each.counts ? 1 : 0, std::move(each.reason), after(each.wait)});
  }
  if (room > 0) co_return read(co_await tx.commit_with(in_time(claim_, rounding), claim_parameters(room)));
  co_await tx.commit();
  co_return std::vector<outbox_message>{};
}

task<void> outbox_store::renew(std::vector<std::int64_t> sequences) {
  auto tx = co_await begin();
  co_await tx.commit_with(in_time(renew_), relay_, after(claim_duration_), list(sequences));
}

// PostgreSQL keeps the plans of prepared statements. Those made while the table was empty would read all of it, however
// large it has become while the receiver was away.
task<transaction> outbox_store::begin() {
  auto tx = co_await db_.begin();
  if (postgres_) tx.enqueue("SELECT set_config('enable_seqscan', 'off', true)", {});
  co_return tx;
}

}  // namespace nestcpp::detail
