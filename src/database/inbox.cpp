#include <nestcpp/database/inbox.hpp>

#include "text_check.hpp"

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/database/errors.hpp>

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace nestcpp {

inbox::inbox(std::string table) : table_{std::move(table)} {
  detail::check_identifier(table_, "an inbox table");
  insert_once_ = fmt::format("INSERT INTO {} (message_key, received_at) VALUES ($1, $2)", table_);
  for (const char c : table_.substr(0, 58)) primary_key_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  primary_key_ += "_pkey";
  insert_ = insert_once_ + " ON CONFLICT (message_key) DO NOTHING";
}

task<bool> inbox::first_time(transaction& tx, std::string key) {
  const auto result = co_await tx.execute(insert_, std::move(key), timestamp::now());
  co_return result.affected_rows() == 1;
}

void inbox::enqueue(transaction& tx, std::string key) const {
  tx.enqueue(insert_once_, detail::make_values(std::move(key), timestamp::now()));
}

task<bool> inbox::commit(transaction& tx) const {
  try {
    co_await tx.commit();
    co_return true;
  } catch (const unique_violation& violation) {
    // PostgreSQL's constraint may not be told.
    const std::string& constraint = violation.constraint();
    const bool is_ours = violation.columns() == std::vector<std::string>{"message_key"} &&
                         (constraint.empty() || constraint == primary_key_ || constraint == table_ + ".message_key");
    if (!is_ours) throw;
    co_return false;
  }
}

task<std::size_t> inbox::remove_older_than(database& db, std::chrono::milliseconds age) {
  const auto result =
      co_await db.execute(fmt::format("DELETE FROM {} WHERE received_at < $1", table_), timestamp::now() - age);
  co_return result.affected_rows();
}

migration inbox::create_table(int version) const {
  const auto sql = [this](const char* time) {
    return fmt::format(
        "CREATE TABLE {0} (message_key text PRIMARY KEY, received_at {1} NOT NULL);\n"
        "CREATE INDEX {2}_received_at ON {0} (received_at);\n",
        table_, time, table_.substr(0, 51));  // PostgreSQL cuts names after 63
  };
  return {.version = version,
          .name = "create " + table_,
          .sqlite = sql("text"),
          .postgres = sql("timestamptz"),
          .sqlite_down = "DROP TABLE " + table_,
          .postgres_down = "DROP TABLE " + table_};
}

}  // namespace nestcpp
