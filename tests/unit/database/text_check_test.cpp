#include <database/text_check.hpp>

#include <nestcpp/database/errors.hpp>

#include <gtest/gtest.h>

namespace nestcpp::detail {
namespace {

TEST(TextCheck, AcceptsEveryWellFormedCharacter) {
  for (const auto* text : {"", "plain", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "12345678é12345678😀"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
    EXPECT_EQ(replace_invalid_utf8(text), text);
  }
}

TEST(TextCheck, ReplacesEachMaximalInvalidSequence) {
  const std::pair<std::string, int> cases[] = {
      {"\x80", 1},      // a continuation alone
      {"\xC0\x80", 2},  // overlong NUL
      {"\xC1\xBF", 2},
      {"\xE0\x80\x80", 3},  // overlong
      {"\xE2\x82", 1},      // cut off
      {"\xF0\x9F\x98", 1},
      {"\xF0\x80\x80\x80", 4},
      {"\xF4\x90\x80\x80", 4},  // above U+10FFFF
      {"\xF5", 1},
      {"\xED\xA0\x80", 1},  // a surrogate is one
      {"\xED\xA0\xBD\xED\xB8\x80", 2},
      {"\xFE\xFF", 2},
  };
  for (const auto& [bad, count] : cases) {
    EXPECT_FALSE(is_valid_utf8("12345678" + bad + "z"));
    std::string expected = "12345678";
    for (int i = 0; i < count; ++i) expected += "\xEF\xBF\xBD";
    EXPECT_EQ(replace_invalid_utf8("12345678" + bad + "z"), expected + "z");
    EXPECT_TRUE(is_valid_utf8(expected));
  }
}

TEST(TextCheck, KnowsIdentifiers) {
  EXPECT_NO_THROW(check_identifier("user_outbox2", "a table"));
  for (const auto* bad : {"", "2a", "a b", "a;b", "a\"", "é", "a.b"})
    EXPECT_THROW(check_identifier(bad, "a table"), database_error) << bad;
  EXPECT_THROW(check_identifier(std::string(64, 'a'), "a table"), database_error);
}

}  // namespace
}  // namespace nestcpp::detail
