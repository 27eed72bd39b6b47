#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace {

using nestcpp::to_json;

std::string escaped(std::string_view text) {
  std::string out;
  nestcpp::append_json_string(out, text);
  return out;
}

std::string printed(double value) {
  std::string out;
  nestcpp::append_json_number(out, value);
  return out;
}

TEST(JsonWriter, EscapesAsStringifyDoes) {
  EXPECT_EQ(escaped("\"\\/"), R"("\"\\/")");
  EXPECT_EQ(escaped("\b\t\n\f\r"), R"("\b\t\n\f\r")");
  EXPECT_EQ(escaped(std::string_view{"\0\x01\x0b\x1f\x7f", 5}), "\"\\u0000\\u0001\\u000b\\u001f\x7f\"");
  EXPECT_EQ(escaped("\u2028\u2029é😀"), "\"\u2028\u2029é😀\"");
}

TEST(JsonWriter, EscapesLoneSurrogatesAndReplacesOtherBytes) {
  EXPECT_EQ(escaped("\xed\xa0\x80"), R"("\ud800")");
  EXPECT_EQ(escaped("a\xed\xbf\xbfz"), R"("a\udfffz")");
  EXPECT_EQ(escaped("\xff"), "\"\xef\xbf\xbd\"");
  EXPECT_EQ(escaped("\xe2\x82"), "\"\xef\xbf\xbd\"");
  EXPECT_EQ(escaped("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(JsonWriter, FindsSpecialCharactersAtEveryPlace) {
  for (std::size_t length = 0; length < 70; ++length) {
    const std::string plain(length, 'x');
    EXPECT_EQ(escaped(plain), '"' + plain + '"');
    for (std::size_t at = 0; at <= length; ++at) {
      std::string text = plain;
      text.insert(at, "\n");
      std::string expected = plain;
      expected.insert(at, "\\n");
      EXPECT_EQ(escaped(text), '"' + expected + '"');
      // Not only quotes: a writer must also grow where everything has to be escaped.
      text.insert(at, std::string(40, '\x01'));
      EXPECT_EQ(nestcpp::from_json<std::string>(escaped(text)), text);
    }
  }
}

TEST(JsonWriter, PrintsNumbersAsJavaScriptDoes) {
  const struct {
    double value;
    const char* text;
  } cases[] = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-1, "-1"},
      {0.1, "0.1"},
      {1.5, "1.5"},
      {100, "100"},
      {1e15, "1000000000000000"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {123456789012345678901.0, "123456789012345680000"},
      {1.25e21, "1.25e+21"},
      {0.000001, "0.000001"},
      {0.0000012, "0.0000012"},
      {1e-7, "1e-7"},
      {1.5e-7, "1.5e-7"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {-1e-7, "-1e-7"},
      {123.456, "123.456"},
      {9007199254740993.0, "9007199254740992"},
      {0.30000000000000004, "0.30000000000000004"},
      {-1e21, "-1e+21"},
      {std::numeric_limits<double>::quiet_NaN(), "null"},
      {std::numeric_limits<double>::infinity(), "null"},
      {-std::numeric_limits<double>::infinity(), "null"},
  };
  for (const auto& [value, text] : cases) EXPECT_EQ(printed(value), text);
  EXPECT_EQ(to_json(0.1f), "0.1");
  EXPECT_EQ(to_json(16777216.0f), "16777216");
}

TEST(JsonWriter, WritesDocuments) {
  const auto value =
      nestcpp::from_json<boost::json::value>(R"({"b":[1,-2,18446744073709551615,1e21,"\u0001"],"a":{},"c":[]})");
  EXPECT_EQ(to_json(value), R"({"b":[1,-2,18446744073709551615,1e+21,"\u0001"],"a":{},"c":[]})");
}

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string out = "frame#";
  nestcpp::write_json(out, shop::Address{"abc", 1});
  nestcpp::append_json_value(out, nullptr);
  nestcpp::append_json_string(out, "x");
  EXPECT_EQ(out, R"(frame#{"street":"abc","zip":1}null"x")");
}

TEST(JsonWriter, GrowsAsItGoes) {
  std::string out;
  {
    nestcpp::json_writer writer{out};
    writer.raw('[');
    for (int i = 0; i < 1000; ++i) {
      if (i != 0) writer.raw(",");
      writer.number(i);
    }
    writer.raw(std::string_view{"]"});
  }
  const auto numbers = nestcpp::from_json<std::vector<int>>(out);
  ASSERT_EQ(numbers.size(), 1000u);
  EXPECT_EQ(numbers.back(), 999);
}

TEST(JsonWriter, GoesOnAfterFinish) {
  std::string out;
  nestcpp::json_writer writer{out};
  writer.number(1);
  writer.finish();
  EXPECT_EQ(out, "1");
  writer.raw(',');
  writer.string("two");
  writer.finish();
  EXPECT_EQ(out, R"(1,"two")");
}

}  // namespace
