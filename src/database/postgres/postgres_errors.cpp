#include "postgres_errors.hpp"

#include <nestcpp/database/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace nestcpp::detail {

namespace {

/// `duplicate key value violates unique constraint "users_email_key"` → users_email_key;
/// `insert or update on table "a" violates foreign key constraint "f"`, `… constraint "f" on table "b"` → f.
std::string constraint_in(std::string_view message) {
  const std::string_view line = message.substr(0, message.find('\n'));
  constexpr std::string_view before = "constraint \"";
  auto at = line.find(before);
  if (at == std::string_view::npos) return {};  // the server speaks another language (lc_messages)
  at += before.size();
  return std::string{line.substr(at, line.find('"', at) - at)};
}

/// `DETAIL:  Key (first_name, lower(email))=(…) already exists.` → {"first_name", "lower(email)"}
std::vector<std::string> columns_in(std::string_view message) {
  std::vector<std::string> columns;
  const auto detail = message.find('\n');
  if (detail == std::string_view::npos) return columns;
  message.remove_prefix(detail);
  const auto end = message.find(")=(");
  const auto start = message.find('(');
  if (end == std::string_view::npos || start == std::string_view::npos || start >= end) return columns;
  std::string column;
  int depth = 0;
  for (const char c : message.substr(start + 1, end - start - 1)) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth == 0) {
      columns.push_back(std::exchange(column, {}));
    } else if (!(c == ' ' && column.empty())) {
      column += c;
    }
  }
  columns.push_back(std::move(column));
  return columns;
}

}  // namespace

std::string first_line_of(std::string_view text) {
  // What follows ("DETAIL:  Key (email)=(…) already exists.") holds values.
  auto line = text.substr(0, text.find('\n'));
  if (line.starts_with("ERROR:")) line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ', 6)));
  return std::string{line};
}

// 57P01 to 57P05: shut down, crashed, starting, dropped, idle too long.
bool ends_connection(std::string_view sqlstate) noexcept {
  return sqlstate.starts_with("57P") || sqlstate == "53300" || (sqlstate.starts_with("08") && sqlstate != "08P01");
}

void throw_postgres_error(std::string_view message, std::string sqlstate, std::chrono::milliseconds limit) {
  const std::string line = first_line_of(message);
  const auto is = [&](std::string_view wanted) { return sqlstate == wanted; };
  if (is("23505")) throw unique_violation{line, std::move(sqlstate), constraint_in(message), columns_in(message)};
  if (is("23503")) throw foreign_key_violation{line, std::move(sqlstate), constraint_in(message)};
  if (is("40001") || is("40P01")) throw serialization_failure{line, std::move(sqlstate)};
  if (is("57014")) {
    throw statement_timeout{
        limit.count() > 0 ? fmt::format("the statement was cancelled after {} ms", limit.count()) : line,
        std::move(sqlstate)};
  }
  // invalid input syntax for type uuid: "…"
  const bool quotes_the_value = is("22P02") || is("22007") || is("22008");
  throw database_error{quotes_the_value ? line.substr(0, line.find(": \"")) : line, std::move(sqlstate)};
}

}  // namespace nestcpp::detail
