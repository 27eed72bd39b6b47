#include <nestcpp/database/result_set.hpp>

#include "array_text.hpp"

#include <nestcpp/database/errors.hpp>

#include <boost/json/parse.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <system_error>

namespace nestcpp {

namespace {

using kind = detail::result_data::kind;

std::string_view text_of(const detail::result_data& data, const detail::result_data::cell& cell) {
  return std::string_view{data.text}.substr(cell.offset, cell.length);
}

template <class N>
std::optional<N> parse_number(std::string_view text) {
  N number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

namespace detail {

void result_data::add_text(std::string_view v) {
  if (v.size() > std::numeric_limits<std::uint32_t>::max())
    throw database_error{"a value of 4 GiB or more was returned"};
  cells.push_back({});
  cells.back().type = kind::text;
  cells.back().length = static_cast<std::uint32_t>(v.size());
  cells.back().offset = text.size();
  text += v;
}

}  // namespace detail

void column_value::throw_unfit(std::string_view wanted) const {
  if (is_null()) {
    throw database_error{
        fmt::format("column \"{}\" is null where {} is wanted; read it as std::optional", name(), wanted)};
  }
  throw database_error{fmt::format("column \"{}\" holds {}, which is not {}", name(),
                                   cell().type == kind::integer ? "an integer"
                                   : cell().type == kind::real  ? "a floating-point number"
                                                                : "a text",
                                   wanted)};
}

bool column_value::as_bool() const {
  const auto& c = cell();
  if (c.type == kind::integer && (c.integer == 0 || c.integer == 1)) return c.integer == 1;
  if (c.type == kind::text) {
    const auto text = text_of(*data_, c);
    if (text == "t" || text == "true" || text == "1") return true;
    if (text == "f" || text == "false" || text == "0") return false;
  }
  throw_unfit("a boolean");
}

std::int64_t column_value::as_integer() const {
  const auto& c = cell();
  if (c.type == kind::integer) return c.integer;
  if (c.type == kind::text) {
    if (const auto number = parse_number<std::int64_t>(text_of(*data_, c))) return *number;
  }
  throw_unfit("an integer");
}

double column_value::as_real() const {
  const auto& c = cell();
  if (c.type == kind::real) return c.real;
  if (c.type == kind::integer) return static_cast<double>(c.integer);
  if (c.type == kind::text) {
    if (const auto number = parse_number<double>(text_of(*data_, c))) return *number;
  }
  throw_unfit("a number");
}

std::string column_value::as_text() const {
  const auto& c = cell();
  if (c.type == kind::integer) return std::to_string(c.integer);
  if (c.type == kind::real) return fmt::format("{}", c.real);
  return std::string{as_view()};
}

std::string_view column_value::as_view() const {
  const auto& c = cell();
  if (c.type == kind::text) return text_of(*data_, c);
  throw_unfit("a text");
}

uuid column_value::as_uuid() const {
  if (cell().type == kind::text) {
    if (const auto parsed = uuid::parse(text_of(*data_, cell()))) return *parsed;
  }
  throw_unfit("a UUID");
}

timestamp column_value::as_timestamp() const {
  if (cell().type == kind::text) {
    if (const auto parsed = timestamp::parse_iso8601(text_of(*data_, cell()))) return *parsed;
  }
  throw_unfit("a timestamp");
}

boost::json::value column_value::as_json() const {
  if (cell().type == kind::text) {
    boost::system::error_code error;
    const auto text = text_of(*data_, cell());
    auto parsed = boost::json::parse({text.data(), text.size()}, error);
    if (!error) return parsed;
  }
  throw_unfit("JSON");
}

detail::result_data column_value::as_items() const {
  if (cell().type == kind::text) {
    if (auto items = detail::parse_array(text_of(*data_, cell()))) {
      items->columns = std::make_shared<const std::vector<std::string>>(1, name());
      return *std::move(items);
    }
  }
  throw_unfit("an array");
}

column_value result_row::operator[](std::string_view column) const {
  const auto& columns = *data_->columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == column) return (*this)[i];
  }
  throw database_error{fmt::format("the result has no column \"{}\"; it has: {}", column, fmt::join(columns, ", "))};
}

column_value result_row::operator[](std::size_t column) const {
  if (column >= size()) throw database_error{fmt::format("the result has no column {}; it has {}", column, size())};
  if (index_ >= data_->rows) throw database_error{"a row past the end of the result was read"};
  return column_value{*data_, index_, column};
}

result_row result_set::operator[](std::size_t index) const {
  if (index >= size()) throw database_error{fmt::format("the result has no row {}; it has {}", index, size())};
  return result_row{data_, index};
}

}  // namespace nestcpp
