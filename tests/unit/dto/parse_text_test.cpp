#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace {

template <class T>
std::optional<T> parsed(std::string_view text) {
  T out{};
  return nestcpp::parse_text(text, out) ? std::optional<T>{out} : std::nullopt;
}

TEST(ParseText, TakesTheWholeText) {
  EXPECT_EQ(parsed<int>("42"), 42);
  EXPECT_EQ(parsed<int>("-7"), -7);
  for (const char* text : {"", " 1", "1 ", "+1", "1.0", "0x1", "99999999999", "x"})
    EXPECT_FALSE(parsed<int>(text)) << text;
  EXPECT_FALSE(parsed<unsigned>("-1"));
  EXPECT_EQ(parsed<std::uint8_t>("255"), 255);
  EXPECT_FALSE(parsed<std::uint8_t>("256"));
}

TEST(ParseText, TakesFiniteNumbers) {
  EXPECT_EQ(parsed<double>("-1.5e2"), -150);
  EXPECT_EQ(parsed<float>("0.5"), 0.5f);
  for (const char* text : {"", "inf", "nan", "1e999", "1,5", "1.5x", "+1"}) EXPECT_FALSE(parsed<double>(text)) << text;
}

TEST(ParseText, TakesOtherTypes) {
  EXPECT_EQ(parsed<bool>("true"), true);
  EXPECT_EQ(parsed<bool>("false"), false);
  EXPECT_FALSE(parsed<bool>("1"));
  EXPECT_EQ(parsed<std::string>("any thing"), "any thing");
  EXPECT_EQ(parsed<shop::Status>("sent"), shop::Status::sent);
  EXPECT_FALSE(parsed<shop::Status>("lost"));
  EXPECT_EQ(parsed<nestcpp::uuid>("0192a3b4-c5d6-7e8f-9a0b-1c2d3e4f5a6b"),
            nestcpp::uuid::parse("0192a3b4-c5d6-7e8f-9a0b-1c2d3e4f5a6b"));
  EXPECT_FALSE(parsed<nestcpp::uuid>("0192a3b4"));
  EXPECT_TRUE(parsed<nestcpp::timestamp>("2026-11-22T21:54:35.342Z"));
  EXPECT_EQ(parsed<std::optional<int>>("5"), std::optional<int>{5});
  EXPECT_FALSE(parsed<std::optional<int>>("x"));
}

TEST(ParseText, LeavesTheValueAloneWhenItFails) {
  int value = 3;
  EXPECT_FALSE(nestcpp::parse_text("4x", value));
  EXPECT_EQ(value, 3);
}

static_assert(nestcpp::text_parsable<int> && !nestcpp::text_parsable<shop::Address>);

}  // namespace
