#include "dto/formats/ascii.hpp"
#include "dto/formats/letter_case.hpp"
#include "dto/formats/pattern.hpp"
#include "dto/formats/tables/tables.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/locale.hpp>

#include <algorithm>
#include <array>
#include <string>

// What depends on countries and languages.

namespace nestcpp::detail {
namespace {

bool has_in_upper_case(const code_table& table, std::string_view text) {
  constexpr std::size_t longest = 9;  // three characters that become one letter each
  return text.size() <= longest && table.has(upper_ascii(text));
}

// RFC 5646's grammar with _ beside -, as validator.js has it.
constexpr std::string_view language_tag =
    "^(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}(?:-[A-Za-z]{3}){0,2})?|[A-Za-z]{5,8})"  // language
    "(?:[-_][A-Za-z]{4})?"                                                    // script
    "(?:[-_](?:[A-Za-z]{2}|\\d{3}))?"                                         // region
    "(?:[-_](?:[A-Za-z0-9]{5,8}|\\d[-A-Za-z0-9]{3}))*"                        // variants
    "(?:[-_][0-9A-WYZa-wyz](?:-[A-Za-z0-9]{2,8})+)*"                          // extensions
    "(?:[-_]x(?:-[A-Za-z0-9]{1,8})+)?$"                                       // private use
    "|^x(?:-[A-Za-z0-9]{1,8})+$";
constexpr std::string_view registered_tags =
    " en-GB-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu "
    "sgn-BE-FR sgn-BE-NL sgn-CH-DE art-lojban cel-gaulish no-bok no-nyn zh-guoyu zh-hakka zh-min zh-min-nan zh-xiang ";

}  // namespace

bool is_iso4217_text(std::string_view text) { return has_in_upper_case(currencies, text); }
bool is_iso31661_alpha2_text(std::string_view text) { return has_in_upper_case(alpha2_countries, text); }
bool is_iso31661_alpha3_text(std::string_view text) { return has_in_upper_case(alpha3_countries, text); }
bool is_iso31661_numeric_text(std::string_view text) { return numeric_countries.has(text); }
bool is_iso6391_text(std::string_view text) { return languages.has(text); }

bool is_locale_text(std::string_view text) {
  return has_word(registered_tags, text) || compiled_pattern(language_tag, "").test(text);
}

bool is_time_zone_text(std::string_view text) {
  constexpr std::size_t longest = 64;
  std::array<char, longest> lower{};
  if (text.size() > lower.size()) return false;
  std::transform(text.begin(), text.end(), lower.begin(), to_lower);
  return has_word(time_zones, {lower.data(), text.size()});
}

bool is_mobile_phone_text(std::string_view text, const rules::text_list& locales, bool strict_mode) {
  if (strict_mode && !text.starts_with('+')) return false;
  if (locales.empty()) {
    return std::any_of(mobile_phones.begin(), mobile_phones.end(),
                       [text](const pattern_entry& entry) { return matches_entry(entry, text); });
  }
  return std::any_of(locales.begin(), locales.end(), [text](std::string_view locale) {
    const pattern_entry* entry = find_entry(mobile_phones, locale);
    return entry != nullptr && matches_entry(*entry, text);
  });
}

bool is_postal_code_text(std::string_view text, std::string_view country) {
  if (country == "any") {
    return std::any_of(postal_codes.begin(), postal_codes.end(),
                       [text](const pattern_entry& entry) { return matches_entry(entry, text); });
  }
  const pattern_entry* entry = find_entry(postal_codes, country);
  return entry != nullptr && matches_entry(*entry, text);
}

bool is_passport_number_text(std::string_view text, std::string_view country) {
  const pattern_entry* entry = find_entry(passports, country);
  std::string number;
  while (!text.empty()) {
    const std::size_t space = leading_space(text);
    if (space == 0) number += text.front();
    text.remove_prefix(space == 0 ? 1 : space);
  }
  return entry != nullptr && matches_entry(*entry, upper_ascii(number));
}

}  // namespace nestcpp::detail
