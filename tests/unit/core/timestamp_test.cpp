#include <nestcpp/core/timestamp.hpp>

#include <gtest/gtest.h>

namespace {

using nestcpp::timestamp;

TEST(Timestamp, WritesWhatJavaScriptWrites) {
  EXPECT_EQ(timestamp{}.to_iso8601(), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(timestamp::from_unix_ms(1795384475342).to_iso8601(), "2026-11-22T21:54:35.342Z");
  EXPECT_EQ(timestamp::from_unix_ms(951782400000).to_iso8601(), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(timestamp::from_unix_ms(-1).to_iso8601(), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(timestamp::from_unix_ms(-62167219200000).to_iso8601(), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(timestamp::from_unix_ms(253402300800000).to_iso8601(), "+010000-01-01T00:00:00.000Z");
  EXPECT_EQ(timestamp::from_unix_ms(8640000000000000).to_iso8601(), "+275760-09-13T00:00:00.000Z");
  EXPECT_EQ(timestamp::from_unix_ms(-8640000000000000).to_iso8601(), "-271821-04-20T00:00:00.000Z");
  EXPECT_EQ(timestamp::from_unix_ms(INT64_MAX).to_iso8601(), "+292278994-08-17T07:12:55.807Z");
  EXPECT_EQ(timestamp::from_unix_ms(INT64_MIN).to_iso8601(), "-292275055-05-16T16:47:04.192Z");
}

TEST(Timestamp, ReadsBackWhatItWrites) {
  for (std::int64_t ms : {0LL, -1LL, 1795384475342LL, -62167219200001LL, 253402300800000LL, -8640000000000000LL}) {
    const auto at = timestamp::from_unix_ms(ms);
    EXPECT_EQ(timestamp::parse_iso8601(at.to_iso8601()), at) << at.to_iso8601();
  }
}

TEST(Timestamp, ReadsZonesAndFractions) {
  const auto expected = timestamp::from_unix_ms(1795384475342);
  for (const char* text :
       {"2026-11-22T21:54:35.342Z", "2026-11-22T21:54:35.342+00:00", "2026-11-22 21:54:35.342+00",
        "2026-11-22T23:54:35.342+0200", "2026-11-22 16:24:35.3429999-05:30", "2026-11-22T22:54:35.342+01:00:00"}) {
    EXPECT_EQ(timestamp::parse_iso8601(text), expected) << text;
  }
  EXPECT_EQ(timestamp::parse_iso8601("2026-11-22T21:54Z"), timestamp::from_unix_ms(1795384440000));
  EXPECT_EQ(timestamp::parse_iso8601("2026-11-22 21:54:35+00"), timestamp::from_unix_ms(1795384475000));
  EXPECT_EQ(timestamp::parse_iso8601("2026-11-22T21:54:35.3Z"), timestamp::from_unix_ms(1795384475300));
  EXPECT_EQ(timestamp::parse_iso8601("1969-12-31T23:59:59.9999Z"), timestamp::from_unix_ms(-1));
}

TEST(Timestamp, RefusesWhatIsNoMoment) {
  for (const char* text : {"",
                           "2026",
                           "2026-11-22",
                           "2026-11-22T21:54:35.342",
                           "2026-11-22T21:54:35.Z",
                           "2026-13-22T21:54:35Z",
                           "2026-00-22T21:54:35Z",
                           "2026-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "2026-11-00T00:00:00Z",
                           "2026-11-31T00:00:00Z",
                           "2026-11-22T24:00:00Z",
                           "2026-11-22T21:60:00Z",
                           "2026-11-22T21:54:60Z",
                           "2026-11-22T21:54:35ZZ",
                           " 2026-11-22T21:54:35Z",
                           "2026-11-22T21:54:35+",
                           "2026-11-22T21:54:35+24:00",
                           "-000000-01-01T00:00:00Z",
                           "26-11-22T21:54:35Z",
                           "infinity",
                           "2026-11-22T2a:54:35Z"}) {
    EXPECT_EQ(timestamp::parse_iso8601(text), std::nullopt) << text;
  }
  EXPECT_TRUE(timestamp::parse_iso8601("2000-02-29T00:00:00Z"));
}

TEST(Timestamp, ComparesAndCalculates) {
  const auto a = timestamp::from_unix_ms(1000);
  EXPECT_LT(a, a + std::chrono::milliseconds{1});
  EXPECT_EQ((a + std::chrono::seconds{2}) - a, std::chrono::milliseconds{2000});
  EXPECT_EQ(fmt::format("{}", a), "1970-01-01T00:00:01.000Z");
  const auto before = std::chrono::system_clock::now();
  const auto now = timestamp::now();
  EXPECT_LE(now.at(), std::chrono::system_clock::now());
  EXPECT_GE(now.at(), std::chrono::floor<std::chrono::milliseconds>(before));
}

}  // namespace
