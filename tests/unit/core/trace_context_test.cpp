#include <nestcpp/core/trace_context.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using nestcpp::trace_context;

constexpr const char* example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, IsReadAndWritten) {
  const auto parsed = trace_context::parse(example);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->trace_id_text(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(parsed->parent_id_text(), "00f067aa0ba902b7");
  EXPECT_TRUE(parsed->sampled());
  EXPECT_EQ(parsed->to_string(), example);
  EXPECT_EQ(trace_context::parse(parsed->to_string()), parsed);
}

TEST(TraceContext, OfALaterVersionTheKnownPartIsRead) {
  const auto parsed = trace_context::parse("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-what-the-future");
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->sampled());
  EXPECT_EQ(parsed->to_string(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
}

TEST(TraceContext, WhatIsMalformedIsNone) {
  const std::string good = example;
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(trace_context::parse(good.substr(0, length))) << length;
  }
  for (const char* bad : {"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-011",
                          "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.x",
                          "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) {
    EXPECT_FALSE(trace_context::parse(bad)) << bad;
  }
}

}  // namespace
