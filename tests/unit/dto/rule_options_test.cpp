// Borders of rules with options, and what the corpus cannot ask: bytes that are no UTF-8, long texts, bad arguments.
#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace nestcpp::rules;
using nestcpp::timestamp;

nestcpp::rule_value text_value(std::string_view text) {
  nestcpp::rule_value value;
  value.kind = nestcpp::json_kind::string;
  value.text = text;
  return value;
}

template <class Rule>
bool passes(const Rule& rule, std::string_view text) {
  return rule.check(text_value(text));
}

TEST(RuleOptions, WrongArgumentsAreRefused) {
  EXPECT_THROW((void)is_hash{"sha3"}, std::invalid_argument);
  EXPECT_THROW((void)is_ip{5}, std::invalid_argument);
  EXPECT_THROW((void)is_isbn{12}, std::invalid_argument);
  EXPECT_THROW((void)is_uuid{9}, std::invalid_argument);
  EXPECT_THROW((void)is_uuid{"nil?"}, std::invalid_argument);
  EXPECT_THROW((void)is_alpha{"xx-XX"}, std::invalid_argument);
  EXPECT_THROW((void)is_alphanumeric{""}, std::invalid_argument);
  EXPECT_THROW((void)is_mobile_phone{"de"}, std::invalid_argument);
  EXPECT_THROW((void)is_postal_code{"de"}, std::invalid_argument);
  EXPECT_THROW((void)is_passport_number{"XX"}, std::invalid_argument);
  EXPECT_THROW((void)is_decimal{decimal_options{.decimal_digits = "3,1"}}, std::invalid_argument);
  EXPECT_THROW((void)is_decimal{decimal_options{.decimal_digits = "x"}}, std::invalid_argument);
  EXPECT_THROW((void)is_decimal{decimal_options{.locale = "xx"}}, std::invalid_argument);
  EXPECT_THROW((void)is_number_string{number_string_options{.locale = "xx"}}, std::invalid_argument);
  EXPECT_THROW((void)is_credit_card{credit_card_options{.provider = "bank"}}, std::invalid_argument);
  EXPECT_THROW((void)is_mac_address{mac_address_options{.eui = 32}}, std::invalid_argument);
  EXPECT_THROW((void)is_email{email_options{.blacklisted_chars = "z-a"}}, std::invalid_argument);
  EXPECT_THROW((text_list{"1", "2", "3", "4", "5", "6", "7", "8", "9"}), std::length_error);
  EXPECT_THROW((void)matches{"("}, std::invalid_argument);
}

TEST(RuleOptions, CreditCardsOfOneProvider) {
  const is_credit_card visa{credit_card_options{.provider = "visa"}};
  EXPECT_TRUE(passes(visa, "4716461583322103"));
  EXPECT_FALSE(passes(visa, "375556917985515"));
  EXPECT_TRUE(passes(is_credit_card{credit_card_options{.provider = "amex"}}, "375556917985515"));
  EXPECT_TRUE(passes(is_credit_card{credit_card_options{.provider = "mastercard"}}, "2222155765072228"));
}

TEST(RuleOptions, Base32OfCrockford) {
  const is_base32 crockford{base32_options{.crockford = true}};
  EXPECT_TRUE(passes(crockford, "91JPRV3F41BPYWKCCGGG"));
  EXPECT_FALSE(passes(crockford, "91JPRV3F41BPYWKCCGGU"));
  EXPECT_FALSE(passes(crockford, ""));
}

struct Event {
  timestamp starts;
  std::optional<timestamp> ends;
};
constexpr auto year_2026 = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};
timestamp fixed_limit() { return timestamp::from_unix_ms(1000); }
NEST_DTO(Event, NEST_FIELD(starts, min_date(year_2026)), NEST_FIELD(ends, max_date(&fixed_limit)));

