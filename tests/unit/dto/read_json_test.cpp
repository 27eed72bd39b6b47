#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace read_test {

struct Money {
  long cents = 0;
};

struct Bill {
  Money total;
  std::optional<Money> tip;
  std::vector<Money> parts;
};

struct Wide {  // more fields than a word has bits
  int f0 = 0, f1 = 0, f2 = 0, f3 = 0, f4 = 0, f5 = 0, f6 = 0, f7 = 0, f8 = 0, f9 = 0, f10 = 0, f11 = 0, f12 = 0,
      f13 = 0, f14 = 0, f15 = 0, f16 = 0, f17 = 0, f18 = 0, f19 = 0, f20 = 0, f21 = 0, f22 = 0, f23 = 0, f24 = 0,
      f25 = 0, f26 = 0, f27 = 0, f28 = 0, f29 = 0, f30 = 0, f31 = 0, f32 = 0, f33 = 0, f34 = 0, f35 = 0, f36 = 0,
      f37 = 0, f38 = 0, f39 = 0, f40 = 0, f41 = 0, f42 = 0, f43 = 0, f44 = 0, f45 = 0, f46 = 0, f47 = 0, f48 = 0,
      f49 = 0, f50 = 0, f51 = 0, f52 = 0, f53 = 0, f54 = 0, f55 = 0, f56 = 0, f57 = 0, f58 = 0, f59 = 0, f60 = 0,
      f61 = 0, f62 = 0, f63 = 0, f64 = 0, f65 = 0;
};
NEST_DTO(Wide, NEST_FIELD(f0), NEST_FIELD(f1), NEST_FIELD(f2), NEST_FIELD(f3), NEST_FIELD(f4), NEST_FIELD(f5),
         NEST_FIELD(f6), NEST_FIELD(f7), NEST_FIELD(f8), NEST_FIELD(f9), NEST_FIELD(f10), NEST_FIELD(f11),
         NEST_FIELD(f12), NEST_FIELD(f13), NEST_FIELD(f14), NEST_FIELD(f15), NEST_FIELD(f16), NEST_FIELD(f17),
         NEST_FIELD(f18), NEST_FIELD(f19), NEST_FIELD(f20), NEST_FIELD(f21), NEST_FIELD(f22), NEST_FIELD(f23),
         NEST_FIELD(f24), NEST_FIELD(f25), NEST_FIELD(f26), NEST_FIELD(f27), NEST_FIELD(f28), NEST_FIELD(f29),
         NEST_FIELD(f30), NEST_FIELD(f31), NEST_FIELD(f32), NEST_FIELD(f33), NEST_FIELD(f34), NEST_FIELD(f35),
         NEST_FIELD(f36), NEST_FIELD(f37), NEST_FIELD(f38), NEST_FIELD(f39), NEST_FIELD(f40), NEST_FIELD(f41),
         NEST_FIELD(f42), NEST_FIELD(f43), NEST_FIELD(f44), NEST_FIELD(f45), NEST_FIELD(f46), NEST_FIELD(f47),
         NEST_FIELD(f48), NEST_FIELD(f49), NEST_FIELD(f50), NEST_FIELD(f51), NEST_FIELD(f52), NEST_FIELD(f53),
         NEST_FIELD(f54), NEST_FIELD(f55), NEST_FIELD(f56), NEST_FIELD(f57), NEST_FIELD(f58), NEST_FIELD(f59),
         NEST_FIELD(f60), NEST_FIELD(f61), NEST_FIELD(f62), NEST_FIELD(f63), NEST_FIELD(f64, is_int(), min(1)),
         NEST_FIELD(f65));

}  // namespace read_test

template <>
struct nestcpp::json_codec<read_test::Money> {
  static constexpr json_kind kind = json_kind::string;
  static constexpr std::string_view expected = "must be an amount such as 12.50";
  static bool read(json_cursor& in, read_test::Money& out) {
    std::string text;
    if (!in.read_string(text)) return false;
    const auto point = text.find('.');
    long whole = 0;
    long part = 0;
    if (point == std::string::npos || !parse_text(std::string_view{text}.substr(0, point), whole) ||
        !parse_text(std::string_view{text}.substr(point + 1), part)) {
      return false;
    }
    out.cents = whole * 100 + part;
    return true;
  }
  static void write(json_writer& out, const read_test::Money& value) {
    out.string(std::to_string(value.cents / 100) + "." + std::to_string(value.cents % 100));
  }
};

namespace read_test {
NEST_DTO(Bill, NEST_FIELD(total, is_string()), NEST_FIELD(tip), NEST_FIELD(parts, each(max_length(5))));
}

