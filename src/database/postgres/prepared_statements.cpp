#include "prepared_statements.hpp"

#include "pqxx_connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace nestcpp::detail {

namespace {

constexpr std::size_t most_statements = 256;

// pg_type's object ids of what is not read as text
constexpr unsigned oid_bool = 16, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23, oid_float4 = 700, oid_float8 = 701;

bool is_query(std::string_view sql) {
  const std::string word = first_word_of(sql);
  return word == "select" || word == "values" || word == "table" || word == "show" || word == "explain";
}

bool has_same_columns(const prepared_statement& known, const PGresult& result) {
  if (!known.columns || known.types.size() != static_cast<std::size_t>(PQnfields(&result))) return false;
  for (std::size_t i = 0; i < known.types.size(); ++i) {
    const int at = static_cast<int>(i);
    if (known.types[i] != PQftype(&result, at) || (*known.columns)[i] != PQfname(&result, at)) return false;
  }
  return true;
}

void keep_columns(prepared_statement& of, const PGresult& result) {
  auto names = std::make_shared<std::vector<std::string>>();
  of.types.clear();
  for (int i = 0; i < PQnfields(&result); ++i) {
    names->emplace_back(PQfname(&result, i));
    of.types.push_back(PQftype(&result, i));
  }
  of.columns = std::move(names);
}

std::size_t affected_rows(const PGresult& result) {
  const std::string_view text = PQcmdTuples(const_cast<PGresult*>(&result));  // which it only reads
  std::size_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

void add(result_data& data, unsigned type, std::string_view text) {
  if (type == oid_bool) {
    data.add_integer(text == "t" ? 1 : 0);
  } else if (type == oid_int2 || type == oid_int4 || type == oid_int8) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    data.add_integer(number);
  } else if (type == oid_float4 || type == oid_float8) {
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);  // knows NaN and Infinity as well
    data.add_real(number);
  } else {
    data.add_text(text);
  }
}

}  // namespace

std::string first_word_of(std::string_view sql) {
  sql.remove_prefix(std::min(sql.size(), sql.find_first_not_of(" \t\r\n(")));
  std::string word;
  for (const char c : sql.substr(0, sql.find_first_of(" \t\r\n*(")))
    word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return word;
}

rows read_rows(prepared_statement& statement, const PGresult& result) {
  // A FETCH has those of its cursor.
  if (!has_same_columns(statement, result)) keep_columns(statement, result);
  auto data = std::make_shared<result_data>();
  const int columns = PQnfields(&result);
  const int count = PQntuples(&result);
  data->columns = statement.columns;
  data->rows = static_cast<std::size_t>(count);
  if (statement.changes) data->affected = affected_rows(result);
  data->cells.reserve(data->rows * static_cast<std::size_t>(columns));
  for (int row = 0; row < count; ++row) {
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(&result, row, column) != 0) {
        data->add_null();
      } else {
        add(*data, statement.types[static_cast<std::size_t>(column)],
            {PQgetvalue(&result, row, column), static_cast<std::size_t>(PQgetlength(&result, row, column))});
      }
    }
  }
  return data;
}

std::vector<std::string> prepared_statements::make_room_for(const std::vector<std::string_view>& texts) {
  std::vector<std::string> forgotten;
  if (order_.size() + texts.size() <= most_statements) return forgotten;
  std::set<std::string_view> unknown{texts.begin(), texts.end()};
  std::erase_if(unknown, [this](std::string_view each) { return statements_.contains(std::string{each}); });
  if (unknown.empty()) return forgotten;
  while (!order_.empty() && order_.size() + unknown.size() > most_statements) {
    forgotten.push_back(std::move(statements_.extract(order_.front()).mapped().name));
    order_.pop_front();
  }
  return forgotten;
}

prepared_statements::found prepared_statements::find_or_add(const std::string& sql) {
  const auto [at, is_new] = statements_.try_emplace(sql);
  if (is_new) {
    at->second.name = fmt::format("nestcpp_{}", ++last_name_);
    at->second.changes = !is_query(sql);
    order_.push_back(sql);
  }
  return {at->second, is_new};
}

void prepared_statements::forget_what_is_not_ready() {
  std::erase_if(statements_, [](const auto& each) { return !each.second.is_ready; });
  std::erase_if(order_, [this](const std::string& each) { return !statements_.contains(each); });
}

void prepared_statements::clear() noexcept {
  statements_.clear();
  order_.clear();
}

}  // namespace nestcpp::detail
