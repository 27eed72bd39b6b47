#include "dto/formats/ascii.hpp"

#include <nestcpp/dto/json_cursor.hpp>
#include <nestcpp/dto/rules/encoding.hpp>

#include <algorithm>

// Alphabets that bytes and numbers are written in.

namespace nestcpp::detail {
namespace {

constexpr bool is_base58(char c) { return is_letter_or_digit(c) && c != '0' && c != 'I' && c != 'O' && c != 'l'; }
constexpr bool is_base64(char c) { return is_letter_or_digit(c) || c == '+' || c == '/'; }
constexpr bool is_base64_url(char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; }

}  // namespace

bool is_base32_text(std::string_view text, bool crockford) {
  if (crockford) {
    return !text.empty() && all_of(text, [](char c) {
      return is_digit(c) || (is_upper(c) && c != 'I' && c != 'L' && c != 'O' && c != 'U');
    });
  }
  text_reader in{text};
  const std::size_t digits = in.run([](char c) { return is_upper(c) || (c >= '2' && c <= '7'); });
  in.run([](char c) { return c == '='; });
  return digits != 0 && in.at_end() && text.size() % 8 == 0;
}

bool is_base58_text(std::string_view text) { return all_of(text, is_base58); }

bool is_base64_text(std::string_view text, bool url_safe, bool padded) {
  if (text.empty()) return true;
  if (padded && text.size() % 4 != 0) return false;
  text_reader in{text};
  if (in.run(url_safe ? is_base64_url : is_base64) == 0) return false;
  if (padded && in.eat('=')) in.eat('=');
  return in.at_end();
}

bool is_hash_text(std::string_view text, std::size_t digits) { return text.size() == digits && all_of(text, is_hex); }

bool is_hexadecimal_text(std::string_view text) {
  text_reader in{text};
  if (!in.eat_ignoring_case("0x")) in.eat_ignoring_case("0h");
  return in.run(is_hex) != 0 && in.at_end();
}

bool is_octal_text(std::string_view text) {
  text_reader in{text};
  in.eat_ignoring_case("0o");
  return in.run([](char c) { return c >= '0' && c <= '7'; }) != 0 && in.at_end();
}

bool is_mongo_id_text(std::string_view text) { return text.size() == 24 && is_hexadecimal_text(text); }

bool is_firebase_push_id_text(std::string_view text) { return text.size() == 20 && all_of(text, is_base64_url); }

bool is_jwt_text(std::string_view text) {
  return std::count(text.begin(), text.end(), '.') == 2 &&
         all_of(text, [](char c) { return c == '.' || is_base64_url(c); });
}

bool is_json_text(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\n\r");
  if (start == std::string_view::npos || (text[start] != '{' && text[start] != '[')) return false;
  json_cursor in{text};  // with its limit of arrays and objects within one another
  return in.skip_value() && in.at_end();
}

}  // namespace nestcpp::detail
