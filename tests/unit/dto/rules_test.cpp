#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace rules_test {

struct Strings {
  std::string a, b, c, d, e, f, g, h, i;
};
NEST_DTO(Strings, NEST_FIELD(a, length(2, 4)), NEST_FIELD(b, is_in("red", "green")), NEST_FIELD(c, equals("yes")),
         NEST_FIELD(d, not_equals("no")), NEST_FIELD(e, contains("mid")), NEST_FIELD(f, is_uuid(4)),
         NEST_FIELD(g, is_date_string()), NEST_FIELD(h, is_empty()), NEST_FIELD(i, not_contains("z"), is_fqdn()));
constexpr const char* good_strings = R"({"a":"abc","b":"red","c":"yes","d":"x","e":"amidst",
    "f":"9b2ae1de-9f4f-4d3c-8f4e-5b6f7a8b9c0d","g":"2026-11-22","h":"","i":"example.com"})";

struct Numbers {
  int i = 0;
  double n = 0;
  double p = 0;
  double m = 0;
  int d = 0;
  int in = 0;
};
NEST_DTO(Numbers, NEST_FIELD(i, is_int(), min(-2), max(2)), NEST_FIELD(n, is_number(), min(0.5), max(1.5)),
         NEST_FIELD(p, is_positive()), NEST_FIELD(m, is_negative()), NEST_FIELD(d, is_divisible_by(3)),
         NEST_FIELD(in, is_in(1, 2), is_not_in(3)));
constexpr const char* good_numbers = R"({"i":2,"n":1,"p":1,"m":-1,"d":6,"in":1})";

struct Lists {
  std::vector<int> sized;
  std::vector<std::string> words;
  std::vector<shop::Status> statuses;
  std::map<std::string, int> counts;
  boost::json::value any;
};
NEST_DTO(Lists, NEST_FIELD(sized, array_min_size(1), array_max_size(2), array_not_empty()),
         NEST_FIELD(words, each(is_not_empty()), each(max_length(3))), NEST_FIELD(statuses, each(is_enum())),
         NEST_FIELD(counts, is_not_empty_object(), each(max(5))), NEST_FIELD(any, is_object()));
constexpr const char* good_lists = R"({"sized":[1],"words":["a"],"statuses":["sent"],"counts":{"a":1},"any":{}})";

struct Text {
  std::string s;
  std::optional<std::string> status;
};
NEST_DTO(Text, NEST_FIELD(s, min_length(2), max_length(3)), NEST_FIELD(status, is_enum<shop::Status>()));

// Replaces one property of a payload.
std::string with(const char* payload, const char* key, const char* value) {
  auto object = nestcpp::from_json<boost::json::value>(payload);
  object.as_object()[key] = nestcpp::from_json<boost::json::value>(value);
  return nestcpp::to_json(object);
}

struct one_case {
  const char* key;
  const char* value;
  const char* expected;  // the messages; "" where the value passes
};

template <class T>
void expect_all(const char* payload, std::initializer_list<one_case> cases) {
  EXPECT_EQ(messages<T>(payload), "");
  for (const auto& [key, value, expected] : cases) {
    EXPECT_EQ(messages<T>(with(payload, key, value)), expected) << key << " = " << value;
  }
}

}  // namespace rules_test

