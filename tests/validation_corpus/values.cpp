// Rules for values of any kind, numbers, arrays, dates, and how rules stand together.
#include "validation_corpus/corpus.hpp"

#include <boost/json/value.hpp>

namespace {

using nestcpp::timestamp;
using any = boost::json::value;
using texts = std::vector<std::string>;

enum class Colour { red, green };
NEST_ENUM(Colour, red, green);

constexpr timestamp start_of_2026 = timestamp::from_unix_ms(1767225600000);

CORPUS_CASE(any_is_defined, any, is_defined());
CORPUS_CASE(any_is_not_empty, any, is_not_empty());
CORPUS_CASE(any_is_empty, any, is_empty());
CORPUS_CASE(any_equals_text, any, equals("yes"));
CORPUS_CASE(any_equals_number, any, equals(1));
CORPUS_CASE(any_equals_boolean, any, equals(true));
CORPUS_CASE(any_not_equals, any, not_equals("no"));
CORPUS_CASE(any_is_in, any, is_in("a", 1, true));
CORPUS_CASE(any_is_not_in, any, is_not_in("a", 1, true));
CORPUS_CASE(any_is_boolean, any, is_boolean());
CORPUS_CASE(any_is_string, any, is_string());
CORPUS_CASE(any_is_int, any, is_int());
CORPUS_CASE(any_is_number, any, is_number());
CORPUS_CASE(any_is_number_or_infinite, any, is_number(number_options{.allow_infinity = true}));
CORPUS_CASE(any_is_number_of_two_places, any, is_number(number_options{.max_decimal_places = 2}));
CORPUS_CASE(any_is_number_of_no_places, any, is_number(number_options{.max_decimal_places = 0}));
CORPUS_CASE(any_min, any, min(-1.5));
CORPUS_CASE(any_max, any, max(10));
CORPUS_CASE(any_is_positive, any, is_positive());
CORPUS_CASE(any_is_negative, any, is_negative());
CORPUS_CASE(any_is_divisible_by, any, is_divisible_by(3));
CORPUS_CASE(any_is_latitude, any, is_latitude());
CORPUS_CASE(any_is_longitude, any, is_longitude());
CORPUS_CASE(any_is_object, any, is_object());
CORPUS_CASE(any_is_not_empty_object, any, is_not_empty_object());
CORPUS_CASE(any_is_array, any, is_array());
CORPUS_CASE(any_array_min_size, any, array_min_size(2));
CORPUS_CASE(any_array_max_size, any, array_max_size(2));
CORPUS_CASE(any_array_not_empty, any, array_not_empty());
CORPUS_CASE(any_array_unique, any, array_unique());
CORPUS_CASE(any_array_unique_by, any, array_unique("id"));
CORPUS_CASE(any_array_contains, any, array_contains("a", 1, true));
CORPUS_CASE(any_array_not_contains, any, array_not_contains("a", 1, true));

CORPUS_CASE(texts_array_unique, texts, is_array(), array_unique());
CORPUS_CASE(texts_array_contains, texts, is_array(), array_contains("a", "b"));
CORPUS_CASE(texts_array_not_contains, texts, is_array(), array_not_contains("a", "b"));
CORPUS_CASE(numbers_array_unique, std::vector<double>, is_array(), array_unique(), each(is_number()));
CORPUS_CASE(numbers_array_contains, std::vector<double>, is_array(), array_contains(1, 2.5), each(is_number()));
CORPUS_CASE(nested_array_unique, std::vector<texts>, is_array(), array_unique(), array_max_size(3));

CORPUS_CASE(dates_is_date, timestamp, is_date());
CORPUS_CASE(dates_min, timestamp, min_date(start_of_2026));
CORPUS_CASE(dates_max, timestamp, max_date(start_of_2026));
CORPUS_CASE(dates_all, timestamp, is_date(), min_date(start_of_2026), max_date(start_of_2026));
CORPUS_CASE(dates_each_min, std::vector<timestamp>, each(min_date(start_of_2026)));

CORPUS_CASE(each_is_int, any, each(is_int()));
CORPUS_CASE(each_is_email, any, each(is_email()));
CORPUS_CASE(each_array_unique, any, each(array_unique()));
CORPUS_CASE(each_array_contains, any, each(array_contains("a")));
CORPUS_CASE(each_length, any, each(length(2, 4)));
CORPUS_CASE(each_matches, any, each(matches("^[a-z]+$", "i")));
CORPUS_CASE(each_is_url_of_texts, texts, is_array(), each(is_url()));
CORPUS_CASE(each_is_uuid_of_texts, texts, is_array(), array_unique(), each(is_uuid(4)), each(is_string()));
CORPUS_CASE(each_is_postal_code, texts, each(is_postal_code("DE")));
CORPUS_CASE(each_is_in, any, each(is_in("a", "b")));
CORPUS_CASE(each_is_enum, any, each(is_enum<Colour>()));
CORPUS_CASE(message_array_unique, any, with_message(array_unique(), "$property repeats itself"));
CORPUS_CASE(message_is_in, any, with_message(is_in("a", 2), "$property: only $constraint1"));
CORPUS_CASE(message_is_hash, any, with_message(is_hash("md5"), "no $constraint1 in $property"));
CORPUS_CASE(message_is_enum, any, with_message(is_enum<Colour>(), "$property is one of $constraint2"));
CORPUS_CASE(message_matches, any, with_message(matches("^a/b$", "i"), "$constraint1 is what $property wants"));
CORPUS_CASE(message_each, any, with_message(each(is_ip(6)), "$property holds no addresses"));
CORPUS_CASE(several_of_text, std::string, is_string(), is_not_empty(), is_lowercase(), is_alphanumeric(), length(2, 6),
            not_contains("x"));
CORPUS_CASE(several_of_number, double, is_number(), is_int(), min(1), max(9), is_divisible_by(3), is_not_in(6));
CORPUS_CASE(several_of_array, texts, is_array(), array_not_empty(), array_unique(), array_max_size(3),
            each(is_not_empty()), each(is_hexadecimal()), each(max_length(4)));
CORPUS_CASE(several_of_any, any, is_defined(), is_not_empty(), is_in("a", 1), is_string(), is_ascii(), is_optional());
CORPUS_CASE(is_enum_value, any, is_enum<Colour>());

}  // namespace

void validation_corpus::add_cases_for_values() {}
