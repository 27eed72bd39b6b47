#include <nestcpp/database/inbox.hpp>

#include "text_check.hpp"

#include <nestcpp/core/timestamp.hpp>

#include <fmt/format.h>

#include <utility>

namespace nestcpp {

inbox::inbox(std::string table) : table_{std::move(table)} {
  detail::check_identifier(table_, "an inbox table");
  insert_ = fmt::format(
      "INSERT INTO {} (message_key, received_at) VALUES ($1, $2) ON CONFLICT (message_key) DO NOTHING", table_);
}

task<bool> inbox::first_time(transaction& tx, std::string key) {
  const auto result = co_await tx.execute(insert_, std::move(key), timestamp::now());
  co_return result.affected_rows() == 1;
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
        "CREATE INDEX {0}_received_at ON {0} (received_at);\n",
        table_, time);
  };
  return {.version = version,
          .name = "create " + table_,
          .sqlite = sql("text"),
          .postgres = sql("timestamptz"),
          .sqlite_down = "DROP TABLE " + table_,
          .postgres_down = "DROP TABLE " + table_};
}

}  // namespace nestcpp
