#include <nestcpp/core/byte_size.hpp>

#include <gtest/gtest.h>

namespace {

using nestcpp::byte_size;

TEST(ByteSize, IsReadWithAndWithoutUnits) {
  EXPECT_EQ(byte_size::parse("0"), byte_size{0});
  EXPECT_EQ(byte_size::parse("1500"), byte_size{1500});
  EXPECT_EQ(byte_size::parse("1500B"), byte_size{1500});
  EXPECT_EQ(byte_size::parse("10MiB"), byte_size{10 * 1024 * 1024});
  EXPECT_EQ(byte_size::parse("10 mib"), byte_size{10 * 1024 * 1024});
  EXPECT_EQ(byte_size::parse("2kB"), byte_size{2000});
  EXPECT_EQ(byte_size::parse("3GB"), byte_size{3'000'000'000});
  EXPECT_EQ(byte_size::parse("1TiB"), byte_size{1ULL << 40});
}

TEST(ByteSize, NothingElseIs) {
  for (const char* bad : {"", "MiB", "-1", "+1", "1.5MiB", "1 ", " 1", "1  MiB", "1M", "1MiBs", "0x10",
                          "18446744073709551616", "16777216TiB"}) {
    EXPECT_EQ(byte_size::parse(bad), std::nullopt) << bad;
  }
}

TEST(ByteSize, IsShownInTheLargestWholeUnit) {
  EXPECT_EQ(byte_size{0}.to_string(), "0B");
  EXPECT_EQ(byte_size{1500}.to_string(), "1500B");
  EXPECT_EQ(byte_size{2048}.to_string(), "2KiB");
  EXPECT_EQ(byte_size{10 * 1024 * 1024}.to_string(), "10MiB");
  EXPECT_EQ(byte_size{5ULL << 50}.to_string(), "5120TiB");
}

}  // namespace
