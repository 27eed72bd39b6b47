#include "text_check.hpp"

#include <nestcpp/database/errors.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace nestcpp::detail {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct sequence {
  std::size_t length;
  bool valid;
};

// The sequence that begins at `at`: a character, or what one U+FFFD stands for.
sequence next_sequence(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(at);
  if (lead < 0x80U) return {1, true};
  std::size_t length = 0;
  unsigned low = 0x80U;
  unsigned high = 0xBFU;
  if (lead >= 0xC2U && lead <= 0xDFU) {
    length = 2;
  } else if (lead >= 0xE0U && lead <= 0xEFU) {
    length = 3;
    if (lead == 0xE0U) low = 0xA0U;
    if (lead == 0xEDU) {
      if (byte(at + 1) >= 0xA0U && byte(at + 1) <= 0xBFU && continues(at + 2)) return {3, false};  // a surrogate
      high = 0x9FU;
    }
  } else if (lead >= 0xF0U && lead <= 0xF4U) {
    length = 4;
    if (lead == 0xF0U) low = 0x90U;
    if (lead == 0xF4U) high = 0x8FU;
  } else {
    return {1, false};
  }
  if (byte(at + 1) < low || byte(at + 1) > high) return {1, false};
  for (std::size_t i = 2; i < length; ++i) {
    if (!continues(at + i)) return {i, false};
  }
  return {length, true};
}

// How many bytes from `at` are ASCII, eight at a time.
std::size_t skip_ascii(std::string_view text, std::size_t at) noexcept {
  while (at + 8 <= text.size()) {
    std::uint64_t block = 0;
    std::memcpy(&block, text.data() + at, 8);
    if ((block & 0x8080808080808080ULL) != 0) break;
    at += 8;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80U) ++at;
  return at;
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const auto next = next_sequence(text, at);
    if (!next.valid) return false;
    at += next.length;
  }
  return true;
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size() + 8);
  for (std::size_t at = 0; at < text.size();) {
    const auto next = next_sequence(text, at);
    result += next.valid ? text.substr(at, next.length) : replacement;
    at += next.length;
  }
  return result;
}

namespace {

void check_parameter(sql_value& value, std::size_t number) {
  if (auto* array = std::get_if<sql_array>(&value.data())) {
    for (sql_value& each : array->items) check_parameter(each, number);
  }
  auto* text = std::get_if<std::string>(&value.data());
  if (text == nullptr) return;
  if (text->find('\0') != std::string::npos) {
    throw database_error{
        fmt::format("parameter ${} contains a NUL character, which a database cannot store in text", number)};
  }
  if (!is_valid_utf8(*text)) *text = replace_invalid_utf8(*text);
}

}  // namespace

void check_statement(const std::string& sql, sql_values& parameters) {
  if (sql.find('\0') != std::string::npos) throw database_error{"the SQL text contains a NUL character"};
  for (std::size_t i = 0; i < parameters.size(); ++i) check_parameter(parameters[i], i + 1);
}

void check_identifier(std::string_view name, std::string_view what) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  bool good = !name.empty() && name.size() <= 63 && is_letter(name.front());
  for (const char c : name) good = good && (is_letter(c) || (c >= '0' && c <= '9'));
  if (!good) {
    throw database_error{
        fmt::format("\"{}\" is no name for {}: letters, digits and _ are accepted, up to 63, beginning with "
                    "no digit",
                    name, what)};
  }
}

}  // namespace nestcpp::detail
