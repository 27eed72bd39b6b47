#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace options_test {

struct Named {
  std::string email;
  std::optional<int> size;
  std::optional<int> weight = 7;
  int count = 3;
};
NEST_DTO(Named, NEST_FIELD(email, json_name("e_mail"), is_email()), NEST_FIELD(size, omit_empty(), min(1)),
         NEST_FIELD(weight), NEST_FIELD(count, is_optional(), is_int(), max(9)));

struct Defined {
  int a = 5;
  int b = 6;
};
NEST_DTO(Defined, NEST_FIELD(a, is_int(), is_defined(), min(1)), NEST_FIELD(b, is_int(), min(1)));

struct Told {
  std::string word;
  std::vector<int> numbers;
};
NEST_DTO(Told, NEST_FIELD(word, with_message(min_length(3), "$property: give $constraint1, not $value or $2")),
         NEST_FIELD(numbers, with_message(each(is_positive()), "only good $property")));

struct Quoted {
  int value = 0;
};
NEST_DTO(Quoted, NEST_FIELD(value, json_name("say \"hi\"\\")));

// Without macros.
struct Plain {
  int x = 0;
};
constexpr auto nest_describe_dto(nestcpp::tag<Plain>) {
  return std::make_tuple(nestcpp::make_field<&Plain::x>("x", nestcpp::rules::is_int(), nestcpp::rules::min(1)));
}

struct Base {
  int inherited = 0;
};
struct Derived : Base {
  int own = 0;
};
NEST_DTO(Derived, NEST_FIELD(own), NEST_FIELD(inherited));

}  // namespace options_test

