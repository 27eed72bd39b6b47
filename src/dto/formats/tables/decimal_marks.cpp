// What stands before the decimals, by locale.
// Written by tests/interop/support/make_format_tables.mjs: change that.
#include "dto/formats/tables/tables.hpp"

namespace nestcpp::detail {

namespace {
constexpr pattern_entry decimal_mark_rows[] = {
    {"ar", "٫"},    {"ar-AE", "٫"},       {"ar-BH", "٫"}, {"ar-DZ", "٫"}, {"ar-EG", "."}, {"ar-IQ", "٫"},
    {"ar-JO", "٫"}, {"ar-KW", "٫"},       {"ar-LB", "."}, {"ar-LY", "."}, {"ar-MA", "٫"}, {"ar-QA", "٫"},
    {"ar-QM", "٫"}, {"ar-SA", "٫"},       {"ar-SD", "٫"}, {"ar-SY", "٫"}, {"ar-TN", "٫"}, {"ar-YE", "٫"},
    {"bg-BG", ","}, {"bn-BD", "."},       {"bn-IN", "."}, {"cs-CZ", ","}, {"da-DK", ","}, {"de-DE", ","},
    {"el-GR", ","}, {"en-AU", "."},       {"en-GB", "."}, {"en-HK", "."}, {"en-IN", "."}, {"en-NZ", "."},
    {"en-US", "."}, {"en-ZA", "."},       {"en-ZM", ","}, {"eo", ","},    {"es-ES", ","}, {"fa-AF", "٫"},
    {"fa-IR", "٫"}, {"fr-CA", ","},       {"fr-FR", ","}, {"gu-IN", ","}, {"hi-IN", ","}, {"hu-HU", ","},
    {"id-ID", ","}, {"it-IT", ","},       {"kk-KZ", ","}, {"kn-IN", ","}, {"ku-IQ", ","}, {"ml-IN", ","},
    {"nb-NO", ","}, {"nl-NL", ","},       {"nn-NO", ","}, {"or-IN", ","}, {"pa-IN", ","}, {"pl-PL", ","},
    {"pl-Pl", ","}, {"pt-BR", ","},       {"pt-PT", ","}, {"ru-RU", ","}, {"si-LK", ","}, {"sl-SI", ","},
    {"sr-RS", ","}, {"sr-RS@latin", ","}, {"sv-SE", ","}, {"ta-IN", ","}, {"te-IN", ","}, {"tr-TR", ","},
    {"uk-UA", ","}, {"vi-VN", ","},
};
}  // namespace
const std::span<const pattern_entry> decimal_marks{decimal_mark_rows};

}  // namespace nestcpp::detail
