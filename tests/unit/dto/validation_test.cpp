#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace {

using namespace shop;

constexpr nestcpp::validation_options forbidding{.forbid_non_whitelisted = true};

constexpr const char* all_of_user =
    "firstName must be shorter than or equal to 100 characters | firstName should not be empty | "
    "firstName must be a string | lastName must be shorter than or equal to 100 characters | "
    "lastName should not be empty | lastName must be a string | email must be an email | "
    "password must be shorter than or equal to 128 characters | "
    "password must be longer than or equal to 8 characters | password must be a string";

TEST(Validation, AcceptsWhatFits) {
  const auto user = nestcpp::from_json<CreateUserDto>(
      R"({"firstName":"Ada","lastName":"Lovelace","email":"ada@example.com","password":"correct horse"})", forbidding);
  EXPECT_EQ(user.firstName, "Ada");
  EXPECT_EQ(user.lastName, "Lovelace");
  EXPECT_EQ(user.email, "ada@example.com");
  EXPECT_EQ(user.password, "correct horse");
}

TEST(Validation, AnswersWithNestsBody) {
  EXPECT_EQ(refusal<CreateUserDto>(R"({"firstName":"","lastName":"L","email":"a@b.io","password":"12345678"})"),
            R"({"message":["firstName should not be empty"],"error":"Bad Request","statusCode":400})");
}

// The texts below were recorded from NestJS.
TEST(Validation, TellsOfMissingPropertiesFromTheLastRuleUp) {
  EXPECT_EQ(messages<Person>("{}"),
            "name must be shorter than or equal to 5 characters | name must be longer than or equal to 3 characters | "
            "name must be a string | age must not be greater than 150 | age must not be less than 0 | "
            "age must be an integer number | email must be an email | items must contain at least 1 elements | "
            "items must be an array");
}

TEST(Validation, TellsOfNestedKindsAfterTheOwnRules) {
  EXPECT_EQ(messages<Person>(R"({"name":"abc","age":1,"email":"a@b.io","addr":5,"items":"x","opt":"x"})"),
            "nested property addr must be either object or array | items must contain at least 1 elements | "
            "items must be an array | each value in nested property items must be either object or array | "
            "opt must be a boolean value");
}

TEST(Validation, PutsThePathBeforeNestedMessages) {
  EXPECT_EQ(messages<Person>(R"({"name":"abc","age":1,"email":"a@b.io","addr":{"street":"x","zip":1},
                                 "items":[{"id":"x","tags":[1]},{"id":1,"tags":5},7]})"),
            "addr.street must be longer than or equal to 3 characters | addr.zip must not be less than 10 | "
            "items.0.id must be an integer number | items.0.each value in tags must be a string | "
            "items.1.each value in tags must be a string | items.1.tags must be an array | "
            "items.each value in nested property items must be either object or array");
}

TEST(Validation, LooksIntoAnArrayThatStandsForAnObject) {
  EXPECT_EQ(messages<Address>(R"([{"street":1}])", forbidding),
            "property 0 should not exist | street must be longer than or equal to 3 characters | "
            "street must be a string | zip must not be less than 10 | zip must be an integer number");
  EXPECT_EQ(messages<Person>(R"({"name":"abc","age":1,"email":"a@b.io","items":[{"id":1,"tags":[]}],
                                 "addr":[{"street":"abc","zip":1}]})"),
            "addr.0.zip must not be less than 10");
  // Every item is fine, but an array is no object.
  EXPECT_EQ(messages<Person>(R"({"name":"abc","age":1,"email":"a@b.io","items":[{"id":1,"tags":[]}],
                                 "addr":[{"street":"abc","zip":10}]})"),
            "addr must be an object");
}

TEST(Validation, RefusesUnknownPropertiesFirstAndAtEveryDepth) {
  const auto* text = R"({"extra":1,"name":"abc","age":-1,"email":"a@b.io","addr":{"more":1,"street":"abc","zip":10},
                         "items":[{"id":1,"tags":[],"z":2}],"__proto__":{}})";
  EXPECT_EQ(messages<Person>(text, forbidding),
            "property extra should not exist | property __proto__ should not exist | age must not be less than 0 | "
            "addr.property more should not exist | items.0.property z should not exist");
  EXPECT_EQ(messages<Person>(text), "age must not be less than 0");
  EXPECT_EQ(messages<Person>(text, {.whitelist = false, .forbid_non_whitelisted = true}),
            "age must not be less than 0");
}