namespace {

using namespace read_test;
using namespace shop;
using nestcpp::from_json;
using nestcpp::to_json;

TEST(ReadJson, EveryTypeComesBackAsItWent) {
  const std::string text =
      R"({"flag":true,"tiny":-128,"byte":255,"whole":-9223372036854775808,"large":18446744073709551615,)"
      R"("real":0.1,"small":0.1,"text":"Zoë 😀 \"q\" \\","maybe":null,"numbers":[1,-2],"flags":[true,false],)"
      R"("sorted":{"a":1,"b":2},"hashed":{"k":"v"},"status":"sent","level":"HIGH",)"
      R"("id":"0192a3b4-c5d6-7e8f-9a0b-1c2d3e4f5a6b","at":"2026-11-22T21:54:35.342Z",)"
      R"("any":{"x":[1,2.5,null,"y"]},"nested":{"street":"abc","zip":10}})";
  EXPECT_EQ(to_json(from_json<Everything>(text)), text);
}

TEST(ReadJson, ReadsInAnyOrderAndPastUnknownProperties) {
  const auto address =
      from_json<Address>(" { \"x\" : [ { } , \"}\" ] ,\n\t\"zip\" : 10 , \"y\":null,\"street\" :\"abc\" } ");
  EXPECT_EQ(address.street, "abc");
  EXPECT_EQ(address.zip, 10);
  EXPECT_EQ(from_json<Address>(R"({"str\u0065et":"abc","\u007aip":12})").zip, 12);
}

TEST(ReadJson, WholeNumbersMayHavePointsAndExponents) {
  EXPECT_EQ(from_json<Everything>(R"({"whole":5.0})").whole, 5);
  EXPECT_EQ(from_json<Everything>(R"({"whole":1e2})").whole, 100);
  EXPECT_EQ(from_json<Everything>(R"({"whole":-0})").whole, 0);
  EXPECT_EQ(from_json<Everything>(R"({"byte":-0})").byte, 0);
  EXPECT_EQ(from_json<Everything>(R"({"byte":2.55e2})").byte, 255);
  EXPECT_EQ(from_json<Everything>(R"({"whole":9007199254740993})").whole, 9007199254740993);
  EXPECT_EQ(from_json<Everything>(R"({"whole":9223372036854775807})").whole, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(messages<Everything>(R"({"whole":9.3e18})"), "whole must not be greater than 9223372036854775807");
  EXPECT_EQ(messages<Everything>(R"({"byte":2.56e2})"), "byte must not be greater than 255");
}

TEST(ReadJson, NumbersBeyondADoubleAreInfiniteOrZero) {
  EXPECT_EQ(from_json<Everything>(R"({"real":1e999})").real, std::numeric_limits<double>::infinity());
  EXPECT_EQ(from_json<Everything>(R"({"real":-12345e999})").real, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(from_json<Everything>(R"({"real":0.0000001e-999})").real, 0);
  EXPECT_TRUE(std::signbit(from_json<Everything>(R"({"real":-1e-999})").real));
  EXPECT_EQ(from_json<Everything>(R"({"real":0e99999999999999999999})").real, 0);
  EXPECT_EQ(from_json<Everything>(R"({"real":1e-99999999999999999999})").real, 0);
}

TEST(ReadJson, UnescapesStrings) {
  EXPECT_EQ(from_json<std::string>(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac")"), "\"\\/\b\f\n\r\tA\u00e9\u20ac");
  EXPECT_EQ(from_json<std::string>(R"("\ud83d\ude00")"), "\U0001F600");
  EXPECT_EQ(from_json<std::string>(R"("\uD83D\uDE00")"), "\U0001F600");
  EXPECT_EQ(from_json<std::string>("\"a\\u0000b\""), std::string("a\0b", 3));
  // Lone surrogates are kept as three bytes each.
  EXPECT_EQ(from_json<std::string>(R"("\ud800")"), "\xed\xa0\x80");
  EXPECT_EQ(from_json<std::string>(R"("\udc00\ud800x")"), "\xed\xb0\x80\xed\xa0\x80x");
  EXPECT_EQ(from_json<std::string>(R"("\ud83d\ud83d\ude00")"), "\xed\xa0\xbd\U0001F600");
}

TEST(ReadJson, ReplacesBytesThatAreNoText) {
  EXPECT_EQ(from_json<std::string>("\"a\xff z\""), "a\xef\xbf\xbd z");
  EXPECT_EQ(from_json<std::string>("\"\xf0\x9f\x98\""), "\xef\xbf\xbd");
  EXPECT_EQ(from_json<std::string>("\"\xed\xa0\x80\""), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(ReadJson, FindsSpecialCharactersAtEveryPlace) {
  for (std::size_t length = 0; length < 70; ++length) {
    const std::string plain(length, 'x');
    EXPECT_EQ(from_json<std::string>('"' + plain + '"'), plain);
    for (std::size_t at = 0; at <= length; ++at) {
      std::string escaped = plain;
      escaped.insert(at, "\\n");
      std::string expected = plain;
      expected.insert(at, "\n");
      EXPECT_EQ(from_json<std::string>('"' + escaped + '"'), expected);
      std::string broken = plain;
      broken.insert(at, "\n");
      std::string out;
      EXPECT_FALSE(nestcpp::read_json('"' + broken + '"', out));
      std::string foreign = plain;
      foreign.insert(at, "é");
      EXPECT_EQ(from_json<std::string>('"' + foreign + '"'), foreign);
    }
  }
}

TEST(ReadJson, AnObjectThatIsReadAgainKeepsNothingOfItsPast) {
  Everything out;
  ASSERT_TRUE(nestcpp::read_json(R"({"text":"some text that is long enough to be on the heap","numbers":[1,2,3],
                                     "sorted":{"a":1},"maybe":5,"nested":{"street":"abc","zip":10},"flags":[true]})",
                                 out));
  const char* const memory = out.text.data();
  ASSERT_TRUE(nestcpp::read_json(R"({"text":"another text that is long enough for the heap","numbers":[4]})", out));
  EXPECT_EQ(
      to_json(out),
      to_json(from_json<Everything>(R"({"text":"another text that is long enough for the heap","numbers":[4]})")));
  EXPECT_EQ(out.text.data(), memory);
}

TEST(ReadJson, NestedObjectsAreReadAfreshInReusedArrays) {
  Person out;
  ASSERT_TRUE(nestcpp::read_json(R"({"name":"abc","age":1,"email":"a@b.io","items":[{"id":1,"tags":["a","b"]}],
                                     "opt":true})",
                                 out));
  ASSERT_TRUE(nestcpp::read_json(R"({"name":"abc","age":1,"email":"a@b.io","items":[{"id":2,"tags":[]}]})", out));
  ASSERT_EQ(out.items.size(), 1u);
  EXPECT_EQ(out.items[0].id, 2);
  EXPECT_TRUE(out.items[0].tags.empty());
  EXPECT_EQ(out.opt, std::nullopt);
}

