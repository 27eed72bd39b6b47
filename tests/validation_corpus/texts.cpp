// Rules for texts as such.
#include "validation_corpus/corpus.hpp"

namespace {

CORPUS_CASE(is_string_case, std::string, is_string());
CORPUS_CASE(min_length_case, std::string, min_length(3));
CORPUS_CASE(max_length_case, std::string, max_length(3));
CORPUS_CASE(length_case, std::string, length(2, 4));
CORPUS_CASE(contains_case, std::string, contains("mid"));
CORPUS_CASE(not_contains_case, std::string, not_contains("mid"));
CORPUS_CASE(is_byte_length_case, std::string, is_byte_length(2, 5));
CORPUS_CASE(is_alpha_case, std::string, is_alpha());
CORPUS_CASE(is_alphanumeric_case, std::string, is_alphanumeric());
CORPUS_CASE(is_ascii_case, std::string, is_ascii());
CORPUS_CASE(is_multibyte_case, std::string, is_multibyte());
CORPUS_CASE(is_full_width_case, std::string, is_full_width());
CORPUS_CASE(is_half_width_case, std::string, is_half_width());
CORPUS_CASE(is_variable_width_case, std::string, is_variable_width());
CORPUS_CASE(is_surrogate_pair_case, std::string, is_surrogate_pair());
CORPUS_CASE(is_lowercase_case, std::string, is_lowercase());
CORPUS_CASE(is_uppercase_case, std::string, is_uppercase());
CORPUS_CASE(is_boolean_string_case, std::string, is_boolean_string());
CORPUS_CASE(is_strong_password_case, std::string, is_strong_password());
CORPUS_CASE(is_strong_password_weak_case, std::string,
            is_strong_password(strong_password_options{.min_length = 4, .min_uppercase = 0, .min_symbols = 2}));
CORPUS_CASE(matches_letters_case, std::string, matches("^[a-z]+-\\d{2,3}$", "i"));
CORPUS_CASE(matches_password_case, std::string, matches("((?=.*\\d)|(?=.*\\W+))(?![.\\n])(?=.*[A-Z])(?=.*[a-z]).*$"));

}  // namespace

void validation_corpus::add_cases_for_texts() {}
