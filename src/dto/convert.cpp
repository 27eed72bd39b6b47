#include <nestcpp/dto/detail/convert.hpp>

#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/dto/parse_text.hpp>
#include <nestcpp/dto/rules/transform.hpp>

#include <boost/json/string.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace nestcpp::detail {
namespace {

// A whole number keeps its digits; others are the nearest double.
bool parse_number(std::string_view text, boost::json::value& out) {
  std::int64_t whole = 0;
  if (parse_text(text, whole)) {
    out = whole;
    return true;
  }
  std::uint64_t large = 0;
  if (parse_text(text, large)) {
    out = large;
    return true;
  }
  double real = 0;
  if (!parse_text(text, real)) return false;
  out = real;
  return true;
}

double parse_digits(std::string_view digits, int base) {
  double value = 0;
  if (digits.empty()) return std::numeric_limits<double>::quiet_NaN();
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9'                     ? c - '0'
                      : (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? (c | 0x20) - 'a' + 10
                                                               : 99;
    if (digit >= base) return std::numeric_limits<double>::quiet_NaN();
    value = value * base + digit;
  }
  return value;
}

// Of decimal digits that no double can hold, which too small ones are too.
bool is_tiny(std::string_view text) {
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  long exponent = 0;
  if (mark + 1 < text.size()) {
    const char* const begin = text.data() + mark + (text[mark + 1] == '+' ? 2 : 1);
    if (std::from_chars(begin, text.data() + text.size(), exponent).ec != std::errc{}) return text[mark + 1] == '-';
  }
  const auto point = static_cast<long>(std::min(text.find('.'), mark));
  const auto first = static_cast<long>(text.find_first_of("123456789"));
  return exponent < first - point;
}

// ECMAScript's StringToNumber.
double javascript_number(std::string text) {
  trim_text(text);
  std::string_view rest{text};
  if (rest.empty()) return 0;
  if (rest.size() > 2 && rest[0] == '0') {
    switch (rest[1] | 0x20) {
      case 'x': return parse_digits(rest.substr(2), 16);
      case 'o': return parse_digits(rest.substr(2), 8);
      case 'b': return parse_digits(rest.substr(2), 2);
      default: break;
    }
  }
  const bool negative = rest[0] == '-';
  if (negative || rest[0] == '+') rest.remove_prefix(1);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (rest == "Infinity") return negative ? -infinity : infinity;
  if (rest.empty() || !((rest[0] >= '0' && rest[0] <= '9') || rest[0] == '.')) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (end != rest.data() + rest.size()) return std::numeric_limits<double>::quiet_NaN();
  if (error == std::errc::result_out_of_range) value = is_tiny(rest) ? 0.0 : infinity;
  return negative ? -value : value;
}

}  // namespace

void convert_to_text(boost::json::value& value, conversion how) {
  std::string text;
  if (const auto* flag = value.if_bool()) {
    text = *flag ? "true" : "false";
  } else if (const auto* whole = value.if_int64()) {
    text = std::to_string(*whole);
  } else if (const auto* large = value.if_uint64()) {
    text = std::to_string(*large);
  } else if (const auto* real = value.if_double()) {
    append_json_number(text, *real);
  } else if (how == conversion::javascript && value.is_object()) {
    text = "[object Object]";
  } else {
    return;
  }
  value = boost::json::string{text};
}

void convert_to_number(boost::json::value& value, conversion how) {
  if (const auto* text = value.if_string()) {
    const std::string copy{std::string_view{*text}};
    if (parse_number(copy, value) || how != conversion::javascript) return;
    value = javascript_number(copy);
  } else if (const auto* flag = value.if_bool(); flag != nullptr && how == conversion::javascript) {
    value = *flag ? 1 : 0;
  }
}

void convert_to_boolean(boost::json::value& value, conversion how) {
  if (how == conversion::javascript) {
    if (const auto* text = value.if_string()) {
      value = !text->empty();
    } else if (value.is_number()) {
      const auto number = value.to_number<double>();
      value = number != 0 && number == number;
    } else if (!value.is_bool()) {
      value = true;
    }
    return;
  }
  bool flag = false;
  if (const auto* text = value.if_string(); text != nullptr && parse_text(std::string_view{*text}, flag)) value = flag;
}

}  // namespace nestcpp::detail