TEST(Validation, ReadsNothingAndNullAsAnEmptyObject) {
  for (const char* text : {"", "null", " null "}) {
    EXPECT_EQ(messages<CreateUserDto>(text), all_of_user) << text;
    EXPECT_EQ(messages<Empty>(text), "") << text;
  }
}

TEST(Validation, ValidatesPrimitivesAsEmptyObjects) {
  for (const char* text : {"5", "\"x\"", "true", "[]"}) {
    EXPECT_EQ(messages<CreateUserDto>(text), all_of_user) << text;
    EXPECT_EQ(refusal<Empty>(text),
              R"_({"message":"Validation failed (object is expected)","error":"Bad Request","statusCode":400})_")
        << text;
  }
}

TEST(Validation, KeepsTheLastOfRepeatedKeys) {
  EXPECT_EQ(messages<Address>(R"({"street":5,"zip":10,"street":"abc"})"), "");
  EXPECT_EQ(messages<Address>(R"({"street":"abc","zip":10,"street":5})"),
            "street must be longer than or equal to 3 characters | street must be a string");
  Address out;
  ASSERT_TRUE(nestcpp::read_json(R"({"street":5,"zip":10,"street":"abc","zip":11})", out));
  EXPECT_EQ(out.street, "abc");
  EXPECT_EQ(out.zip, 11);
}

TEST(Validation, NeverRepeatsWhatWasSent) {
  EXPECT_EQ(refusal<CreateUserDto>(R"({"firstName":"A","lastName":"L","email":"hunter2","password":"hunter2"})")
                .find("hunter2"),
            std::string::npos);
}

TEST(Validation, HasClassValidatorsTree) {
  Person out;
  const auto result = nestcpp::read_json(
      R"({"name":1,"age":1,"email":"a@b.io","items":[{"id":1,"tags":[]}],"addr":{"street":"abc","zip":1}})", out);
  ASSERT_NE(result.validation_failure(), nullptr);
  const auto& errors = result.validation_failure()->errors();
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].property, "name");
  EXPECT_EQ(errors[0].value, boost::json::value(1));
  ASSERT_EQ(errors[0].constraints.size(), 3u);
  EXPECT_EQ(errors[0].constraints[0].first, "maxLength");
  EXPECT_EQ(errors[0].constraints[2].first, "isString");
  EXPECT_EQ(errors[1].property, "addr");
  EXPECT_FALSE(errors[1].value.has_value());
  ASSERT_EQ(errors[1].children.size(), 1u);
  EXPECT_EQ(errors[1].children[0].property, "zip");
  EXPECT_EQ(errors[1].children[0].value, boost::json::value(1));
}

TEST(Validation, ThrowsTheSameAsItReturns) {
  Address out;
  const auto result = nestcpp::read_json("{}", out);
  ASSERT_NE(result.validation_failure(), nullptr);
  EXPECT_THROW(result.throw_if_failed(), nestcpp::validation_exception);
  EXPECT_THROW((void)nestcpp::from_json<Address>("{}"), nestcpp::bad_request_exception);
  EXPECT_THROW((void)nestcpp::from_json<Address>("{"), nestcpp::json_syntax_error);
  try {
    (void)nestcpp::from_json<Address>("{}");
    FAIL();
  } catch (const nestcpp::http_exception& error) {
    EXPECT_EQ(error.status(), 400);
    EXPECT_EQ(error.body(), result.validation_failure()->body());
  }
}

TEST(Validation, FollowsTypesThatHoldThemselves) {
  EXPECT_EQ(messages<Tree>(R"({"name":"a","children":[{"name":"b"},{"name":"c","children":[{"name":""}]}]})"),
            "children.1.children.0.name should not be empty");
}

}  // namespace
