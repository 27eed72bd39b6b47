#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace {

// The message a text is told. Any type will do: JSON comes before rules.
std::string told(std::string_view text) {
  shop::Everything out;
  const auto result = nestcpp::read_json(text, out);
  if (result.syntax_error() == nullptr) return "(no syntax error)";
  return std::string{result.syntax_error()->body().at("message").as_string()};
}

TEST(JsonSyntaxError, SpeaksAsNode20) {
  EXPECT_EQ(told("  "), "Unexpected end of JSON input");
  EXPECT_EQ(told("abc"), "Unexpected token 'a', \"abc\" is not valid JSON");
  EXPECT_EQ(told("{a"), "Expected property name or '}' in JSON at position 1");
  EXPECT_EQ(told("{\"a\" 1}"), "Expected ':' after property name in JSON at position 5");
  EXPECT_EQ(told("{\"a\":1 2}"), "Expected ',' or '}' after property value in JSON at position 7");
  EXPECT_EQ(told("[1 2]"), "Expected ',' or ']' after array element in JSON at position 3");
  EXPECT_EQ(told("{\"a\":1,}"), "Expected double-quoted property name in JSON at position 7");
  EXPECT_EQ(told("[1,]"), "Unexpected token ']', \"[1,]\" is not valid JSON");
  EXPECT_EQ(told("01"), "Unexpected number in JSON at position 1");
  EXPECT_EQ(told("{}x"), "Unexpected non-whitespace character after JSON at position 2");
  EXPECT_EQ(told("é😀{}"), "Unexpected token 'é', \"é😀{}\" is not valid JSON");
  EXPECT_EQ(told("[\"é😀\" 1"), "Expected ',' or ']' after array element in JSON at position 7");
  EXPECT_EQ(told("{\"abcdefghijklmnop\": x, \"qrstuvw\":1}"),
            "Unexpected token 'x', ...\"jklmnop\": x, \"qrstuv\"... is not valid JSON");
}

TEST(JsonSyntaxError, BeginsWithUnexpectedOrExpectedWhereNodeDoesNot) {
  for (const char* text :
       {"\"abc", "\"a\nb\"", "\"\\x\"", "\"\\u12g4\"", "-", "1.", "1e", "undefined", "[object Object]", "\"\\"}) {
    const std::string message = told(text);
    EXPECT_TRUE(message.starts_with("Unexpected") || message.starts_with("Expected")) << message;
    EXPECT_NE(message.find("JSON"), std::string::npos) << message;
  }
}

TEST(JsonSyntaxError, KeepsTheTextOutOfWhat) {
  shop::Empty out;
  const auto result = nestcpp::read_json(R"({"password": hunter2})", out);
  ASSERT_NE(result.syntax_error(), nullptr);
  EXPECT_EQ(std::string{result.syntax_error()->what()}.find("hunter"), std::string::npos);
  EXPECT_EQ(result.syntax_error()->position(), 13u);
  EXPECT_EQ(result.syntax_error()->status(), 400);
}

TEST(JsonSyntaxError, ComesBeforeRules) {
  EXPECT_EQ(messages<shop::Address>(R"({"street":5,)"), "Expected double-quoted property name in JSON at position 12");
  EXPECT_EQ(messages<shop::Address>(R"({"street":"abc","zip":10} x)"),
            "Unexpected non-whitespace character after JSON at position 26");
}

}  // namespace
