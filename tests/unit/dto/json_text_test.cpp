#include <nestcpp/dto/json_text.hpp>

#include <nestcpp/dto/dto.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace {

using nestcpp::json_text;

struct Envelope {
  std::string kind;
  json_text body;
};
NEST_DTO(Envelope, NEST_FIELD(kind, is_string()), NEST_FIELD(body));

std::string normalized(std::string_view json, unsigned max_depth = 512) {
  std::string out = "before:";
  return nestcpp::append_normalized_json(out, json, max_depth) ? out.substr(7) : "refused, " + out;
}

TEST(NormalizedJson, HasNoWhiteSpace) {
  EXPECT_EQ(normalized(" \t\r\n{ \"a\" : [ 1 , { } , [ ] , null ] , \"b\" : true }\n"),
            R"({"a":[1,{},[],null],"b":true})");
  EXPECT_EQ(normalized(" \"x\" "), R"("x")");
}

TEST(NormalizedJson, PrintsNumbersAsDoubles) {
  EXPECT_EQ(normalized("[1.0,1e3,-0,-0.0,0.1,1e21,123456789012345678901,1E-7,100000000000000000000]"),
            "[1,1000,0,0,0.1,1e+21,123456789012345680000,1e-7,100000000000000000000]");
  EXPECT_EQ(normalized("[9007199254740991,9007199254740992,9007199254740993,-9007199254740993,999999999999999]"),
            "[9007199254740991,9007199254740992,9007199254740992,-9007199254740992,999999999999999]");
  EXPECT_EQ(normalized("[1e999,-1e999,1e-999,5e-324]"), "[null,null,0,5e-324]");
}

TEST(NormalizedJson, EscapesAsStringifyDoes) {
  EXPECT_EQ(normalized(R"("\u0041\/\u00e9\ud83d\ude00\u2028\u007f\u001F\n")"), "\"A/é😀\u2028\x7f\\u001f\\n\"");
  EXPECT_EQ(normalized(R"(["\uD800","\ude00\ud83d",{"\uD800":1}])"), R"(["\ud800","\ude00\ud83d",{"\ud800":1}])");
}

TEST(NormalizedJson, PutsArrayIndicesFirst) {
  EXPECT_EQ(normalized(R"({"b":1,"10":"x","a":2,"2":"y"})"), R"({"2":"y","10":"x","b":1,"a":2})");
  EXPECT_EQ(normalized(R"({"x":0,"4294967295":1,"4294967294":2,"01":3,"-1":4,"1.0":5,"0":6,"":7})"),
            R"({"0":6,"4294967294":2,"x":0,"4294967295":1,"01":3,"-1":4,"1.0":5,"":7})");
  EXPECT_EQ(normalized(R"({"z":{"y":{"1":[{"b":0,"0":1}],"0":2},"3":{}},"7":{"a":0,"5":0}})"),
            R"({"7":{"5":0,"a":0},"z":{"3":{},"y":{"0":2,"1":[{"0":1,"b":0}]}}})");
}

TEST(NormalizedJson, KeepsAKeysFirstPlaceAndLastValue) {
  EXPECT_EQ(normalized(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
  EXPECT_EQ(normalized(R"({"a":1,"\u0061":{"x":0,"x":1}})"), R"({"a":{"x":1}})");
  EXPECT_EQ(normalized(R"({"__proto__":1,"constructor":2,"__proto__":{"a":3}})"),
            R"({"__proto__":{"a":3},"constructor":2})");
  std::string wide = "{", expected = "{";
  for (int i = 0; i < 100; ++i) wide += "\"k" + std::to_string(i % 50) + "\":" + std::to_string(i) + ",";
  for (int i = 0; i < 50; ++i) expected += "\"k" + std::to_string(i) + "\":" + std::to_string(i + 50) + ",";
  wide.back() = expected.back() = '}';
  EXPECT_EQ(normalized(wide), expected);
}

TEST(NormalizedJson, RefusesWhatIsNoJsonAndLeavesTheOutputAsItWas) {
  for (const char* text : {"", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "[1]x", "tru", "01", "\"a",
                           "[\"\t\"]", "[1}", "{\"a\":1]", "1 2", "NaN", "'a'", "[1,{\"0\":1,\"0\":2},}"}) {
    EXPECT_EQ(normalized(text), "refused, before:") << text;
  }
}

TEST(NormalizedJson, TakesAsManyLevelsAsItIsTold) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(normalized(nested(512)), nested(512));
  EXPECT_EQ(normalized(nested(513)), "refused, before:");
  EXPECT_EQ(normalized(nested(100'000), 100'000), nested(100'000));
}

// Each level of it has to be put in order: copied level by level it would take minutes.
TEST(NormalizedJson, TakesTimeInProportionToTheText) {
  constexpr int depth = 100'000;
  std::string open, close;
  for (int i = 0; i < depth; ++i) open += "{\"b\":0,\"0\":", close += '}';
  const std::string json = open + "1" + close;
  std::string expected;
  for (int i = 0; i < depth; ++i) expected += "{\"0\":";
  expected += "1";
  for (int i = 0; i < depth; ++i) expected += ",\"b\":0}";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(normalized(json, depth), expected);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{10});
}

TEST(JsonText, IsTheTextOrNothing) {
  EXPECT_FALSE(json_text{}.has_value());
  EXPECT_FALSE(json_text::parse("").has_value());
  EXPECT_EQ(json_text::parse(" {\"b\" : 1e1} ").text(), R"({"b":10})");
  EXPECT_EQ(json_text::of(std::vector<int>{1, 2}).text(), "[1,2]");
  EXPECT_EQ(json_text::parse("null").text(), "null");
  EXPECT_EQ(json_text::parse("[1]").value().as_array().size(), 1u);
  EXPECT_TRUE(json_text{}.value().is_null());
  EXPECT_EQ(nestcpp::from_json<json_text>("[ 1 ]").text(), "[1]");
  EXPECT_FALSE(nestcpp::from_json<json_text>("").has_value());
  EXPECT_EQ(nestcpp::to_json(json_text::parse("[1]")), "[1]");
  EXPECT_EQ(nestcpp::to_json(json_text{}), "null");
}

TEST(JsonText, SaysWhyATextIsRefused) {
  try {
    static_cast<void>(json_text::parse("{\"a\":}"));
    ADD_FAILURE();
  } catch (const nestcpp::json_syntax_error& error) {
    EXPECT_EQ(error.position(), 5u);
  }
  EXPECT_THROW(static_cast<void>(json_text::parse("[[1]]", 1)), nestcpp::json_syntax_error);
}

TEST(JsonText, IsAMemberOfADto) {
  const auto whole = nestcpp::from_json<Envelope>(R"({"body":{"b":1, "1":2},"kind":"k"})");
  EXPECT_EQ(whole.body.text(), R"({"1":2,"b":1})");
  EXPECT_EQ(nestcpp::to_json(whole), R"({"kind":"k","body":{"1":2,"b":1}})");
}

}  // namespace
