#include <nestcpp/database/entity.hpp>

#include <nestcpp/database/errors.hpp>
#include <nestcpp/database/repository.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

namespace nestcpp::detail {

namespace {

std::string quoted(std::string_view name) {
  std::string result{'"'};
  for (const char c : name) {
    result += c;
    if (c == '"') result += c;
  }
  result += '"';
  return result;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

std::string snake_case(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_upper(name[i])) {
      result += name[i];
      continue;
    }
    const bool word_begins =
        i > 0 && name[i - 1] != '_' &&
        (!is_upper(name[i - 1]) || (i + 1 < name.size() && !is_upper(name[i + 1]) && name[i + 1] != '_'));
    if (word_begins) result += '_';
    result += static_cast<char>(name[i] - 'A' + 'a');
  }
  return result;
}

entity_sql::entity_sql(std::string_view table_name, std::vector<column_names> all)
    : table{quoted(table_name)}, columns{std::move(all)} {
  std::string names;
  std::string placeholders;
  std::string assignments;
  std::string keys;
  std::size_t index = 0;
  for (auto& column : columns) {
    column.name = quoted(column.name);
    const auto separator = index == 0 ? "" : ", ";
    names += fmt::format("{}{}", separator, column.name);
    placeholders += fmt::format("{}${}", separator, ++index);
  }
  index = 0;
  for (const auto& column : columns) {
    if (column.kind == column_kind::delete_date) deleted = column.name;
    if (column.kind == column_kind::version) versioned = column.name;
    if (column.primary || column.kind == column_kind::version || column.kind == column_kind::create_date) continue;
    assignments += fmt::format("{}{} = ${}", assignments.empty() ? "" : ", ", column.name, ++index);
  }
  if (!versioned.empty()) {
    assignments += fmt::format("{}{} = {} + 1", assignments.empty() ? "" : ", ", versioned, versioned);
  }
  for (const auto& column : columns) {
    if (!column.primary) continue;
    keys += fmt::format("{}{} = ${}", keys.empty() ? "" : " AND ", column.name, ++index);
  }
  const std::string which = versioned.empty() ? keys : fmt::format("{} AND {} = ${}", keys, versioned, index + 1);
  insert = fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names, placeholders);
  select = fmt::format("SELECT {} FROM {}", names, table);
  count = fmt::format("SELECT count(*) FROM {}", table);
  if (!keys.empty() && !assignments.empty())
    update = fmt::format("UPDATE {} SET {} WHERE {}", table, assignments, which);
}

std::string entity_sql::names_of(std::string_view alias) const {
  std::string names;
  for (const auto& column : columns) names += fmt::format("{}{}.{}", names.empty() ? "" : ", ", alias, column.name);
  return names;
}

std::string entity_sql::insert_rows(std::size_t count) const {
  std::string sql = insert.substr(0, insert.rfind(" VALUES (") + 8);
  std::size_t parameter = 0;
  for (std::size_t row = 0; row < count; ++row) {
    sql += row == 0 ? "(" : ", (";
    for (std::size_t i = 0; i < columns.size(); ++i) sql += fmt::format("{}${}", i == 0 ? "" : ", ", ++parameter);
    sql += ')';
  }
  return sql;
}

std::string entity_sql::upsert(const std::vector<std::string>& unique) const {
  std::string assignments;
  for (const auto& column : columns) {
    if (column.primary || column.kind == column_kind::create_date ||
        std::ranges::find(unique, column.name) != unique.end()) {
      continue;
    }
    if (column.kind == column_kind::version) {
      assignments += fmt::format("{}{} = {}.{} + 1", assignments.empty() ? "" : ", ", column.name, table, column.name);
      continue;
    }
    assignments += fmt::format("{}{} = excluded.{}", assignments.empty() ? "" : ", ", column.name, column.name);
  }
  return fmt::format("{} ON CONFLICT ({}) DO {}", insert, fmt::join(unique, ", "),
                     assignments.empty() ? "NOTHING" : "UPDATE SET " + assignments);
}

void throw_version_mismatch(const std::string& table) {
  throw optimistic_lock_error{fmt::format("the row of table {} has another version: it was written meanwhile", table)};
}

void throw_no_column(const std::string& table) {
  throw database_error{fmt::format("the entity of table {} has no such column: list the member in NEST_ENTITY", table)};
}

void select_builder::where(const std::string& column, sql_value wanted) {
  sql += filtered_ ? " AND " : " WHERE ";
  filtered_ = true;
  if (wanted.is_null()) {
    sql += fmt::format("{} IS NULL", column);
    return;
  }
  parameters.push_back(std::move(wanted));
  sql += fmt::format("{} = ${}", column, parameters.size());
}

void select_builder::where(const std::string& condition, const sql_values& values, char placeholder) {
  sql += filtered_ ? " AND (" : " WHERE (";
  filtered_ = true;
  auto next = values.begin();
  for (const char c : condition) {
    if (c != placeholder) {
      sql += c;
      continue;
    }
    parameters.push_back(*next++);
    sql += fmt::format("${}", parameters.size());
  }
  sql += ')';
}

select_builder join_select(const entity_sql& left, const std::string& left_column, select_builder rows,
                           const std::string& order, std::optional<std::size_t> limit, std::size_t offset,
                           const entity_sql& right, const std::string& right_column) {
  // The left rows are numbered first: the limit counts them, not the pairs, and those of one are beside each other.
  rows.sql = fmt::format(
      "SELECT a.nest_row, b.{0} IS NOT NULL, {1}, {2} FROM (SELECT t.*, row_number() OVER ({3}) AS nest_row FROM ({4}) "
      "t) a "
      "LEFT JOIN {5} b ON a.{6} = b.{0}{7}",
      right_column, left.names_of("a"), right.names_of("b"), order.empty() ? "" : "ORDER BY " + order, rows.sql,
      right.table, left_column, right.deleted.empty() ? "" : fmt::format(" AND b.{} IS NULL", right.deleted));
  rows.parameters.emplace_back(offset);
  rows.sql += fmt::format(" WHERE a.nest_row > ${}", rows.parameters.size());
  if (limit) {
    const std::size_t most = std::numeric_limits<std::int64_t>::max();
    rows.parameters.emplace_back(*limit < most - std::min(offset, most) ? offset + *limit : most);
    rows.sql += fmt::format(" AND a.nest_row <= ${}", rows.parameters.size());
  }
  rows.sql += " ORDER BY a.nest_row";
  return rows;
}

void select_builder::order(const std::string& column, bool descending) {
  sql += fmt::format("{}{}{}", ordered_ ? ", " : " ORDER BY ", column, descending ? " DESC" : "");
  ordered_ = true;
}

void select_builder::limit(std::optional<std::size_t> count, std::size_t offset) {
  if (!count && offset == 0) return;
  // SQLite wants a limit before an offset; the largest number means none on both.
  parameters.emplace_back(
      count ? static_cast<std::int64_t>(std::min<std::size_t>(*count, std::numeric_limits<std::int64_t>::max()))
            : std::numeric_limits<std::int64_t>::max());
  sql += fmt::format(" LIMIT ${}", parameters.size());
  if (offset == 0) return;
  parameters.emplace_back(offset);
  sql += fmt::format(" OFFSET ${}", parameters.size());
}

}  // namespace nestcpp::detail
