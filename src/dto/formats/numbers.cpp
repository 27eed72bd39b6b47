#include "dto/formats/ascii.hpp"
#include "dto/formats/pattern.hpp"
#include "dto/formats/tables/tables.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/dto/rules/number.hpp>

#include <charconv>
#include <string>

// Numbers, amounts and places on Earth, as text.

namespace nestcpp::detail {
namespace {

std::string_view decimal_mark(std::string_view locale) {
  const pattern_entry* entry = find_entry(decimal_marks, locale);
  return entry == nullptr ? std::string_view{"."} : entry->text;
}

std::string number_text(double value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view syntax = "^$\\.*+?()[]{}|/-";
  for (const char c : text) {
    if (syntax.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}

// What validator.js makes of its options, piece by piece.
std::string currency_expression(const rules::currency_options& options) {
  std::string amount = "(?:0|[1-9]\\d*|[1-9]\\d{0,2}(?:";
  append_escaped(amount, options.thousands_separator);
  amount += "\\d{3})*)?";
  if (options.allow_decimal || options.require_decimal) {
    amount += "(?:";
    append_escaped(amount, options.decimal_separator);
    amount += "(?:";
    bool first = true;
    for (const std::size_t digits : options.digits_after_decimal) {
      amount.append(first ? "" : "|").append("\\d{").append(std::to_string(digits)).append("}");
      first = false;
    }
    amount.append("))").append(options.require_decimal ? "" : "?");
  }
  if (options.allow_negatives && !options.parens_for_negatives) {
    if (options.negative_sign_after_digits) {
      amount += "-?";
    } else if (options.negative_sign_before_digits) {
      amount.insert(0, "-?");
    }
  }
  if (options.allow_negative_sign_placeholder) {
    amount.insert(0, "(?: (?!-))?");
  } else if (options.allow_space_after_symbol) {
    amount.insert(0, " ?");
  } else if (options.allow_space_after_digits) {
    amount += "(?: (?!$))?";
  }
  std::string symbol = "(?:";
  append_escaped(symbol, options.symbol);
  symbol.append(")").append(options.require_symbol ? "" : "?");
  amount = options.symbol_after_digits ? amount + symbol : symbol + amount;
  if (options.allow_negatives) {
    if (options.parens_for_negatives) {
      amount = "(?:\\(" + amount + "\\)|" + amount + ")";
    } else if (!options.negative_sign_before_digits && !options.negative_sign_after_digits) {
      amount.insert(0, "-?");
    }
  }
  return "^(?!-? )(?=.*\\d)" + amount + "$";
}

bool eat_degrees(text_reader& in, int limit) {
  const std::string_view all = in.rest();
  const std::size_t size = in.run(is_digit);
  if (size == 0 || size > (limit == 90 ? 2u : 3u)) return false;
  int value = 0;
  for (const char c : all.substr(0, size)) value = value * 10 + c - '0';
  // Latitudes are not written as 07, longitudes not as 075.
  if (limit == 90 ? size == 2 && all[0] == '0' : size == 3 && all[0] == '0') return false;
  if (value > limit) return false;
  if (!in.eat('.')) return true;
  const std::string_view decimals = in.rest();
  const std::size_t count = in.run(is_digit);
  return count != 0 && (value < limit || all_of(decimals.substr(0, count), [](char c) { return c == '0'; }));
}

}  // namespace

// A number below 1e-6 is written as 1.5e-7: there validator.js counts what stands behind the dot, and fails without
// one.
std::size_t decimal_places(double value) {
  const std::string text = number_text(value);
  if (const std::size_t dot = text.find('.'); dot != std::string::npos) return text.size() - dot - 1;
  const std::size_t exponent = text.find("e-");
  if (exponent == std::string::npos) return 0;
  std::size_t places = 0;
  std::from_chars(text.data() + exponent + 2, text.data() + text.size(), places);
  return places;
}

bool is_number_string_text(std::string_view text, bool no_symbols, std::string_view locale) {
  text_reader in{text};
  if (no_symbols) return in.run(is_digit) != 0 && in.at_end();
  in.eat_any("+-");
  const bool whole = in.run(is_digit) != 0;
  if (in.eat(decimal_mark(locale))) return in.run(is_digit) != 0 && in.at_end();
  return whole && in.at_end();
}

bool is_decimal_text(std::string_view text, bool force_decimal, std::size_t least, std::size_t most,
                     std::string_view locale) {
  text_reader in{text};
  in.eat_any("+-");
  if (in.at_end()) return false;
  in.run(is_digit);
  if (!in.eat(decimal_mark(locale))) return !force_decimal && in.at_end();
  const std::size_t digits = in.run(is_digit);
  return digits >= least && digits <= most && in.at_end();
}

bool is_currency_text(std::string_view text, const rules::currency_options& options) {
  return compiled_pattern(currency_expression(options), "").test(text);
}

bool is_lat_long_text(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return false;
  const std::string_view latitude = text.substr(0, comma);
  std::string_view longitude = text.substr(comma + 1);
  longitude = longitude.substr(0, longitude.find(','));  // validator.js does not look at what comes then
  if (latitude.starts_with('(') != longitude.ends_with(')')) return false;
  text_reader north{latitude};
  north.eat('(');
  north.eat_any("+-");
  if (!eat_degrees(north, 90) || !north.at_end()) return false;
  text_reader east{longitude};
  east.skip(leading_space(longitude));
  east.eat_any("+-");
  if (!eat_degrees(east, 180)) return false;
  east.eat(')');
  return east.at_end();
}

bool is_latitude_value(const rule_value& value) {
  const std::string text = value.is_number() ? number_text(value.number) : std::string{value.text};
  return is_lat_long_text(text + ",0");
}

bool is_longitude_value(const rule_value& value) {
  const std::string text = value.is_number() ? number_text(value.number) : std::string{value.text};
  return is_lat_long_text("0," + text);
}

}  // namespace nestcpp::detail
