#include <nestcpp/dto/text.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using nestcpp::is_valid_utf8;
using nestcpp::utf16_length;
using nestcpp::detail::character_count;

TEST(Utf16Length, CountsWhatJavaScriptDecodes) {
  EXPECT_EQ(utf16_length(""), 0u);
  EXPECT_EQ(utf16_length("abc"), 3u);
  EXPECT_EQ(utf16_length("é€"), 2u);
  EXPECT_EQ(utf16_length("a😀b"), 4u);
  EXPECT_EQ(utf16_length("\xff\xfe"), 2u);
  EXPECT_EQ(utf16_length("\xf0\x9f\x98"), 1u);
  EXPECT_EQ(utf16_length("\xf0\x9f\x98x"), 2u);
  EXPECT_EQ(utf16_length("\xed\xa0\x80"), 3u);
  EXPECT_EQ(utf16_length("\xe2\x82"), 1u);
  EXPECT_EQ(utf16_length("\xc0\x80"), 2u);
}

TEST(Utf16Length, IsRightWhereverTheForeignCharacterStands) {
  for (std::size_t length = 0; length < 50; ++length) {
    for (std::size_t at = 0; at <= length; ++at) {
      std::string text(length, 'x');
      text.insert(at, "😀");
      EXPECT_EQ(utf16_length(text), length + 2);
    }
  }
}

TEST(IsValidUtf8, RefusesWhatIsNone) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8("plain é€😀 \xf4\x8f\xbf\xbf"));
  for (const char* text : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80", "a long enough plain text \xff"}) {
    EXPECT_FALSE(is_valid_utf8(text));
  }
}

TEST(CharacterCount, LeavesVariationSelectorsOut) {
  EXPECT_EQ(character_count("abc"), 3u);
  EXPECT_EQ(character_count("é😀"), 2u);
  EXPECT_EQ(character_count("\u2764\ufe0f"), 1u);
  EXPECT_EQ(character_count("a\ufe0e b"), 3u);
  EXPECT_EQ(character_count("\ufe0f"), 1u);         // follows no character
  EXPECT_EQ(character_count("a\ufe0f\ufe0f"), 2u);  // only the first one belongs to the character
  EXPECT_EQ(character_count("\xed\xa0\x80"), 1u);   // a lone surrogate
}

}  // namespace
