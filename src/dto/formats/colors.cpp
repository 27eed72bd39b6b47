#include "dto/formats/ascii.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/identifier.hpp>

#include <string>

// Colours of CSS, as validator.js takes them.

namespace nestcpp::detail {
namespace {

// A number to 255 without leading zeros, or to 100 with %.
bool eat_channel(text_reader& in, bool percent) {
  const std::string_view all = in.rest();
  const std::size_t size = in.run(is_digit, 3);
  if (size == 0 || (size > 1 && all[0] == '0')) return false;
  int value = 0;
  for (const char c : all.substr(0, size)) value = value * 10 + c - '0';
  return percent ? value <= 100 && in.eat('%') : value <= 255;
}

// .5, 0.55, 1, 1.0, 0, 0.0
bool eat_alpha(text_reader& in) {
  if (in.eat('1')) return !in.eat('.') || in.eat('0');
  const bool zero = in.eat('0');
  if (!in.eat('.')) return zero;
  const std::size_t digits = in.run(is_digit, 2);
  return digits != 0;
}

bool is_rgb(std::string_view text, bool percent) {
  text_reader in{text};
  if (!in.eat("rgb")) return false;
  const bool alpha = in.eat('a');
  if (!in.eat('(')) return false;
  for (int i = 0; i < 3; ++i) {
    if ((i != 0 && !in.eat(',')) || !eat_channel(in, percent)) return false;
  }
  return (!alpha || (in.eat(',') && eat_alpha(in))) && in.eat(')') && in.at_end();
}

// A number of CSS, with sign, decimals and exponent.
bool eat_number(text_reader& in) {
  in.eat_any("+-");
  const bool whole = in.run(is_digit) != 0;
  if (in.eat('.')) {
    if (in.run(is_digit) == 0) return false;
  } else if (!whole) {
    return false;
  }
  if (text_reader exponent = in; exponent.eat_any("eE")) {
    exponent.eat_any("+-");
    if (exponent.run(is_digit) != 0) in = exponent;
  }
  return true;
}

bool eat_percentage(text_reader& in) { return eat_number(in) && in.eat('%'); }

// Each run of white space becomes one blank, and none is left beside hsl( hsla( ) and commas.
std::string without_spaces(std::string_view text) {
  std::string single;
  while (!text.empty()) {
    const std::size_t space = leading_space(text);
    if (space == 0) {
      single += text.front();
    } else if (single.empty() || single.back() != ' ') {
      single += ' ';
    }
    text.remove_prefix(space == 0 ? 1 : space);
  }
  std::string out;
  text_reader in{single};
  while (!in.at_end()) {
    text_reader token = in;
    token.eat(' ');
    const std::string_view start = token.rest();
    if (token.eat_ignoring_case("hsl(") || token.eat_ignoring_case("hsla(") || token.eat_any("),")) {
      out += start.substr(0, start.size() - token.rest().size());
      token.eat(' ');
      in = token;
    } else {
      out += in.peek();
      in.skip(1);
    }
  }
  return out;
}

}  // namespace

bool is_hex_color_text(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  return (text.size() == 3 || text.size() == 4 || text.size() == 6 || text.size() == 8) && all_of(text, is_hex);
}

bool is_rgb_color_text(std::string_view text, bool percent) {
  return is_rgb(text, false) || (percent && is_rgb(text, true));
}

bool is_hsl_text(std::string_view text) {
  const std::string plain = without_spaces(text);
  text_reader in{plain};
  if (!in.eat_ignoring_case("hsl")) return false;
  in.eat_any("aA");
  if (!in.eat('(') || !eat_number(in)) return false;
  for (const std::string_view unit : {"deg", "grad", "rad", "turn"}) {
    if (in.eat_ignoring_case(unit)) break;
  }
  const char separator = plain.find(',') != std::string::npos ? ',' : ' ';
  for (int i = 0; i < 2; ++i) {
    if (!in.eat(separator) || !eat_percentage(in)) return false;
  }
  if (separator == ' ') in.eat(' ');
  if (separator == ',' ? in.eat(',') : in.eat("/ ")) {
    if (!eat_number(in)) return false;
    in.eat('%');
    if (separator == ' ') in.eat(' ');
  }
  return in.eat(')') && in.at_end();
}

}  // namespace nestcpp::detail
