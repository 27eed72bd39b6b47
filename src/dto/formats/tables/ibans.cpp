// What follows the country in an IBAN: so many n digits, a letters, c digits or letters.
// Written by tests/interop/support/make_format_tables.mjs: change that.
#include "dto/formats/tables/tables.hpp"

namespace nestcpp::detail {

namespace {
constexpr pattern_entry iban_rows[] = {
    {"AD", "10n 12c"},    {"AE", "21n"},        {"AL", "10n 16c"},       {"AT", "18n"},
    {"AZ", "2n 4c 20n"},  {"BA", "18n"},        {"BE", "14n"},           {"BG", "2n 4a 6n 8c"},
    {"BH", "2n 4a 14c"},  {"BR", "25n 1a 1c"},  {"BY", "2n 4c 20n"},     {"CH", "7n 12c"},
    {"CR", "20n"},        {"CY", "10n 16c"},    {"CZ", "22n"},           {"DE", "20n"},
    {"DK", "16n"},        {"DO", "2n 4a 20n"},  {"DZ", "24n"},           {"EE", "18n"},
    {"EG", "27n"},        {"ES", "22n"},        {"FI", "16n"},           {"FO", "16n"},
    {"FR", "12n 11c 2n"}, {"GB", "2n 4a 14n"},  {"GE", "2n 2c 16n"},     {"GI", "2n 4a 15c"},
    {"GL", "16n"},        {"GR", "9n 16c"},     {"GT", "2n 24c"},        {"HR", "19n"},
    {"HU", "26n"},        {"IE", "2n 4a 14n"},  {"IL", "21n"},           {"IQ", "2n 4a 15n"},
    {"IR", "24n"},        {"IS", "24n"},        {"IT", "2n 1a 10n 12c"}, {"JO", "2n 4a 22n"},
    {"KW", "2n 4a 22c"},  {"KZ", "5n 13c"},     {"LB", "6n 20c"},        {"LC", "2n 4a 24c"},
    {"LI", "7n 12c"},     {"LT", "18n"},        {"LU", "5n 13c"},        {"LV", "2n 4a 13c"},
    {"MA", "26n"},        {"MC", "12n 11c 2n"}, {"MD", "2n 20c"},        {"ME", "20n"},
    {"MK", "5n 10c 2n"},  {"MR", "25n"},        {"MT", "2n 4a 5n 18c"},  {"MU", "2n 4a 19n 3a"},
    {"MZ", "23n"},        {"NL", "2n 4a 10n"},  {"NO", "13n"},           {"PK", "2n 4c 16n"},
    {"PL", "26n"},        {"PS", "2n 4a 21c"},  {"PT", "23n"},           {"QA", "2n 4a 21c"},
    {"RO", "2n 4a 16c"},  {"RS", "20n"},        {"SA", "4n 18c"},        {"SC", "2n 4a 20n 3a"},
    {"SE", "22n"},        {"SI", "17n"},        {"SK", "22n"},           {"SM", "2n 1a 10n 12c"},
    {"SV", "2n 4c 20n"},  {"TL", "21n"},        {"TN", "22n"},           {"TR", "7n 17c"},
    {"UA", "8n 19c"},     {"VA", "20n"},        {"VG", "2n 4a 16n"},     {"XK", "18n"},
};
}  // namespace
const std::span<const pattern_entry> ibans{iban_rows};

}  // namespace nestcpp::detail
