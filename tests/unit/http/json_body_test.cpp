#include "http/body_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace nestcpp::test {
namespace {

using detail::json_body_error;

TEST(JsonBody, TakesObjectsAndArrays) {
  for (const char* body :
       {"{}", "[]", "[1]", " {\"a\" : [1, -2.5e+3, true, false, null, \"\\u00e9\\n\", {\"b\":{}}]} \r\n\t",
        "{\"é\":\"😀\"}", "[0.0, 0e1, -0]"}) {
    EXPECT_FALSE(json_body_error(body)) << body;
  }
  std::string deep(100000, '[');
  deep.append(100000, ']');
  EXPECT_FALSE(json_body_error(deep));
}

// Recorded: Express' body parser on Node 20.
TEST(JsonBody, IsRefusedInTheWordsOfNode) {
  const std::vector<std::pair<std::string, std::string>> recorded{
      {"{", "Expected property name or '}' in JSON at position 1"},
      {"{bad}", "Expected property name or '}' in JSON at position 1"},
      {"{\"a\":1,}", "Expected double-quoted property name in JSON at position 7"},
      {"{\"a\" 1}", "Expected ':' after property name in JSON at position 5"},
      {"{\"a\":1,\"b\" 2}", "Unexpected number in JSON at position 11"},
      {"{\"a\":1 \"b\"}", "Expected ',' or '}' after property value in JSON at position 7"},
      {"[1 2]", "Expected ',' or ']' after array element in JSON at position 3"},
      {"[1,]", "Unexpected token ']', \"[1,]\" is not valid JSON"},
      {"{\"a\":", "Unexpected end of JSON input"},
      {"{\"a\":1}x", "Unexpected non-whitespace character after JSON at position 7"},
      {"{\"a\":01}", "Unexpected number in JSON at position 6"},
      {"[-]", "No number after minus sign in JSON at position 2"},
      {"[1.]", "Unterminated fractional number in JSON at position 3"},
      {"[1e]", "Exponent part is missing a number in JSON at position 3"},
      {"{\"a\":\"\\x\"}", "Bad escaped character in JSON at position 7"},
      {"{\"a\":\"\\u12G4\"}", "Bad Unicode escape in JSON at position 10"},
      {"{\"a\":\"\n\"}", "Bad control character in string literal in JSON at position 6"},
      {"{\"a\":\"b", "Unterminated string in JSON at position 7"},
      {"[\"😀\", x]", "Unexpected token 'x', \"[\"😀\", x]\" is not valid JSON"},
      {"[\"aaaaaaaaaaaaaaaaaaaaaaaa\", ?, \"bbbbbbbbbbbbbbbbb\"]",
       "Unexpected token '?', ...\"aaaaaaa\", ?, \"bbbbbb\"... is not valid JSON"},
      {"null", "Unexpected token 'n', \"null\" is not valid JSON"},
      {"\"text\"", "Unexpected token '\"', \"\"text\"\" is not valid JSON"},
      {" 5", "Unexpected token '5', \" 5\" is not valid JSON"},
      {"hello", "Unexpected token 'h', \"hello\" is not valid JSON"},
      {"  ", "Unexpected end of JSON input"},
  };
  for (const auto& [body, message] : recorded) EXPECT_EQ(json_body_error(body).value().message, message) << body;
}

// Callers may rely on how the message begins, whatever is wrong.
TEST(JsonBody, IsRefusedWithUnexpectedOrExpected) {
  for (const char* body :
       {"{", "[-]", "[1.]", "[1e]", "[\"\\x\"]", "[\"\\u12G4\"]", "[\"\n\"]", "[\"b", "[object Object]", "null"}) {
    const std::string told = json_body_error(body).value().told();
    EXPECT_TRUE(told.starts_with("Unexpected") || told.starts_with("Expected")) << told;
    EXPECT_NE(told.find("JSON"), std::string::npos) << told;
  }
}

}  // namespace
}  // namespace nestcpp::test
