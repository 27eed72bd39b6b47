#include "dto/formats/ascii.hpp"
#include "dto/formats/tables/tables.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/encoding.hpp>
#include <nestcpp/dto/rules/string.hpp>

#include <algorithm>

// What kinds of characters a text has.

namespace nestcpp::detail {
namespace {

constexpr bool is_ascii_byte(char c) { return static_cast<unsigned char>(c) < 128; }

constexpr bool is_half_width(char16_t unit) {
  return (unit >= 0x20 && unit <= 0x7e) || (unit >= 0xff61 && unit <= 0xffdc) || (unit >= 0xffe8 && unit <= 0xffee);
}

struct widths {
  bool half = false, full = false;
};
widths widths_of(std::string_view text) {
  widths found;
  for_each_unit(text, [&found](char16_t unit) {
    (is_half_width(unit) ? found.half : found.full) = true;
    return !(found.half && found.full);
  });
  return found;
}

bool is_among(std::span<const unit_run> runs, char16_t unit) {
  const auto found = std::lower_bound(runs.begin(), runs.end(), unit,
                                      [](const unit_run& run, char16_t wanted) { return run.last < wanted; });
  return found != runs.end() && unit >= found->first;
}

bool has_letters_of(std::span<const letters_entry> locales, std::string_view locale, std::string_view text) {
  const auto entry =
      std::lower_bound(locales.begin(), locales.end(), locale,
                       [](const letters_entry& candidate, std::string_view key) { return candidate.key < key; });
  if (entry == locales.end() || entry->key != locale) return false;
  if (text.empty()) return entry->may_be_empty;
  bool any = false;
  bool in_first = true;
  return for_each_unit(text, [&](char16_t unit) {
    if (in_first && is_among(entry->first, unit)) return any = true;
    in_first = false;
    return any && is_among(entry->then, unit);
  });
}

}  // namespace

std::size_t unit_count(std::string_view text) {
  std::size_t count = 0;
  for_each_unit(text, [&count](char16_t) { return ++count, true; });
  return count;
}

bool is_ascii_text(std::string_view text) { return !text.empty() && all_of(text, is_ascii_byte); }
bool is_multibyte_text(std::string_view text) { return !all_of(text, is_ascii_byte); }
bool is_full_width_text(std::string_view text) { return widths_of(text).full; }
bool is_half_width_text(std::string_view text) { return widths_of(text).half; }
bool is_variable_width_text(std::string_view text) {
  const widths found = widths_of(text);
  return found.half && found.full;
}

bool is_surrogate_pair_text(std::string_view text) {
  // A pair may also have been written as two escapes that were read one after another.
  char16_t last = 0;
  return !for_each_unit(text, [&last](char16_t unit) {
    const bool pair = last >= 0xd800 && last <= 0xdbff && unit >= 0xdc00 && unit <= 0xdfff;
    last = unit;
    return !pair;
  });
}

bool is_alpha_text(std::string_view text, std::string_view locale) {
  if (locale == "en-US") return !text.empty() && all_of(text, is_letter);
  return has_letters_of(alpha_locales, locale, text);
}

bool is_alphanumeric_text(std::string_view text, std::string_view locale) {
  if (locale == "en-US") return !text.empty() && all_of(text, is_letter_or_digit);
  return has_letters_of(alphanumeric_locales, locale, text);
}

bool is_boolean_string_text(std::string_view text) {
  return text == "true" || text == "false" || text == "1" || text == "0";
}

bool is_strong_password_text(std::string_view text, const rules::strong_password_options& options) {
  constexpr std::string_view symbols = "-#!$@%^&*()_+|~=`{}[]:\";'<>?,./\\ ";
  constexpr char16_t pound = 0xa3;
  std::size_t length = 0, lower = 0, upper = 0, digits = 0, others = 0;
  for_each_unit(text, [&](char16_t unit) {
    ++length;
    const char c = unit < 128 ? static_cast<char>(unit) : '\0';
    if (is_lower(c)) {
      ++lower;
    } else if (is_upper(c)) {
      ++upper;
    } else if (is_digit(c)) {
      ++digits;
    } else if (unit == pound || (c != '\0' && symbols.find(c) != std::string_view::npos)) {
      ++others;
    }
    return true;
  });
  return length >= options.min_length && lower >= options.min_lowercase && upper >= options.min_uppercase &&
         digits >= options.min_numbers && others >= options.min_symbols;
}

}  // namespace nestcpp::detail
