#include "dto/formats/ascii.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/identifier.hpp>

#include <array>
#include <cstddef>

// Goods, books, periodicals, recordings, versions.

namespace nestcpp::detail {
namespace {

// validator.js takes white space and hyphens out of an ISBN.
struct isbn_text {
  std::array<char, 13> characters{};
  std::size_t size = 0;

  bool assign(std::string_view text) {
    while (!text.empty()) {
      const std::size_t space = text.front() == '-' ? 1 : leading_space(text);
      if (space == 0) {
        if (size == characters.size()) return false;
        characters[size++] = text.front();
      }
      text.remove_prefix(space == 0 ? 1 : space);
    }
    return true;
  }
  [[nodiscard]] std::string_view view() const { return {characters.data(), size}; }
};

int digit_value(char c) { return c == 'X' || c == 'x' ? 10 : c - '0'; }

bool is_isbn10(std::string_view text) {
  if (text.size() != 10 || !all_of(text.substr(0, 9), is_digit) || !(is_digit(text[9]) || text[9] == 'X')) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 10; ++i) sum += static_cast<int>(i + 1) * digit_value(text[i]);
  return sum % 11 == 0;
}

// The last digit makes the weighted sum a multiple of ten; the digit before it weighs three, the next one, and so on.
bool has_ean_digit(std::string_view digits) {
  int sum = 0;
  bool three = false;
  for (std::size_t i = digits.size(); i-- > 0; three = !three) sum += (digits[i] - '0') * (three ? 3 : 1);
  return sum % 10 == 0;
}

bool is_word_character(char c) { return is_letter_or_digit(c) || c == '-'; }

bool is_plain_number(std::string_view text) {
  return !text.empty() && all_of(text, is_digit) && (text.size() == 1 || text[0] != '0');
}

// Words with dots between; digits alone are a number without leading zeros where `numbers` says so.
bool eat_words(text_reader& in, bool numbers) {
  do {
    const std::string_view all = in.rest();
    const std::string_view word = all.substr(0, in.run(is_word_character));
    if (word.empty() || (numbers && all_of(word, is_digit) && !is_plain_number(word))) return false;
  } while (in.eat('.'));
  return true;
}

}  // namespace

bool is_ean_text(std::string_view text) {
  return (text.size() == 8 || text.size() == 13 || text.size() == 14) && all_of(text, is_digit) && has_ean_digit(text);
}

bool is_isbn_text(std::string_view text, int version) {
  isbn_text isbn;
  if (!isbn.assign(text)) return false;
  const std::string_view digits = isbn.view();
  return (version != 13 && is_isbn10(digits)) ||
         (version != 10 && digits.size() == 13 && all_of(digits, is_digit) && has_ean_digit(digits));
}

bool is_issn_text(std::string_view text, bool case_sensitive, bool require_hyphen) {
  text_reader in{text};
  if (!in.exactly(4, is_digit)) return false;
  if (!in.eat('-') && require_hyphen) return false;
  const std::string_view rest = in.rest();
  if (rest.size() != 4 || !all_of(rest.substr(0, 3), is_digit)) return false;
  if (!is_digit(rest[3]) && rest[3] != 'X' && (case_sensitive || rest[3] != 'x')) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    sum += digit_value(text[i]) * (8 - static_cast<int>(i)) + digit_value(rest[i]) * (4 - static_cast<int>(i));
  }
  return sum % 11 == 0;
}

bool is_isrc_text(std::string_view text) {
  return text.size() == 12 && all_of(text.substr(0, 2), is_upper) &&
         all_of(text.substr(2, 3), [](char c) { return is_upper(c) || is_digit(c); }) &&
         all_of(text.substr(5), is_digit);
}

bool is_sem_ver_text(std::string_view text) {
  text_reader in{text};
  for (int i = 0; i < 3; ++i) {
    if (i != 0 && !in.eat('.')) return false;
    const std::string_view all = in.rest();
    if (!is_plain_number(all.substr(0, in.run(is_digit)))) return false;
  }
  if (in.eat('-') && !eat_words(in, true)) return false;
  if (in.eat('+') && !eat_words(in, false)) return false;
  return in.at_end();
}

}  // namespace nestcpp::detail
