// Expectations are validator.js 13's answers.
#include <nestcpp/dto/rules/network.hpp>
#include <nestcpp/dto/rules/string.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using nestcpp::detail::is_email_text;
using nestcpp::detail::is_fqdn_text;
using nestcpp::detail::is_iso8601_text;
using nestcpp::detail::is_uuid_text;

std::string times(const char* text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST(IsEmail, Accepts) {
  for (const std::string& text : {std::string{"a@b.io"},
                                  std::string{"ada.lovelace@example.com"},
                                  std::string{"a+b@x-y.co.uk"},
                                  std::string{"A@B.IO"},
                                  std::string{"!#$%&'*+-/=?^_`{|}~@b.io"},
                                  std::string{"\"a b\"@b.io"},
                                  std::string{"\"a\\\"b\"@b.io"},
                                  std::string{"\"\"@b.io"},
                                  std::string{"\"@b.io"},
                                  std::string{"é@b.io"},
                                  std::string{"a@é.io"},
                                  std::string{"a@é.éé"},
                                  std::string{"a@😀.io"},
                                  std::string{"a@b.xn--p1ai"},
                                  std::string{"a@b.XN--ab"},
                                  std::string{"a@b.ªª"},
                                  std::string{"a\u200b@b.io"},
                                  std::string{"a@\u2003b.io"},
                                  times("l", 64) + "@b.io",
                                  times("é", 32) + "@b.io",
                                  "a@" + times("d", 63) + ".io",
                                  "a@b." + times("c", 63),
                                  "a@" + times((times("d", 60) + ".").c_str(), 4) + "io"}) {
    EXPECT_TRUE(is_email_text(text)) << text;
  }
}

TEST(IsEmail, Refuses) {
  for (const std::string& text : {std::string{},
                                  std::string{"@"},
                                  std::string{"a"},
                                  std::string{"a@b"},
                                  std::string{"@b.io"},
                                  std::string{"a@"},
                                  std::string{"a.@b.io"},
                                  std::string{".a@b.io"},
                                  std::string{"a..b@b.io"},
                                  std::string{"a b@b.io"},
                                  std::string{"\"a\"b\"@b.io"},
                                  std::string{"a@b@c.io"},
                                  std::string{"a@-b.io"},
                                  std::string{"a@b-.io"},
                                  std::string{"a@b_c.io"},
                                  std::string{"a@b.i"},
                                  std::string{"a@b.123"},
                                  std::string{"a@b.x1"},
                                  std::string{"a@b..io"},
                                  std::string{"a@.io"},
                                  std::string{"a@b.io."},
                                  std::string{"a@[127.0.0.1]"},
                                  std::string{"a@127.0.0.1"},
                                  std::string{"a@b.é"},
                                  std::string{"😀@b.io"},
                                  std::string{"a@b.😀😀"},
                                  std::string{"(a)@b.io"},
                                  std::string{"a,b@b.io"},
                                  std::string{"Ada <a@b.io>"},
                                  std::string{"a@b.io "},
                                  std::string{"\ta@b.io"},
                                  std::string{"a\u00a0@b.io"},
                                  std::string{"a@b.c\u3000d"},
                                  std::string{"a@\uff41.io"},
                                  std::string{"a@b.©©"},
                                  std::string{"a@b.c-d"},
                                  std::string{"a@b.xn--"},
                                  times("l", 65) + "@b.io",
                                  times("é", 33) + "@b.io",
                                  "a@" + times("d", 64) + ".io",
                                  "a@b." + times("c", 64),
                                  "a@" + times((times("d", 60) + ".").c_str(), 4) + "iooooooooo",
                                  times("x", 100000) + "@b.io",
                                  "a@" + times("é.", 100000) + "io",
                                  std::string{"a\0@b.io", 7}}) {
    EXPECT_FALSE(is_email_text(text)) << text.substr(0, 80);
  }
}

TEST(IsFqdn, FollowsValidator) {
  for (const char* text : {"example.com", "a.b.c.dd", "bücher.example", "xn--e1a.xn--p1ai"})
    EXPECT_TRUE(is_fqdn_text(text)) << text;
  for (const char* text : {"", "localhost", "a.b", "a_b.com", "-a.com", "a.com.", "1.2.3.4"})
    EXPECT_FALSE(is_fqdn_text(text)) << text;
}

TEST(IsUuid, FollowsValidator) {
  for (const char* text : {"9b2ae1de-9f4f-4d3c-8f4e-5b6f7a8b9c0d", "9B2AE1DE-9F4F-1D3C-BF4E-5B6F7A8B9C0D",
                           "0192a3b4-c5d6-7e8f-9a0b-1c2d3e4f5a6b", "00000000-0000-0000-0000-000000000000",
                           "ffffffff-ffff-ffff-ffff-ffffffffffff", "FFFFFFFF-ffff-ffff-ffff-ffffffffffff"}) {
    EXPECT_TRUE(is_uuid_text(text, 0)) << text;
  }
  for (const char* text : {"", "9b2ae1de9f4f4d3c8f4e5b6f7a8b9c0d", "9b2ae1de-9f4f-9d3c-8f4e-5b6f7a8b9c0d",
                           "9b2ae1de-9f4f-0d3c-8f4e-5b6f7a8b9c0d", "9b2ae1de-9f4f-4d3c-cf4e-5b6f7a8b9c0d",
                           "gb2ae1de-9f4f-4d3c-8f4e-5b6f7a8b9c0d", "9b2ae1de-9f4f-4d3c-8f4e-5b6f7a8b9c0d ",
                           "9b2ae1de-9f4f-4d3c-8f4e-5b6f7a8b9c0", "0000000-00000-0000-0000-000000000000"}) {
    EXPECT_FALSE(is_uuid_text(text, 0)) << text;
  }
  EXPECT_TRUE(is_uuid_text("9b2ae1de-9f4f-4d3c-8f4e-5b6f7a8b9c0d", 4));
  EXPECT_FALSE(is_uuid_text("9b2ae1de-9f4f-4d3c-8f4e-5b6f7a8b9c0d", 7));
  EXPECT_FALSE(is_uuid_text("00000000-0000-0000-0000-000000000000", 4));
}

TEST(IsIso8601, FollowsValidator) {
  for (const char* text : {"2026",
                           "2026-11",
                           "2026-11-22",
                           "20261122",
                           "2026-W47",
                           "2026-W47-7",
                           "2026W471",
                           "2026-327",
                           "+2026-11-22",
                           "2026-02-31",
                           "2026-11-22T21",
                           "2026-11-22T21:54",
                           "2026-11-22T21:54:35.342Z",
                           "2026-11-22 21:54:35,3+01:00",
                           "2026-11-22T24:00",
                           "2026-11-22T215435-0130",
                           "2026-11-22T21.5",
                           "2026-11-22T21Z",
                           "20261122T215435z",
                           "2026-11-22T21:54:35+01:",
                           "2026-11-22T"}) {
    EXPECT_TRUE(is_iso8601_text(text)) << text;
  }
  for (const char* text :
       {"", "yesterday", "202", "2026-", "2026-13-01", "2026-11-32", "2026-1-2", "2026-W54", "2026-360", "2026-367",
        "2026-11-22T25:00", "2026-11-22T21:60", "2026-11-22T21:54:35.", "2026-11-22T21:54:35.342Z ", "2026-11-22x21:54",
        "2026-11-22T21:54+24:00", " 2026-11-22", "202611", "2026-11-22T24:01"}) {
    EXPECT_FALSE(is_iso8601_text(text)) << text;
  }
  // No pattern that can be made to backtrack.
  EXPECT_FALSE(is_iso8601_text("2026-11-22T21." + times("1", 1000000) + "x"));
}

}  // namespace
