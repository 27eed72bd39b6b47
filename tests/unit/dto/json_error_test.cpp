#include <nestcpp/dto/json_error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace nestcpp::test {
namespace {

struct error_case {
  std::string_view text, message;
};

std::ostream& operator<<(std::ostream& out, const error_case& error) { return out << error.text; }

class JsonError : public testing::TestWithParam<error_case> {};

TEST_P(JsonError, SaysWhatNode20Says) {
  EXPECT_EQ(find_json_error(GetParam().text).value_or(json_error{}).message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Node20, JsonError,
    testing::Values(error_case{"", "Unexpected end of JSON input"}, error_case{"  ", "Unexpected end of JSON input"},
                    error_case{"[", "Unexpected end of JSON input"}, error_case{"[1,", "Unexpected end of JSON input"},
                    error_case{R"({"a":)", "Unexpected end of JSON input"},
                    error_case{"tru", "Unexpected end of JSON input"},
                    error_case{R"("abc\)", "Unexpected end of JSON input"},
                    error_case{"{", "Expected property name or '}' in JSON at position 1"},
                    error_case{"{a}", "Expected property name or '}' in JSON at position 1"},
                    error_case{"{1:2}", "Expected property name or '}' in JSON at position 1"},
                    error_case{R"({"a")", "Expected ':' after property name in JSON at position 4"},
                    error_case{R"({"a" 1})", "Expected ':' after property name in JSON at position 5"},
                    error_case{R"({"a":1,"b" 2})", "Unexpected number in JSON at position 11"},
                    error_case{R"({"a":1)", "Expected ',' or '}' after property value in JSON at position 6"},
                    error_case{R"({"a":1 "b"})", "Expected ',' or '}' after property value in JSON at position 7"},
                    error_case{R"({"a":1])", "Expected ',' or '}' after property value in JSON at position 6"},
                    error_case{R"({"a":1,})", "Expected double-quoted property name in JSON at position 7"},
                    error_case{R"({"a":1,)", "Expected double-quoted property name in JSON at position 7"},
                    error_case{"[1", "Expected ',' or ']' after array element in JSON at position 2"},
                    error_case{"[1 2]", "Expected ',' or ']' after array element in JSON at position 3"},
                    error_case{"[1}", "Expected ',' or ']' after array element in JSON at position 2"},
                    error_case{"{} x", "Unexpected non-whitespace character after JSON at position 3"},
                    error_case{"1 2", "Unexpected non-whitespace character after JSON at position 2"},
                    error_case{"1.5.5", "Unexpected non-whitespace character after JSON at position 3"},
                    error_case{R"("é€😀" x)", "Unexpected non-whitespace character after JSON at position 7"},
                    error_case{R"("abc)", "Unterminated string in JSON at position 4"},
                    error_case{"\"a\tb\"", "Bad control character in string literal in JSON at position 2"},
                    error_case{R"("\x")", "Bad escaped character in JSON at position 2"},
                    error_case{R"("\é")", "Bad escaped character in JSON at position 2"},
                    error_case{R"("\€")", R"(Unexpected token '€', ""\€"" is not valid JSON)"},
                    error_case{R"("\u12")", "Bad Unicode escape in JSON at position 5"},
                    error_case{R"("abc\u1)", "Bad Unicode escape in JSON at position 7"},
                    error_case{"-", "No number after minus sign in JSON at position 1"},
                    error_case{"-a", "No number after minus sign in JSON at position 1"},
                    error_case{"1.a", "Unterminated fractional number in JSON at position 2"},
                    error_case{"1e+", "Exponent part is missing a number in JSON at position 3"},
                    error_case{"01", "Unexpected number in JSON at position 1"},
                    error_case{"t1ue", "Unexpected number in JSON at position 1"},
                    error_case{"t\"ue", "Unexpected string in JSON at position 1"},
                    error_case{"truX", R"(Unexpected token 'X', "truX" is not valid JSON)"},
                    error_case{"[nul]", R"(Unexpected token ']', "[nul]" is not valid JSON)"},
                    error_case{"[1,]", R"(Unexpected token ']', "[1,]" is not valid JSON)"},
                    error_case{"{abc}", "Expected property name or '}' in JSON at position 1"},
                    error_case{"é", R"(Unexpected token 'é', "é" is not valid JSON)"},
                    error_case{"[😀]", "Unexpected token '\xEF\xBF\xBD', \"[😀]\" is not valid JSON"},
                    error_case{"undefined", R"("undefined" is not valid JSON)"},
                    error_case{"NaN", R"("NaN" is not valid JSON)"},
                    error_case{"Infinity", R"("Infinity" is not valid JSON)"},
                    error_case{"[object Object]", R"("[object Object]" is not valid JSON)"},
                    error_case{R"({"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":x,"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb":1})",
                               R"(Unexpected token 'x', ..."aaaaaaaa":x,"bbbbbbb"... is not valid JSON)"},
                    error_case{R"(x{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":1})",
                               R"(Unexpected token 'x', "x{"aaaaaaa"... is not valid JSON)"},
                    error_case{R"({"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":x})",
                               R"(Unexpected token 'x', ..."aaaaaaaa":x}" is not valid JSON)"}));

TEST(JsonErrorOfJson, IsEmpty) {
  for (const auto* text : {"{}", "[]", " 1 ", R"("a")", "null", R"({"a":[1,{"b":"\u00e9\n"}],"c":-1.5e+3})"}) {
    EXPECT_FALSE(find_json_error(text)) << text;
  }
}

}  // namespace
}  // namespace nestcpp::test
