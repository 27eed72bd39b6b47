#pragma once
// Facts that formats are judged by.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace nestcpp::detail {

/// Codes of one length, sorted, side by side.
struct code_table {
  std::size_t size;
  std::string_view codes;

  [[nodiscard]] bool has(std::string_view code) const;
};
extern const code_table alpha2_countries, alpha3_countries, numeric_countries, currencies, languages;

/// What belongs to a locale or a country; tables are sorted by `key`.
struct pattern_entry {
  std::string_view key, text;
};
[[nodiscard]] const pattern_entry* find_entry(std::span<const pattern_entry> table, std::string_view key);

/// Regular expressions; `/i` at the end: letters of either case.
extern const std::span<const pattern_entry> mobile_phones, postal_codes, passports;
[[nodiscard]] bool matches_entry(const pattern_entry& entry, std::string_view text);

extern const std::span<const pattern_entry> ibans, decimal_marks;

struct unit_run {
  char16_t first, last;
};
/// Texts of units in `first`, then of units in `then`; the empty text only where `may_be_empty`.
struct letters_entry {
  std::string_view key;
  std::span<const unit_run> first, then;
  bool may_be_empty;
};
extern const std::span<const letters_entry> alpha_locales, alphanumeric_locales;

/// Each name between spaces.
extern const std::string_view time_zones;

/// Every `stride`th code point from `first` to `last` changes by `distance`; 0: to several characters.
struct case_run {
  std::uint32_t first, last;
  std::int32_t stride, distance;
};
extern const std::span<const case_run> to_upper_runs, to_upper_runs_special, to_lower_runs, to_lower_runs_special;

}  // namespace nestcpp::detail
