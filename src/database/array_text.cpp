#include "array_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <cmath>
#include <type_traits>
#include <variant>

namespace nestcpp::detail {

namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_json_text(std::string& out, std::string_view text) {
  out += boost::json::serialize(boost::json::string_view{text.data(), text.size()});
}

struct array_syntax {
  char open, close;
  const char* null;
  void (*append_text)(std::string& out, std::string_view text);
};

std::string write(const sql_array& array, const array_syntax& syntax) {
  std::string out(1, syntax.open);
  for (const sql_value& each : array.items) {
    if (out.size() > 1) out += ',';
    std::visit(
        [&](const auto& v) {
          using type = std::decay_t<decltype(v)>;
          if constexpr (std::is_same_v<type, std::monostate>) {
            out += syntax.null;
          } else if constexpr (std::is_same_v<type, std::string>) {
            syntax.append_text(out, v);
          } else if constexpr (std::is_same_v<type, uuid>) {
            syntax.append_text(out, v.to_string());
          } else if constexpr (std::is_same_v<type, timestamp>) {
            syntax.append_text(out, v.to_iso8601());
          } else if constexpr (std::is_same_v<type, sql_array>) {
            out += write(v, syntax);
          } else if constexpr (std::is_same_v<type, double>) {
            if (std::isfinite(v)) {
              out += fmt::format("{}", v);
            } else {  // read back, it is one again
              syntax.append_text(out, std::isnan(v) ? "NaN" : v > 0 ? "Infinity" : "-Infinity");
            }
          } else {
            out += fmt::format("{}", v);
          }
        },
        each.data());
  }
  return out += syntax.close;
}

// PostgreSQL writes "[2:3]={…}" where an array does not begin at 1.
std::string_view without_bounds(std::string_view text) {
  if (!text.starts_with('[')) return text;
  const auto start = text.find("]={");
  return start == std::string_view::npos ? text : text.substr(start + 2);
}

bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_null_word(std::string_view word) noexcept {
  return word.size() == 4 && (word[0] | 0x20) == 'n' && (word[1] | 0x20) == 'u' && (word[2] | 0x20) == 'l' &&
         (word[3] | 0x20) == 'l';
}

// https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
std::optional<result_data> parse_literal(std::string_view text) {
  result_data items;
  const auto add = [&items](std::string_view item, bool was_quoted) {
    if (!was_quoted && is_null_word(item)) {
      items.add_null();
    } else {
      items.add_text(item);
    }
    ++items.rows;
  };
  text = text.substr(1);
  const auto skip_spaces = [&text] {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  };
  skip_spaces();
  if (text == "}") return items;
  while (true) {
    skip_spaces();
    std::string item;
    const bool is_quoted = text.starts_with('"');
    if (is_quoted) text.remove_prefix(1);
    bool ended = false;
    while (!text.empty() && !ended) {
      const char c = text.front();
      ended = is_quoted ? c == '"' : c == ',' || c == '}';
      if (ended) break;
      if (!is_quoted && (c == '{' || c == '"')) return std::nullopt;  // another dimension, or no array at all
      if (c == '\\') text.remove_prefix(1);
      if (text.empty()) return std::nullopt;
      item += text.front();
      text.remove_prefix(1);
    }
    if (!ended) return std::nullopt;
    if (is_quoted) {
      text.remove_prefix(1);
      skip_spaces();
    } else {
      while (!item.empty() && is_space(item.back())) item.pop_back();
      if (item.empty()) return std::nullopt;
    }
    add(item, is_quoted);
    if (text == "}") return items;
    if (!text.starts_with(',')) return std::nullopt;
    text.remove_prefix(1);
  }
}

std::optional<result_data> parse_json(std::string_view text) {
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse({text.data(), text.size()}, error);
  if (error || !parsed.is_array()) return std::nullopt;
  result_data items;
  for (const boost::json::value& each : parsed.get_array()) {
    if (each.is_null()) {
      items.add_null();
    } else if (each.is_string()) {
      items.add_text({each.get_string().data(), each.get_string().size()});
    } else {
      items.add_text(boost::json::serialize(each));
    }
    ++items.rows;
  }
  return items;
}

}  // namespace

std::string to_array_literal(const sql_array& array) { return write(array, {'{', '}', "NULL", append_quoted}); }

std::string to_json_array(const sql_array& array) { return write(array, {'[', ']', "null", append_json_text}); }

std::optional<result_data> parse_array(std::string_view text) {
  const std::string_view bare = without_bounds(text);
  if (bare.starts_with('{')) return parse_literal(bare);
  if (bare.starts_with('[')) return parse_json(bare);
  return std::nullopt;
}

}  // namespace nestcpp::detail
