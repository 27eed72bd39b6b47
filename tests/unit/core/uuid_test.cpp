#include <nestcpp/core/uuid.hpp>

#include <nestcpp/core/timestamp.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <unordered_set>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using nestcpp::uuid;

TEST(Uuid, RandomOnesHaveVersionAndVariantAndDiffer) {
  std::unordered_set<uuid> seen;
  std::array<std::uint8_t, 16> ever_set{};
  std::array<std::uint8_t, 16> always_set{};
  always_set.fill(0xFF);
  for (int i = 0; i < 1000; ++i) {
    const uuid id = uuid::v4();
    EXPECT_EQ(id.version(), 4);
    EXPECT_EQ(id.bytes()[8] >> 6, 2);
    EXPECT_TRUE(seen.insert(id).second);
    for (std::size_t b = 0; b < 16; ++b) {
      ever_set[b] |= id.bytes()[b];
      always_set[b] &= id.bytes()[b];
    }
  }
  // Every bit but the six fixed ones varies.
  for (std::size_t b = 0; b < 16; ++b) {
    EXPECT_EQ(ever_set[b], b == 6 ? 0x4F : b == 8 ? 0xBF : 0xFF) << b;
    EXPECT_EQ(always_set[b], b == 6 ? 0x40 : b == 8 ? 0x80 : 0x00) << b;
  }
}

TEST(Uuid, TimeOrderedOnesAscendAndHoldTheTime) {
  const auto before = nestcpp::timestamp::now().unix_ms();
  uuid last = uuid::v7();
  const uuid first = last;
  for (int i = 0; i < 20000; ++i) {
    const uuid next = uuid::v7();
    ASSERT_LT(last, next);
    ASSERT_LT(last.to_string(), next.to_string());
    last = next;
  }
  EXPECT_EQ(first.version(), 7);
  EXPECT_EQ(first.bytes()[8] >> 6, 2);
  std::int64_t ms = 0;
  for (int i = 0; i < 6; ++i) ms = ms << 8 | first.bytes()[static_cast<std::size_t>(i)];
  EXPECT_GE(ms, before);
  EXPECT_LE(ms, nestcpp::timestamp::now().unix_ms() + 1);
}

TEST(Uuid, ThreadsNeverMakeTheSameOne) {
  std::vector<std::vector<uuid>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 2000; ++i) {
        mine.push_back(uuid::v4());
        mine.push_back(uuid::v7());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<uuid> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 16000U);
}

TEST(Uuid, AForkedChildMakesOthers) {
  (void)uuid::v4();  // the parent's buffer is filled
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const uuid id = uuid::v4();
    ::_exit(::write(ends[1], id.bytes().data(), 16) == 16 ? 0 : 1);
  }
  int status{};
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  std::array<std::uint8_t, 16> bytes{};
  ASSERT_EQ(::read(ends[0], bytes.data(), 16), 16);
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_NE(uuid{bytes}, uuid::v4());
}

TEST(Uuid, ParsesWhatIsUuidAccepts) {
  for (const char* text : {"123e4567-e89b-12d3-a456-426614174000", "A987FBC9-4BED-3078-8F07-9141BA07C9F3",
                           "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-874b-9cce-b302099a8057",
                           "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
                           "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"}) {
    const auto id = uuid::parse(text);
    ASSERT_TRUE(id) << text;
    std::string lower{text};
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    EXPECT_EQ(id->to_string(), lower);
  }
  EXPECT_TRUE(uuid::parse("00000000-0000-0000-0000-000000000000")->is_nil());
}

TEST(Uuid, RefusesWhatIsUuidRefuses) {
  for (const char* text : {"", "x", "123e4567-e89b-02d3-a456-426614174000", "123e4567-e89b-92d3-a456-426614174000",
                           "123e4567-e89b-12d3-7456-426614174000", "123e4567-e89b-12d3-c456-426614174000",
                           "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g",
                           "123e4567-e89b-12d3-a456-4266141740000", "{123e4567-e89b-12d3-a456-42661417400",
                           "123e4567-e89b-12d3-a456_426614174000", "123e456--e89b-12d3-a456-426614174000",
                           "00000000-0000-0000-0000-000000000001"}) {
    EXPECT_EQ(uuid::parse(text), std::nullopt) << text;
  }
}

TEST(Uuid, WritesLowerCase) {
  const auto id = uuid::parse("A987FBC9-4BED-4078-8F07-9141BA07C9F3");
  std::string out = "id=";
  id->append_to(out);
  EXPECT_EQ(out, "id=a987fbc9-4bed-4078-8f07-9141ba07c9f3");
  EXPECT_EQ(fmt::format("{:>38}", *id), "  a987fbc9-4bed-4078-8f07-9141ba07c9f3");
}

}  // namespace
