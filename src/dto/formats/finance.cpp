#include "dto/formats/ascii.hpp"
#include "dto/formats/tables/tables.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/encoding.hpp>
#include <nestcpp/dto/rules/identifier.hpp>

#include <array>
#include <cstddef>
#include <string>

// Accounts, cards, securities, coins.

namespace nestcpp::detail {
namespace {

bool has_luhn_digit(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int value = (digits[i] - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

int number_at(std::string_view digits, std::size_t count) {
  int value = 0;
  for (const char c : digits.substr(0, count)) value = value * 10 + c - '0';
  return value;
}

struct card_prefix {
  std::string_view provider;
  std::size_t digits;  // of the prefix
  int first, last;
  std::size_t shortest, longest;  // of the number
};
constexpr card_prefix cards[] = {
    {"amex", 2, 34, 34, 15, 15},       {"amex", 2, 37, 37, 15, 15},       {"dinersclub", 3, 300, 305, 14, 14},
    {"dinersclub", 2, 36, 36, 14, 14}, {"dinersclub", 2, 38, 38, 14, 14}, {"discover", 4, 6011, 6011, 16, 19},
    {"discover", 2, 65, 65, 16, 19},   {"jcb", 4, 2131, 2131, 15, 15},    {"jcb", 4, 1800, 1800, 15, 15},
    {"jcb", 2, 35, 35, 16, 16},        {"unionpay", 2, 62, 62, 16, 16},   {"unionpay", 2, 67, 67, 16, 16},
    {"unionpay", 2, 81, 81, 16, 19},   {"visa", 1, 4, 4, 13, 13},         {"visa", 1, 4, 4, 16, 19},
};

// validator.js's expression for Mastercard is open at one end of each of its halves.
bool is_mastercard(std::string_view digits) {
  if (digits.size() < 4) return false;
  if (const int start = number_at(digits, 2); start >= 51 && start <= 55) return true;
  if (digits.size() < 16) return false;
  const int bin = number_at(digits.substr(digits.size() - 16), 4);
  return bin >= 2221 && bin <= 2720;
}

bool is_card_of(std::string_view digits, std::string_view provider) {
  for (const card_prefix& card : cards) {
    if (!provider.empty() && provider != card.provider) continue;
    if (digits.size() < card.shortest || digits.size() > card.longest) continue;
    const int start = number_at(digits, card.digits);
    if (start >= card.first && start <= card.last) return true;
  }
  return (provider.empty() || provider == "mastercard") && is_mastercard(digits);
}

// What follows the country, as 18n or 4a 20c. False: it does not fit.
bool has_form(std::string_view text, std::string_view form) {
  text_reader in{text};
  text_reader runs{form};
  while (!runs.at_end()) {
    std::size_t count = 0;
    while (is_digit(runs.peek())) {
      count = count * 10 + static_cast<std::size_t>(runs.peek() - '0');
      runs.skip(1);
    }
    const char kind = runs.peek();
    runs.skip(1);
    runs.eat(' ');
    if (!in.exactly(count, [kind](char c) { return (kind != 'a' && is_digit(c)) || (kind != 'n' && is_upper(c)); })) {
      return false;
    }
  }
  return in.at_end();
}

}  // namespace

bool is_bic_text(std::string_view text) {
  if (text.size() != 8 && text.size() != 11) return false;
  if (!all_of(text.substr(0, 6), is_letter) || !all_of(text.substr(6), is_letter_or_digit)) return false;
  const char country[] = {to_upper(text[4]), to_upper(text[5])};
  const std::string_view code{country, 2};
  return code == "XK" || alpha2_countries.has(code);
}

bool is_credit_card_text(std::string_view text, std::string_view provider) {
  thread_local std::string digits;
  digits.clear();
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (!is_digit(c)) return false;
    digits += c;
  }
  return is_card_of(digits, provider) && has_luhn_digit(digits);
}

bool is_iban_text(std::string_view text, const rules::text_list& only, const rules::text_list& without) {
  constexpr std::size_t longest = 34;
  std::array<char, longest> kept{};
  std::size_t size = 0;
  while (!text.empty()) {
    const std::size_t space = text.front() == '-' ? 1 : leading_space(text);
    if (space == 0) {
      const char c = to_upper(text.front());
      if (size == longest || !is_letter_or_digit(c)) return false;
      kept[size++] = c;
    }
    text.remove_prefix(space == 0 ? 1 : space);
  }
  const std::string_view iban{kept.data(), size};
  const std::string_view country = iban.substr(0, 2);
  if (!only.empty()) {
    for (const std::string_view accepted : only) {
      if (find_entry(ibans, accepted) == nullptr) return false;  // as validator.js has it: a mistake in the list
    }
    if (!only.has(country)) return false;
  }
  const pattern_entry* entry = find_entry(ibans, country);
  if (without.has(country) || entry == nullptr || !has_form(iban.substr(2), entry->text)) return false;
  unsigned remainder = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const char c = iban[(i + 4) % size];
    remainder = is_digit(c) ? remainder * 10 + static_cast<unsigned>(c - '0')
                            : remainder * 100 + static_cast<unsigned>(c - 'A' + 10);
    remainder %= 97;
  }
  return remainder == 1;
}

bool is_isin_text(std::string_view text) {
  if (text.size() != 12 || !is_digit(text[11]) || !all_of(text.substr(0, 2), is_upper)) return false;
  if (!all_of(text, [](char c) { return is_upper(c) || is_digit(c); })) return false;
  // Letters are two digits each: A is 10.
  std::array<char, 24> digits{};
  std::size_t size = 0;
  for (const char c : text) {
    const int value = is_digit(c) ? c - '0' : c - 'A' + 10;
    if (value > 9) digits[size++] = static_cast<char>('0' + value / 10);
    digits[size++] = static_cast<char>('0' + value % 10);
  }
  return has_luhn_digit({digits.data(), size});
}

bool is_btc_address_text(std::string_view text) {
  if (text.starts_with("bc1") || text.starts_with("tb1")) {
    const auto is_bech32 = [](char c) {
      return (is_digit(c) && c != '1') || (is_lower(c) && c != 'b' && c != 'i' && c != 'o');
    };
    const std::string_view rest = text.substr(3);
    if (all_of(rest, is_bech32) && rest.size() >= 39 && rest.size() <= 59) {
      // One more for those that begin with p.
      return rest.size() <= 58 || rest.front() == 'p';
    }
  }
  if (text.empty() || std::string_view{"123m"}.find(text.front()) == std::string_view::npos) return false;
  const std::string_view rest = text.substr(1);
  return rest.size() >= 25 && rest.size() <= 39 && is_base58_text(rest);
}

bool is_ethereum_address_text(std::string_view text) {
  text_reader in{text};
  return in.eat_ignoring_case("0x") && in.exactly(40, is_hex) && in.at_end();
}

}  // namespace nestcpp::detail
