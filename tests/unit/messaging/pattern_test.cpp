#include <nestcpp/messaging/pattern.hpp>

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace nestcpp::test {
namespace {

struct route_case {
  std::string_view raw;  // as in the packet
  std::string_view route;
};

std::ostream& operator<<(std::ostream& out, const route_case& pattern) { return out << pattern.raw; }

class RouteOf : public testing::TestWithParam<route_case> {};

TEST_P(RouteOf, IsNestJSs) {
  EXPECT_EQ(route_of(GetParam().raw), GetParam().route);
  std::string_view plain;
  if (plain_route(GetParam().raw, plain)) EXPECT_EQ(plain, GetParam().route);
}

INSTANTIATE_TEST_SUITE_P(
    Strings, RouteOf,
    testing::Values(route_case{R"("user.create")", "user.create"}, route_case{R"("")", ""},
                    route_case{R"(" a ")", " a "}, route_case{R"("привет")", "привет"}, route_case{R"("\u043f")", "п"},
                    route_case{R"("a\"b\\c")", R"(a"b\c)"}, route_case{R"("\"echo\"")", "echo"},
                    route_case{R"("{a}")", "{a}"}, route_case{R"("{\"a\":}")", R"({"a":})"},
                    route_case{R"("notification.send")", "notification.send"}, route_case{R"("nullable")", "nullable"},
                    route_case{R"("true.")", "true."}, route_case{R"("\ud83d\ude00")", "😀"},
                    route_case{R"("\ud800")", "\xED\xA0\x80"},
                    route_case{R"("\ud800\ud800\udc00")", "\xED\xA0\x80\xF0\x90\x80\x80"},
                    route_case{R"("a\/b\n")", "a/b\n"}, route_case{R"("\"\ud800\\n\"")", "\xED\xA0\x80\n"}));
INSTANTIATE_TEST_SUITE_P(
    Numbers, RouteOf,
    testing::Values(route_case{"5", "5"}, route_case{"5.0", "5"}, route_case{R"("5")", "5"},
                    route_case{R"(" 5 ")", "5"}, route_case{"1.5", "1.5"}, route_case{"1e21", "1e+21"},
                    route_case{"1e3", "1000"}, route_case{R"("1e3")", "1000"}, route_case{"-0", "0"},
                    route_case{R"("-0")", "0"}, route_case{"-0.0", "0"}, route_case{"1e-7", "1e-7"},
                    route_case{"0.000001", "0.000001"}, route_case{"123456789012345678901", "123456789012345680000"},
                    route_case{"9007199254740993", "9007199254740992"},
                    route_case{"9007199254740991", "9007199254740991"}, route_case{"-12.50", "-12.5"},
                    route_case{"0.1", "0.1"}, route_case{"1.7976931348623157e308", "1.7976931348623157e+308"},
                    route_case{"5e-324", "5e-324"}, route_case{"1e-400", "0"}, route_case{R"("1e999")", "Infinity"},
                    route_case{R"("-1e999")", "-Infinity"}, route_case{"100", "100"}, route_case{R"("05")", "05"},
                    route_case{R"("5x")", "5x"}));
INSTANTIATE_TEST_SUITE_P(
    Objects, RouteOf,
    testing::Values(
        route_case{R"({"role":"a", "cmd":"sum"})", R"({"cmd":"sum","role":"a"})"},
        route_case{R"("{\"role\":\"a\", \"cmd\":\"sum\"}")", R"({"cmd":"sum","role":"a"})"},
        route_case{R"({"b":1,"a":{"d":"x","c":[1,"two"]}})", R"({"a":{"c":{"0":1,"1":"two"},"d":"x"},"b":1})"},
        route_case{"{}", "{}"}, route_case{"[]", "{}"}, route_case{"[1,\"a\"]", R"({"0":1,"1":"a"})"},
        route_case{R"({"m":3})", R"({"m":3})"}, route_case{R"({"m":"3"})", R"({"m":"3"})"},
        route_case{R"({"t":true,"n":null,"z":1.50,"f":false})", R"({"f":false,"n":null,"t":true,"z":1.5})"},
        route_case{R"({"k\"\\":"v\"\\"})", R"({"k\"\\":"v\"\\"})"},
        route_case{R"({"a":"\n\u0001"})", "{\"a\":\"\n\x01\"}"}, route_case{R"({"a":1,"a":2})", R"({"a":2})"},
        route_case{R"({"__proto__":1})", R"({"__proto__":1})"}, route_case{R"({"a":1e999})", R"({"a":null})"},
        route_case{R"("{\"a\":1e999}")", R"({"a":Infinity})"}, route_case{R"({"9":1,"10":2})", R"({"10":2,"9":1})"},
        route_case{R"({"a":{}})", R"({"a":{}})"},
        route_case{R"("{\"\udbff\":\"\ud800é\"}")", "{\"\xED\xAF\xBF\":\"\xED\xA0\x80é\"}"},
        route_case{R"([[],[[]]])", R"({"0":{},"1":{"0":{}}})"},
        route_case{R"({"a":"{\"b\":1}"})", R"({"a":"{\"b\":1}"})"}));
INSTANTIATE_TEST_SUITE_P(
    Limits, RouteOf,
    testing::Values(route_case{R"({"a":{"a":{"a":{"a":{"a":{"b":1}}}}}})", R"({"a":{"a":{"a":{"a":{"a":{"b":1}}}}}})"},
                    route_case{R"({"a":{"a":{"a":{"a":{"a":{"b":{"x":1}}}}}}})",
                               R"({"a":{"a":{"a":{"a":{"a":{"b":[MAX_DEPTH_REACHED]}}}}}})"},
                    route_case{R"({"a":{"a":{"a":{"a":{"a":{"b":[]}}}}}})",
                               R"({"a":{"a":{"a":{"a":{"a":{"b":[MAX_DEPTH_REACHED]}}}}}})"},
                    route_case{"[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]", "[TOO_MANY_KEYS]"},
                    route_case{R"({"x":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20],"y":1})",
                               R"({"x":[TOO_MANY_KEYS],"y":1})"},
                    route_case{"[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]",
                               R"({"0":0,"1":0,"10":0,"11":0,"12":0,"13":0,"14":0,"15":0,"16":0,"17":0,"18":0,"19":0,)"
                               R"("2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0})"}));

TEST(RouteOfLimits, RepeatedKeysAreOne) {
  std::string pattern{"{"};
  for (int i{0}; i < 1000; ++i) pattern += "\"a\":" + std::to_string(i) + ",";
  EXPECT_EQ(route_of(pattern + "\"b\":0}"), R"({"a":999,"b":0})");
}

TEST(RouteOfLimits, ManyKeysReachAnyHandlerWithManyKeys) {
  std::string pattern{"{"};
  for (int i{0}; i < 21; ++i) pattern += (i == 0 ? "\"q" : ",\"q") + std::to_string(i) + "\":0";
  EXPECT_EQ(route_of(pattern + "}"), "[TOO_MANY_KEYS]");
  EXPECT_EQ(route_of_text(pattern + "}"), "[TOO_MANY_KEYS]");
}

TEST(RouteOfLimits, DepthBeyondJavaScriptsStack) {
  const auto nested = [](int levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(route_of(nested(4000)), R"({"0":{"0":{"0":{"0":{"0":{"0":[MAX_DEPTH_REACHED]}}}}}})");
  EXPECT_EQ(route_of(nested(20'000)), "[UNSERIALIZABLE_PATTERN]");
  EXPECT_EQ(route_of("\"" + nested(20'000) + "\""), R"({"0":{"0":{"0":{"0":{"0":{"0":[MAX_DEPTH_REACHED]}}}}}})");
  EXPECT_EQ(pattern_text(nested(20'000)), "[UNSERIALIZABLE_PATTERN]");
}

TEST(RouteOfNothing, ReachesNoHandler) {
  for (const auto* raw : {"", "null", "true", "false", R"("null")", R"("true")", R"("false")", R"(" true ")"}) {
    const auto route = route_of(raw);
    for (const auto* text : {"", "undefined", "null", "true", "false", " true "})
      EXPECT_NE(route, route_of_text(text)) << raw;
    std::string_view plain;
    EXPECT_FALSE(plain_route(raw, plain)) << raw;
  }
}

TEST(RouteOfText, IsTheTextUnlessItIsAnObject) {
  for (const auto* text :
       {"user.create", "", "5", "true", "1e3", "1.0", " 5 ", R"("quoted")", "привет", "{a}", "a\"b"}) {
    EXPECT_EQ(route_of_text(text), text);
  }
  EXPECT_EQ(route_of_text(R"({ "role": "a", "cmd": "sum" })"), R"({"cmd":"sum","role":"a"})");
  EXPECT_EQ(route_of_text("[1,2]"), R"({"0":1,"1":2})");
}

TEST(ReachablePattern, TellsWhatNestJSCannotReachEither) {
  for (const auto* text : {"user.create", "", "5", "1.5", R"({"b":1,"a":2})", "[1]", "[TOO_MANY_KEYS]", "null."}) {
    EXPECT_TRUE(reachable_pattern(text)) << text;
  }
  for (const auto* text : {"true", "false", "null", "1e3", "1.0", "05e1", " 5", R"("quoted")", "-0"}) {
    EXPECT_EQ(reachable_pattern(text), std::string_view{text} == "05e1") << text;
  }
}

TEST(NormalizePattern, TakesValues) {
  const auto route = [](std::string_view json) {
    return normalize_pattern(boost::json::parse(boost::json::string_view{json.data(), json.size()}));
  };
  EXPECT_EQ(route(R"("a")"), "a");
  EXPECT_EQ(route(R"("5")"), "5");
  EXPECT_EQ(route(R"("{\"b\":1}")"), R"({"b":1})");
  EXPECT_EQ(route("5"), "5");
  EXPECT_EQ(route("5.0"), "5");
  EXPECT_EQ(route("1e21"), "1e+21");
  EXPECT_EQ(route("18446744073709551615"), "18446744073709552000");
  EXPECT_EQ(route(R"({"b":[1,"x"],"a":null})"), R"({"a":null,"b":{"0":1,"1":"x"}})");
  EXPECT_NE(route("true"), "true");
  EXPECT_EQ(route("true"), route_of("true"));
  EXPECT_EQ(route("null"), route_of("null"));
  EXPECT_THROW(static_cast<void>(normalize_pattern(std::numeric_limits<double>::quiet_NaN())), std::invalid_argument);
}

TEST(PlainRoute, RefusesWhatHasToBeReadAsJson) {
  std::string_view route;
  for (const auto* raw : {"5", "{}", R"("5")", R"("-1")", R"("{}")", R"("[1]")", R"("a\n")", R"("true")", R"("null  ")",
                          R"(" x")", R"("\u0041")", ""}) {
    EXPECT_FALSE(plain_route(raw, route)) << raw;
  }
  for (const auto* raw : {R"("a")", R"("")", R"("truex")", R"("user.create")", R"("née")", R"("t")"}) {
    EXPECT_TRUE(plain_route(raw, route)) << raw;
    EXPECT_EQ("\"" + std::string{route} + "\"", raw);
  }
}

TEST(PatternText, IsWhatJsonStringifyGives) {
  EXPECT_EQ(pattern_text(R"("a\"b")"), "a\"b");
  EXPECT_EQ(pattern_text(R"("{\"b\": 1}")"), R"({"b": 1})");
  EXPECT_EQ(pattern_text(R"({"b" : [ 1.0, -0, 1e21, 1e999 ], "2":"é\u00e9\ud800\u0001\/", "1":{}, "b":[ ] })"),
            R"({"1":{},"2":"éé\ud800\u0001/","b":[]})");
  EXPECT_EQ(pattern_text(R"([ 1.0, -0, 1e21, 1e999, null, true ])"), "[1,0,1e+21,null,null,true]");
  EXPECT_EQ(pattern_text("5.0"), "5");
  EXPECT_EQ(pattern_text("true"), "true");
  EXPECT_EQ(pattern_text(""), "undefined");
}

TEST(ComparePatternKeys, FollowsTheCollationOrder) {
  const std::vector<std::string> ascending{"",  "\t", " ", "_", "-", ",", ";", ":", "!", "?",  ".",  "'", "\"",
                                           "(", ")",  "[", "]", "{", "}", "@", "*", "/", "\\", "&",  "#", "%",
                                           "`", "^",  "+", "<", "=", ">", "|", "~", "$", "0",  "10", "9", "_a"};
  for (std::size_t i{0}; i + 1 < ascending.size() - 1; ++i) {
    EXPECT_LT(detail::compare_pattern_keys(ascending[i], ascending[i + 1]), 0) << ascending[i] << ascending[i + 1];
    EXPECT_GT(detail::compare_pattern_keys(ascending[i + 1], ascending[i]), 0) << ascending[i] << ascending[i + 1];
  }
  const std::vector<std::pair<std::string, std::string>> pairs{
      {"_id", "id"}, {"id", "iD"}, {"iD", "ID"}, {"Aa", "ab"}, {"aB", "Ab"}, {"10", "9"}, {"user_id", "userName"},
      {"a", "aa"},   {"Z", "é"},   {"z", "я"},   {"é", "я"},   {"a1", "ab"}, {"ab", "AB"}};
  for (const auto& [low, high] : pairs) {
    EXPECT_LT(detail::compare_pattern_keys(low, high), 0) << low << " " << high;
    EXPECT_GT(detail::compare_pattern_keys(high, low), 0) << low << " " << high;
  }
  EXPECT_EQ(detail::compare_pattern_keys(std::string{"a\0b", 3}, "ab"), 0);
  EXPECT_EQ(detail::compare_pattern_keys("a\x7F", "a"), 0);
}

TEST(QuoteJson, WritesAsJsonStringify) {
  EXPECT_EQ(quote_json("a\"\\/\b\t\n\f\r\x01\x1F\x7F\xE2\x80\xA8é😀"),
            "\"a\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\\u001f\x7F\xE2\x80\xA8é😀\"");
  EXPECT_EQ(quote_json("\xED\xA0\x80x\xED\xBF\xBF"), R"("\ud800x\udfff")");
  EXPECT_EQ(quote_json("\xFF\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(quote_json(std::string_view{"\0", 1}), R"("\u0000")");
}

}  // namespace
}  // namespace nestcpp::test
