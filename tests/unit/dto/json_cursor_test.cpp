#include <nestcpp/dto/json_cursor.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using nestcpp::json_cursor;
using nestcpp::json_kind;

bool valid(std::string_view text, unsigned depth = 512) {
  json_cursor in{text, depth};
  return in.skip_value() && in.at_end();
}

TEST(JsonCursor, WalksAnEnvelope) {
  json_cursor in{R"( { "pattern" : "user.create" , "data":{"a":[1,2]}, "id" :"x\u0031" } )"};
  std::string scratch;
  std::string_view key;
  std::string_view pattern;
  std::string_view data;
  std::string id;
  ASSERT_TRUE(in.begin_object());
  while (in.next_member(key, scratch)) {
    if (key == "pattern") {
      ASSERT_TRUE(in.raw_value(pattern));
    } else if (key == "data") {
      ASSERT_TRUE(in.raw_value(data));
    } else {
      ASSERT_TRUE(in.read_string(id));
    }
  }
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(pattern, "\"user.create\"");
  EXPECT_EQ(data, "{\"a\":[1,2]}");
  EXPECT_EQ(id, "x1");
}

TEST(JsonCursor, ReadsEveryKind) {
  json_cursor in{R"([1,-2.5,true,null,"s",{},[]])"};
  ASSERT_TRUE(in.begin_array());
  std::vector<json_kind> kinds;
  int whole = 0;
  double real = 0;
  bool flag = false;
  std::string_view text;
  std::string_view key;
  std::string scratch;
  while (in.next_item()) {
    kinds.push_back(in.peek());
    switch (kinds.size()) {
      case 1: EXPECT_TRUE(in.read_integer(whole)); break;
      case 2: EXPECT_TRUE(in.read_number(real)); break;
      case 3: EXPECT_TRUE(in.read_bool(flag)); break;
      case 4: EXPECT_TRUE(in.read_null()); break;
      case 5: EXPECT_TRUE(in.read_string(text, scratch)); break;
      case 6:
        EXPECT_TRUE(in.begin_object());
        EXPECT_FALSE(in.next_member(key, scratch));
        break;
      default: EXPECT_TRUE(in.begin_array()); EXPECT_FALSE(in.next_item());
    }
  }
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(whole, 1);
  EXPECT_EQ(real, -2.5);
  EXPECT_TRUE(flag);
  EXPECT_EQ(text, "s");
  EXPECT_EQ(kinds, (std::vector{json_kind::number, json_kind::number, json_kind::boolean, json_kind::null,
                                json_kind::string, json_kind::object, json_kind::array}));
}

TEST(JsonCursor, UnescapesKeys) {
  json_cursor in{R"({"\u0069d":1})"};
  std::string scratch;
  std::string_view key;
  ASSERT_TRUE(in.begin_object());
  ASSERT_TRUE(in.next_member(key, scratch));
  EXPECT_EQ(key, "id");
}

TEST(JsonCursor, AFailureIsFinal) {
  json_cursor in{"[1,x]"};
  int value = 0;
  ASSERT_TRUE(in.begin_array());
  ASSERT_TRUE(in.next_item());
  ASSERT_TRUE(in.read_integer(value));
  ASSERT_TRUE(in.next_item());
  EXPECT_FALSE(in.read_integer(value));
  EXPECT_TRUE(in.failed());
  EXPECT_FALSE(in.skip_value());
  EXPECT_FALSE(in.next_item());
  EXPECT_FALSE(in.at_end());
  EXPECT_EQ(in.peek(), json_kind::undefined);
  EXPECT_EQ(in.rest(), "");
}

TEST(JsonCursor, IsAsStrictAsJsonParse) {
  for (const char* text :
       {"{}", "[]", "0", "-0", "1.5", "1e5", "1E+5", "-1.25e-5", "\"\"", "\"\\u00e9\\\\\"", "true", "false", "null",
        " [ 1 , { \"a\" : [ ] } ] ", "{\"a\":1,\"a\":2}", "\"\x7f\"", "\"é\"", "1234567890123456789012345"}) {
    EXPECT_TRUE(valid(text)) << text;
  }
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "}",
                           "]",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{a:1}",
                           "{\"a\" 1}",
                           "{1:2}",
                           "01",
                           "-",
                           "-01",
                           "+1",
                           ".5",
                           "1.",
                           "1e",
                           "1e+",
                           "1.e5",
                           "0x10",
                           "NaN",
                           "Infinity",
                           "nul",
                           "nulll",
                           "True",
                           "'a'",
                           "\"a",
                           "\"\\x\"",
                           "\"\\u12g4\"",
                           "\"\\u12\"",
                           "\"\\",
                           "\"\n\"",
                           "\"\t\"",
                           "1 2",
                           "{}{}",
                           "[1]]",
                           "[1}",
                           "{\"a\":1]",
                           "\xef\xbb\xbf{}",
                           "\f1",
                           "\xc2\xa0"
                           "1",
                           "/**/1",
                           "\"a\" x"}) {
    EXPECT_FALSE(valid(text)) << text;
  }
  EXPECT_FALSE(valid(std::string_view{"\"\0\"", 3}));
  EXPECT_FALSE(valid(std::string_view{"1\0", 2}));
}

TEST(JsonCursor, BoundsDepth) {
  EXPECT_TRUE(valid("[[[]]]", 3));
  EXPECT_FALSE(valid("[[[]]]", 2));
  EXPECT_FALSE(valid(std::string(100000, '['), 512));
  EXPECT_FALSE(valid(std::string(100000, '{'), 512));
  json_cursor in{"[[]]", 1};
  EXPECT_TRUE(in.begin_array());
  EXPECT_TRUE(in.next_item());
  EXPECT_FALSE(in.begin_array());
}

TEST(JsonCursor, GivesTheRest) {
  json_cursor in{"1 tail"};
  ASSERT_TRUE(in.skip_value());
  EXPECT_EQ(in.rest(), " tail");
  EXPECT_FALSE(in.at_end());
}

TEST(JsonCursor, TakesAViewOfNothing) {
  json_cursor in{std::string_view{}};
  EXPECT_TRUE(in.at_end());
  EXPECT_FALSE(in.skip_value());
}

}  // namespace