namespace {

using namespace options_test;
using nestcpp::from_json;
using nestcpp::to_json;

TEST(FieldOptions, JsonNameIsReadWrittenAndTold) {
  EXPECT_EQ(from_json<Named>(R"({"e_mail":"a@b.io"})").email, "a@b.io");
  EXPECT_EQ(messages<Named>(R"({"email":"a@b.io"})"), "e_mail must be an email");
  EXPECT_EQ(to_json(Named{.email = "a@b.io", .size = std::nullopt}), R"({"e_mail":"a@b.io","weight":7,"count":3})");
  EXPECT_EQ(to_json(from_json<Quoted>(R"({"say \"hi\"\\":4})")), R"({"say \"hi\"\\":4})");
}

TEST(FieldOptions, EmptyOptionalsAreNullOrLeftOut) {
  EXPECT_EQ(to_json(Named{.email = "e", .size = 1, .weight = std::nullopt}),
            R"({"e_mail":"e","size":1,"weight":null,"count":3})");
}

TEST(FieldOptions, MissingOptionalsKeepTheirInitialiserAndNullEmptiesThem) {
  EXPECT_EQ(from_json<Named>(R"({"e_mail":"a@b.io"})").weight, 7);
  EXPECT_EQ(from_json<Named>(R"({"e_mail":"a@b.io","weight":null})").weight, std::nullopt);
  EXPECT_EQ(messages<Named>(R"({"e_mail":"a@b.io","size":0})"), "size must not be less than 1");
}

TEST(FieldOptions, IsOptionalKeepsTheInitialiserOfAPlainMember) {
  EXPECT_EQ(from_json<Named>(R"({"e_mail":"a@b.io"})").count, 3);
  EXPECT_EQ(from_json<Named>(R"({"e_mail":"a@b.io","count":null})").count, 3);
  EXPECT_EQ(from_json<Named>(R"({"e_mail":"a@b.io","count":5,"count":null})").count, 3);
  EXPECT_EQ(messages<Named>(R"({"e_mail":"a@b.io","count":10})"), "count must not be greater than 9");
}

TEST(FieldOptions, IsDefinedIsToldFirst) {
  EXPECT_EQ(messages<Defined>(R"({"b":1})"),
            "a should not be null or undefined | a must not be less than 1 | a must be an integer number");
}

TEST(FieldOptions, OwnTextsReplaceTheDefault) {
  EXPECT_EQ(messages<Told>(R"({"word":"ab","numbers":[1,-1]})"), "word: give 3, not ab or $2 | only good numbers");
}

TEST(FieldOptions, WorkWithoutMacros) {
  EXPECT_EQ(messages<Plain>(R"({"x":0})"), "x must not be less than 1");
  EXPECT_EQ(from_json<Plain>(R"({"x":2})").x, 2);
}

TEST(FieldOptions, InheritedMembersAreFields) {
  EXPECT_EQ(to_json(from_json<Derived>(R"({"inherited":1,"own":2})")), R"({"own":2,"inherited":1})");
}

TEST(ValidationOptions, StopAtFirstErrorLeavesOneMessageAProperty) {
  EXPECT_EQ(messages<shop::Person>(R"({"addr":{}})", {.stop_at_first_error = true}),
            "name must be shorter than or equal to 5 characters | age must not be greater than 150 | "
            "email must be an email | addr.street must be longer than or equal to 3 characters | "
            "addr.zip must not be less than 10 | items must contain at least 1 elements");
}

// Recorded from NestJS: a property that has a message is not looked into.
TEST(ValidationOptions, StopAtFirstErrorLeavesNestedValidationOut) {
  constexpr nestcpp::validation_options first{.stop_at_first_error = true};
  EXPECT_EQ(messages<shop::Person>(R"({"name":"abcd","age":-1,"email":"a@b.io","addr":null,"items":"x"})", first),
            "age must not be less than 0 | nested property addr must be either object or array | "
            "items must contain at least 1 elements");
  EXPECT_EQ(messages<shop::Person>(R"({"name":"abcd","age":1,"email":"a@b.io","items":{"tags":["a",1]}})", first),
            "items must contain at least 1 elements");
}

TEST(ValidationOptions, SkippingLeavesIsDefinedInForce) {
  constexpr nestcpp::validation_options missing{.skip_missing_properties = true};
  constexpr nestcpp::validation_options undefined{.skip_undefined_properties = true};
  constexpr nestcpp::validation_options null{.skip_null_properties = true};
  EXPECT_EQ(messages<Defined>("{}", missing), "a should not be null or undefined");
  EXPECT_EQ(messages<Defined>(R"({"a":1})", missing), "");
  EXPECT_EQ(messages<Defined>(R"({"a":1,"b":null})", missing), "");
  EXPECT_EQ(messages<Defined>(R"({"a":null})", missing), "a should not be null or undefined");
  EXPECT_EQ(from_json<Defined>(R"({"a":1,"b":null})", missing).b, 6);
  EXPECT_EQ(messages<Defined>(R"({"a":1})", undefined), "");
  EXPECT_EQ(messages<Defined>(R"({"a":1,"b":null})", undefined),
            "b must not be less than 1 | b must be an integer number");
  EXPECT_EQ(messages<Defined>(R"({"a":1,"b":null})", null), "");
  EXPECT_EQ(messages<Defined>(R"({"a":1})", null), "b must not be less than 1 | b must be an integer number");
}

TEST(ValidationOptions, MessagesCanBeWithheld) {
  EXPECT_EQ(refusal<Plain>("{}", {.disable_error_messages = true}), R"({"message":"Bad Request","statusCode":400})");
  EXPECT_EQ(refusal<Plain>("{}", {.dismiss_default_messages = true}),
            R"({"message":["",""],"error":"Bad Request","statusCode":400})");
}

TEST(ValidationOptions, GroupedMessagesStandUnderTheirPath) {
  EXPECT_EQ(refusal<shop::Person>(R"({"name":1,"age":1,"email":"a@b.io","addr":{"street":5,"zip":10},
                                      "items":[{"id":"x","tags":[]}]})",
                                  {.error_format = nestcpp::validation_error_format::grouped}),
            R"({"message":{"name":["name must be shorter than or equal to 5 characters",)"
            R"("name must be longer than or equal to 3 characters","name must be a string"],)"
            R"("addr.street":["street must be longer than or equal to 3 characters","street must be a string"],)"
            R"("items.0.id":["id must be an integer number"]},"error":"Bad Request","statusCode":400})");
}

TEST(ValidationOptions, DepthIsBounded) {
  const std::string deep = std::string(600, '[') + std::string(600, ']');
  EXPECT_NE(messages<shop::Everything>(R"({"any":)" + deep + "}").find("JSON"), std::string::npos);
  EXPECT_EQ(messages<shop::Everything>(R"({"any":)" + deep + "}", {.max_depth = 601}), "");
  EXPECT_NE(messages<shop::Everything>(R"({"unknown":)" + deep + "}").find("JSON"), std::string::npos);
  EXPECT_NE(messages<shop::Tree>(R"({"name":"a","children":[{"name":"b","children":[]}]})", {.max_depth = 3}), "");
  EXPECT_EQ(messages<shop::Tree>(R"({"name":"a","children":[{"name":"b","children":[]}]})", {.max_depth = 4}), "");
}

}  // namespace