namespace {

using namespace rules_test;

TEST(Rules, OfStrings) {
  expect_all<Strings>(good_strings,
                      {
                          {"a", "\"a\"", "a must be longer than or equal to 2 characters"},
                          {"a", "\"\"", "a must be longer than or equal to 2 characters"},
                          {"a", "null", "a must be longer than or equal to 2 characters"},
                          {"a", "0", "a must be longer than or equal to 2 characters"},
                          {"a", "\"abcde\"", "a must be shorter than or equal to 4 characters"},
                          {"a", "7", "a must be longer than or equal to 2 and shorter than or equal to 4 characters"},
                          {"b", "\"green\"", ""},
                          {"b", "\"blue\"", "b must be one of the following values: red, green"},
                          {"c", "\"yes!\"", "c must be equal to yes"},
                          {"d", "\"no\"", "d should not be equal to no"},
                          {"d", "5", "d must be a string"},  // the rule passes, the member cannot hold it
                          {"e", "\"middle\"", ""},
                          {"e", "\"none\"", "e must contain a mid string"},
                          {"f", "\"9b2ae1de-9f4f-1d3c-8f4e-5b6f7a8b9c0d\"", "f must be a UUID"},
                          {"g", "\"2026-13-01\"", "g must be a valid ISO 8601 date string"},
                          {"g", "\"2026-11-22T21:54:35.342Z\"", ""},
                          {"h", "\"x\"", "h must be empty"},
                          {"h", "null", "h must be a string"},
                          {"i", "\"example\"", "i must be a valid domain name"},
                          {"i", "\"example.zone\"", "i should not contain a z string"},
                      });
}

TEST(Rules, OfNumbers) {
  expect_all<Numbers>(
      good_numbers,
      {
          {"i", "3", "i must not be greater than 2"},
          {"i", "-3", "i must not be less than -2"},
          {"i", "1.5", "i must be an integer number"},
          {"i", "2.0", ""},
          {"i", "\"1\"", "i must not be greater than 2 | i must not be less than -2 | i must be an integer number"},
          {"n", "0.4", "n must not be less than 0.5"},
          {"n", "1.6", "n must not be greater than 1.5"},
          {"n", "true",
           "n must not be greater than 1.5 | n must not be less than 0.5 | "
           "n must be a number conforming to the specified constraints"},
          {"p", "0", "p must be a positive number"},
          {"m", "0", "m must be a negative number"},
          {"d", "7", "d must be divisible by 3"},
          {"d", "0", ""},
          {"in", "3",
           "in should not be one of the following values: 3 | "
           "in must be one of the following values: 1, 2"},
      });
  EXPECT_EQ(messages<Numbers>(R"({"i":2,"n":1e999,"p":1,"m":-1,"d":6,"in":1})"),
            "n must not be greater than 1.5 | n must be a number conforming to the specified constraints");
}

TEST(Rules, OfArraysAndTheirItems) {
  expect_all<Lists>(
      good_lists,
      {
          {"sized", "[]", "sized should not be empty | sized must contain at least 1 elements"},
          {"sized", "[1,2,3]", "sized must contain no more than 2 elements"},
          {"sized", "[1,\"x\"]", "each value in sized must be an integer number"},
          {"words", "[]", ""},
          {"words", "[\"\"]", "each value in words should not be empty"},
          {"words", "[\"a\",\"long\"]", "each value in words must be shorter than or equal to 3 characters"},
          {"words", "[1]", "each value in words must be shorter than or equal to 3 characters"},
          {"words", "\"abc\"", "words must be an array"},  // one value that passes; but no array
          {"statuses", "[\"sent\",\"lost\"]",
           "each value in statuses must be one of the following values: pending, sent, failed"},
          {"counts", "{}", "counts must be a non-empty object"},
          {"counts", "{\"a\":6}", "each value in counts must not be greater than 5"},
          {"counts", "{\"a\":\"b\"}", "each value in counts must not be greater than 5"},
          {"any", "[]", "any must be an object"},
          {"any", "{\"a\":[]}", ""},
      });
}

TEST(Rules, LengthsAreInCharacters) {
  EXPECT_EQ(messages<Text>(R"({"s":"é😀x"})"), "");
  EXPECT_EQ(messages<Text>(R"({"s":"\ud83d\ude00"})"), "s must be longer than or equal to 2 characters");
  EXPECT_EQ(messages<Text>(R"({"s":"😀😀😀😀"})"), "s must be shorter than or equal to 3 characters");
  EXPECT_EQ(messages<Text>("{\"s\":\"a\\ufe0f\"}"), "s must be longer than or equal to 2 characters");
  EXPECT_EQ(messages<Text>(R"({"s":"\ud800\ud800"})"), "");
}

TEST(Rules, IsEnumChecksStringsToo) {
  EXPECT_EQ(messages<Text>(R"({"s":"ab","status":"sent"})"), "");
  EXPECT_EQ(messages<Text>(R"({"s":"ab","status":"lost"})"),
            "status must be one of the following values: pending, sent, failed");
}

TEST(Rules, TypesSpeakWhereNoRuleDoes) {
  const struct {
    const char* payload;
    const char* expected;
  } cases[] = {
      {R"({"flag":1})", "flag must be a boolean value"},
      {R"({"tiny":128})", "tiny must not be greater than 127"},
      {R"({"tiny":-129})", "tiny must not be less than -128"},
      {R"({"byte":-1})", "byte must not be less than 0"},
      {R"({"byte":1.5})", "byte must be an integer number"},
      {R"({"whole":9223372036854775808})", "whole must not be greater than 9223372036854775807"},
      {R"({"large":18446744073709551616})", "large must not be greater than 18446744073709551615"},
      {R"({"large":null})", "large must be an integer number"},
      {R"({"real":"1"})", "real must be a number conforming to the specified constraints"},
      {R"({"text":null})", "text must be a string"},
      {R"({"maybe":"x"})", "maybe must be an integer number"},
      {R"({"numbers":{}})", "numbers must be an array"},
      {R"({"numbers":[1,null]})", "each value in numbers must be an integer number"},
      {R"({"flags":[0]})", "each value in flags must be a boolean value"},
      {R"({"sorted":[]})", "sorted must be an object"},
      {R"({"sorted":{"a":"b"}})", "each value in sorted must be an integer number"},
      {R"({"hashed":{"a":1}})", "each value in hashed must be a string"},
      {R"({"status":"lost"})", "status must be one of the following values: pending, sent, failed"},
      {R"({"level":"low"})", "level must be one of the following values: LOW, HIGH"},
      {R"({"id":"x"})", "id must be a UUID"},
      {R"({"at":"yesterday"})", "at must be a valid ISO 8601 date string"},
      {R"({"nested":null})", "nested property nested must be either object or array"},
      {R"({"nested":{"street":"abc","zip":1}})", "nested.zip must not be less than 10"},
      {R"({"flag":"a","text":5})", "flag must be a boolean value | text must be a string"},
      {R"({"any":null})", ""},
      {"{}", ""},
  };
  for (const auto& [payload, expected] : cases) EXPECT_EQ(messages<shop::Everything>(payload), expected) << payload;
}

}  // namespace