TEST(RuleOptions, DatesHaveDaysAndFunctionsAsLimits) {
  EXPECT_EQ(messages<Event>(R"({"starts":"2026-01-31T00:00:00Z","ends":"1970-01-01T00:00:01Z"})"), "");
  EXPECT_EQ(messages<Event>(R"({"starts":"2026-01-30T23:59:59.999Z","ends":"1970-01-01T00:00:01.001Z"})"),
            "minimal allowed date for starts is Sat Jan 31 2026 00:00:00 GMT+0000 (Coordinated Universal Time) | "
            "maximal allowed date for ends is Thu Jan 01 1970 00:00:01 GMT+0000 (Coordinated Universal Time)");
}

TEST(RuleOptions, DatesArePrintedAsJavaScriptPrintsThem) {
  using nestcpp::detail::date_text;
  EXPECT_EQ(date_text(timestamp::from_unix_ms(0)), "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)");
  EXPECT_EQ(date_text(timestamp::from_unix_ms(-1)), "Wed Dec 31 1969 23:59:59 GMT+0000 (Coordinated Universal Time)");
  EXPECT_EQ(date_text(timestamp::from_unix_ms(-62198755200000)),
            "Fri Jan 01 -0001 00:00:00 GMT+0000 (Coordinated Universal Time)");
}

struct Items {
  std::vector<std::string> tags;
  std::vector<std::vector<int>> grid;
};
NEST_DTO(Items, NEST_FIELD(tags, array_unique(), array_contains("a"), array_not_contains("x")),
         NEST_FIELD(grid, each(array_unique()), each(array_contains(1))));

TEST(RuleOptions, ItemsOfTypedArraysAreSeen) {
  EXPECT_EQ(messages<Items>(R"({"tags":["a","b"],"grid":[[1,2],[3,1]]})"), "");
  EXPECT_EQ(messages<Items>(R"({"tags":["b","\u0062"],"grid":[]})"),
            "tags must contain a values | All tags's elements must be unique");
  EXPECT_EQ(messages<Items>(R"({"tags":["a","x"],"grid":[[1,1]]})"),
            "tags should not contain x values | each value in All grid's elements must be unique");
  EXPECT_EQ(messages<Items>(R"({"tags":["a"],"grid":[[1],[]]})"), "each value in grid must contain 1 values");
}

// Any bytes, and texts that make backtracking or quadratic work show.
TEST(RuleOptions, LongTextsAndAnyBytesTakeLittleTime) {
  using namespace nestcpp::detail;
  std::vector<std::string> texts;
  constexpr std::size_t length = 200000;
  for (const char* part :
       {"a",    "0", ".",  "a.", "@",  "(", "[",  ",", ";a=b", " ",        "-",           "&xt=urn:btih:",
        "\xff", "é", "😀", "%",  "1:", "/", "\"", "=", "<",    "\xe2\x80", "\xed\xa0\x80"}) {
    std::string text;
    while (text.size() < length) text += part;
    texts.push_back("data:" + text);
    texts.push_back("magnet:?" + text);
    texts.push_back("hsl(" + text);
    texts.push_back("http://" + text);
    texts.push_back(std::move(text));
  }
  const auto start = std::chrono::steady_clock::now();
  std::size_t passed = 0;
  for (const std::string& text : texts) {
    for (bool (*format)(std::string_view) :
         {is_data_uri_text, is_magnet_uri_text, is_mime_type_text, is_hsl_text, is_sem_ver_text, is_jwt_text,
          is_json_text, is_locale_text, is_upper_text, is_variable_width_text, is_btc_address_text, is_rfc3339_text}) {
      passed += format(text) ? 1 : 0;
    }
    passed += passes(is_email{email_options{.allow_display_name = true, .ignore_max_length = true}}, text) ? 1 : 0;
    passed += passes(is_url{url_options{.validate_length = false}}, text) ? 1 : 0;
    passed += passes(is_currency{}, text) ? 1 : 0;
    passed += passes(is_credit_card{}, text) ? 1 : 0;
    passed += passes(is_iso8601{}, text) ? 1 : 0;
    passed += passes(is_alpha{"de-DE"}, text) ? 1 : 0;
  }
  EXPECT_GT(passed, 0U);
  // Seconds with a sanitizer; a quadratic format would take hours.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{60});
}

}  // namespace
