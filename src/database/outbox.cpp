#include <nestcpp/database/outbox.hpp>

#include "outbox_signal.hpp"
#include "text_check.hpp"

#include <fmt/format.h>

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
        "CREATE INDEX {0}_message_key ON {0} (message_key, sequence) WHERE message_key IS NOT NULL;\n",
        table_, sequence, id, time);
  };
  return {.version = version,
          .name = "create " + table_,
          .sqlite = sql("integer PRIMARY KEY AUTOINCREMENT", "text", "text"),
          .postgres = sql("bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "uuid", "timestamptz")};
}

}  // namespace nestcpp