TEST(ReadJson, OtherTypesThanDtosStandAlone) {
  EXPECT_EQ(from_json<std::vector<int>>("[1,2]"), (std::vector<int>{1, 2}));
  EXPECT_EQ(from_json<std::optional<int>>("null"), std::nullopt);
  EXPECT_EQ(from_json<boost::json::value>(R"({"a":1,"b":2,"a":3})"), (boost::json::value{{"a", 3}, {"b", 2}}));
  EXPECT_EQ(messages<int>("\"x\""), "value must be an integer number");
  EXPECT_EQ(messages<std::vector<Address>>(R"([{"street":"abc","zip":10},{"street":"abc"}])"),
            "value.1.zip must not be less than 10 | value.1.zip must be an integer number");
}

TEST(ReadJson, UsersTypesHaveACodec) {
  EXPECT_EQ(to_json(from_json<Bill>(R"({"total":"12.50","tip":null,"parts":["1.25"]})")),
            R"({"total":"12.50","tip":null,"parts":["1.25"]})");
  EXPECT_EQ(messages<Bill>(R"({"total":"12","tip":1,"parts":[]})"),
            "total must be an amount such as 12.50 | tip must be an amount such as 12.50");
  EXPECT_EQ(messages<Bill>(R"({"total":5})"),
            "total must be a string | each value in parts must be shorter than or equal to 5 characters");
  EXPECT_EQ(messages<Bill>(R"({"total":"1.2","parts":["1000.25"]})"),
            "each value in parts must be shorter than or equal to 5 characters");
}

TEST(ReadJson, ManyFields) {
  std::string text = "{";
  for (int i = 65; i >= 0; --i) text += "\"f" + std::to_string(i) + "\":" + std::to_string(i) + (i ? "," : "}");
  const auto wide = from_json<Wide>(text);
  EXPECT_EQ(wide.f0, 0);
  EXPECT_EQ(wide.f63, 63);
  EXPECT_EQ(wide.f65, 65);
  EXPECT_EQ(messages<Wide>(R"({"f0":1,"f65":2})"), "f64 must not be less than 1 | f64 must be an integer number");
  EXPECT_EQ(from_json<Wide>(R"({"f64":3})").f64, 3);
}

TEST(ReadJson, AnEmptyDtoIsAnEmptyObject) {
  EXPECT_EQ(to_json(from_json<Empty>(R"({"a":[1,{"b":2}]})")), "{}");
  EXPECT_EQ(messages<Empty>(R"({"a":1})", {.forbid_non_whitelisted = true}), "property a should not exist");
}

// Every prefix of a good text is bad, whatever member the cut falls into.
TEST(ReadJson, RefusesEveryCutText) {
  const std::string text =
      R"({"flag":true,"real":-1.5e+2,"text":"a\u00e9\n","numbers":[1,2],"sorted":{"a":1},"any":[{}],"nested":{"street":"abc","zip":10}})";
  ASSERT_EQ(messages<Everything>(text), "");
  for (std::size_t length = 1; length < text.size(); ++length) {
    Everything out;
    const auto result = nestcpp::read_json(std::string_view{text}.substr(0, length), out);
    ASSERT_NE(result.syntax_error(), nullptr) << text.substr(0, length);
  }
}

}  // namespace
