#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace {

using nestcpp::detail::check_pattern;
using nestcpp::detail::matches_pattern;
using nestcpp::detail::pattern_text;

TEST(Matches, FindsWhereItIs) {
  EXPECT_TRUE(matches_pattern("xaby", "ab", ""));
  EXPECT_FALSE(matches_pattern("xaby", "^ab", ""));
  EXPECT_FALSE(matches_pattern("xaby", "ab$", ""));
  EXPECT_TRUE(matches_pattern("", "", ""));
  EXPECT_TRUE(matches_pattern("", "^$", ""));
  EXPECT_TRUE(matches_pattern("x\ny", "^y$", "m"));
  EXPECT_FALSE(matches_pattern("x\ny", "^y$", ""));
  EXPECT_TRUE(matches_pattern("a foo!", R"(\bfoo\b)", ""));
  EXPECT_FALSE(matches_pattern("food", R"(\bfoo\b)", ""));
}

TEST(Matches, LooksAhead) {
  constexpr const char* password = R"(^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$)";
  EXPECT_TRUE(matches_pattern("Passw0rd", password, ""));
  EXPECT_FALSE(matches_pattern("Passwort", password, ""));
  EXPECT_FALSE(matches_pattern("Passw0r", password, ""));
  EXPECT_TRUE(matches_pattern("barfo", "^(?:(?!foo).)*$", ""));
  EXPECT_FALSE(matches_pattern("barfoo", "^(?:(?!foo).)*$", ""));
  EXPECT_TRUE(matches_pattern("ab", "(?=(?!b)a)ab", ""));
}

TEST(Matches, CountsAsItIsTold) {
  for (std::size_t size = 0; size <= 6; ++size) {
    const std::string text(size, 'a');
    EXPECT_EQ(matches_pattern(text, "^a{2,4}$", ""), size >= 2 && size <= 4) << size;
    EXPECT_EQ(matches_pattern(text, "^a{3}$", ""), size == 3) << size;
    EXPECT_EQ(matches_pattern(text, "^a{3,}$", ""), size >= 3) << size;
    EXPECT_EQ(matches_pattern(text, "^a?a+?$", ""), size >= 1) << size;
    EXPECT_EQ(matches_pattern(text, "^(?:a{0}|a{5})$", ""), size == 0 || size == 5) << size;
  }
}

TEST(Matches, LooksAtUtf16UnitsAndUnderUAtCharacters) {
  EXPECT_TRUE(matches_pattern("é", "^.$", ""));
  EXPECT_FALSE(matches_pattern("😀", "^.$", ""));
  EXPECT_TRUE(matches_pattern("😀", "^..$", ""));
  EXPECT_TRUE(matches_pattern("😀", "^.$", "u"));
  EXPECT_TRUE(matches_pattern("😀", "^\\u{1F600}$", "u"));
  EXPECT_TRUE(matches_pattern("Привет", "^[а-я]+$", "i"));
  EXPECT_FALSE(matches_pattern("\u212a", "^k$", "i"));
  EXPECT_TRUE(matches_pattern("\u212a", "^k$", "iu"));
  EXPECT_TRUE(matches_pattern("\xff", "^\\ufffd$", ""));          // no UTF-8
  EXPECT_TRUE(matches_pattern("\xed\xa0\xbd", "^\\ud83d$", ""));  // half a pair
}

TEST(Matches, TakesTimeInProportionToTheText) {
  const auto start = std::chrono::steady_clock::now();
  const std::string text(20000, 'a');
  for (const char* expression :
       {"^(a+)+$", "^(a|aa)+$", "^(a|a)*$", "^(a*)*b$", "(x+x+)+y", "^(.*)*c", "(?=(a+)+b)c"}) {
    EXPECT_FALSE(matches_pattern(text + "!", expression, "")) << expression;
  }
  // A backtracking engine would take longer than the universe lasts.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{20});
}

TEST(Matches, RefusesWhatIsNoExpressionAndSaysWhy) {
  struct {
    const char* pattern;
    const char* flags;
    const char* why;
  } cases[] = {
      {"(", "", "a ( without its )"},
      {")", "", "a ) without its ("},
      {"[a", "", "a [ without its ]"},
      {"*a", "", "nothing to repeat"},
      {"a**", "", "nothing to repeat"},
      {"a{3,2}", "", "out of order in {}"},
      {"[z-a]", "", "a range in [] is out of order"},
      {"(a)\\1", "", "references to groups"},
      {"(?<x>a)\\k<x>", "", "references to groups"},
      {"(?<=a)b", "", "lookbehind"},
      {"(?<!a)b", "", "lookbehind"},
      {"\\p{L}", "u", "\\p{…}"},
      {"a{", "u", "incomplete {}"},
      {"\\-", "u", "needs none"},
      {"a\\", "", "a \\ at the end"},
      {"(?a)", "", "after (? must come"},
      {"(?:a{1000}){1000}", "", "more than 10000 steps"},
      {"(a{200}){200}", "", "more than 10000 steps"},
      {"a", "x", "flags are"},
      {"a", "ii", "given twice"},
  };
  for (const auto& [pattern, flags, why] : cases) {
    try {
      check_pattern(pattern, flags);
      ADD_FAILURE() << pattern << " was accepted";
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string{error.what()}.find(why), std::string::npos) << pattern << ": " << error.what();
    }
  }
}

TEST(Matches, AcceptsLongChainsWithoutAStackToMatch) {
  std::string chain, choice = "^(?:a";
  for (int i = 0; i < 4000; ++i) chain += "a", choice += "|b";
  check_pattern(chain, "");
  EXPECT_TRUE(matches_pattern(std::string(4000, 'a'), chain, ""));
  EXPECT_FALSE(matches_pattern(std::string(3999, 'a'), chain, ""));
  EXPECT_TRUE(matches_pattern("b", choice + ")$", ""));
}

TEST(Matches, IsPrintedAsJavaScriptPrintsIt) {
  EXPECT_EQ(pattern_text("^a/b[/]\\/$", "mi"), "/^a\\/b[/]\\/$/im");
  EXPECT_EQ(pattern_text("", ""), "/(?:)/");
  EXPECT_EQ(pattern_text("a\nb", ""), "/a\\nb/");
}

static_assert(nestcpp::rules::matches{"^[a-z]{2,3}(?=x|y)$", "i"}.flags == "i");  // checked when it is compiled

}  // namespace
