// What becomes of the errors: exceptions, statuses, limits.
#include "unit/dto/dto_types.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <gtest/gtest.h>

namespace {

using nestcpp::from_json;
using nestcpp::validation_error;
using nestcpp::validation_options;

constexpr const char* bad_address = R"({"street":"x","zip":1})";

TEST(ExceptionFactory, MakesWhatIsThrown) {
  constexpr validation_options options{.exception_factory = [](const std::vector<validation_error>& errors) {
    return nestcpp::rpc_exception{boost::json::value(errors.at(0).property + " is bad")};
  }};
  try {
    (void)from_json<shop::Address>(bad_address, options);
    FAIL() << "passed";
  } catch (const nestcpp::rpc_exception& error) {
    EXPECT_EQ(error.error(), "street is bad");
  }
  shop::Address address;
  const auto result = nestcpp::read_json(bad_address, address, options);
  ASSERT_NE(result.validation_failure(), nullptr);
  EXPECT_EQ(result.validation_failure()->errors().size(), 2U);
}

TEST(ExceptionFactory, MayThrowItself) {
  const validation_options options{.exception_factory = [](const std::vector<validation_error>& errors) {
    throw nestcpp::conflict_exception{nestcpp::flatten_messages(errors).front()};
  }};
  EXPECT_THROW((void)from_json<shop::Address>(bad_address, options), nestcpp::conflict_exception);
}

TEST(ExceptionFactory, IsAskedAboutPayloadsThatAreNoObjects) {
  struct seen_exception : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  const validation_options options{.exception_factory = [](const std::vector<validation_error>& errors) {
    return seen_exception{errors.at(0).property + ": " + errors.at(0).constraints.at(0).second};
  }};
  try {
    (void)from_json<shop::Empty>("5", options);
    FAIL() << "passed";
  } catch (const seen_exception& error) {
    EXPECT_STREQ(error.what(), "body: Validation failed (object is expected)");
  }
}

TEST(ExceptionFactory, LeavesMalformedTextAlone) {
  const validation_options options{
      .exception_factory = [](const std::vector<validation_error>&) { return std::runtime_error{"rules"}; }};
  EXPECT_THROW((void)from_json<shop::Address>("{", options), nestcpp::json_syntax_error);
}

TEST(Refusals, HaveTheStatusAskedFor) {
  EXPECT_EQ(refusal<shop::Address>(R"({"street":"abc","zip":1})", {.error_http_status_code = 422}),
            R"({"message":["zip must not be less than 10"],"error":"Unprocessable Entity","statusCode":422})");
  EXPECT_EQ(refusal<shop::Address>(bad_address, {.disable_error_messages = true, .error_http_status_code = 422}),
            R"({"message":"Unprocessable Entity","statusCode":422})");
  EXPECT_EQ(
      refusal<shop::Address>(R"({"street":"abc","zip":1})", {.error_format = nestcpp::validation_error_format::grouped,
                                                             .error_http_status_code = 422}),
      R"({"message":{"zip":["zip must not be less than 10"]},"error":"Unprocessable Entity","statusCode":422})");
  shop::Address out;
  const auto result = nestcpp::read_json(bad_address, out, {.error_http_status_code = 422});
  EXPECT_EQ(result.validation_failure()->status(), 422);
}

TEST(Refusals, AreBoundInLength) {
  const std::string name = "name must be shorter than or equal to 5 characters";
  // The message that goes beyond is still told, the properties after it are not.
  EXPECT_EQ(messages<shop::Person>("{}", {.stop_at_first_error = true, .max_error_messages_length = 10}),
            name + " | Further validation errors were omitted");
  EXPECT_EQ(messages<shop::Person>("{}", {.stop_at_first_error = true, .max_error_messages_length = name.size() + 6}),
            name + " | age must not be greater than 150 | Further validation errors were omitted");
  EXPECT_EQ(messages<shop::Address>(bad_address, {.max_error_messages_length = 0}),
            "Further validation errors were omitted");
  EXPECT_EQ(refusal<shop::Address>(bad_address, {.error_format = nestcpp::validation_error_format::grouped,
                                                 .max_error_messages_length = 1}),
            R"({"message":{"street":["street must be longer than or equal to 3 characters"],)"
            R"("...":["Further validation errors were omitted"]},"error":"Bad Request","statusCode":400})");
  EXPECT_EQ(messages<shop::Address>(bad_address),
            "street must be longer than or equal to 3 characters | "
            "zip must not be less than 10");
}

TEST(Refusals, HoldTargetsAndValuesAsAsked) {
  shop::Person out;
  const std::string text =
      R"({"name":"toolong","age":1,"email":"a@b.io","addr":{"street":"x","zip":10},"items":[{"id":1,"tags":[]}]})";
  {
    const auto result = nestcpp::read_json(text, out);
    const auto& errors = result.validation_failure()->errors();
    EXPECT_EQ(errors.at(0).value, boost::json::value("toolong"));
    EXPECT_FALSE(errors.at(0).target);
    EXPECT_FALSE(errors.at(1).value) << "an error with children has none";
    EXPECT_EQ(errors.at(1).children.at(0).value, boost::json::value("x"));
  }
  const auto result = nestcpp::read_json(text, out, {.validation_error = {.target = true, .value = false}});
  const auto& errors = result.validation_failure()->errors();
  EXPECT_FALSE(errors.at(0).value);
  EXPECT_EQ(errors.at(0).target->at("name"), "toolong");
  EXPECT_EQ(errors.at(1).children.at(0).target->at("street"), "x");
}

}  // namespace
