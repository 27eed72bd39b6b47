#include <nestcpp/messaging/frame.hpp>

#include "unit/messaging/frame_cutting.hpp"

#include <nestcpp/dto/text.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace nestcpp::test {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string body{R"({"pattern":"echo","data":1,"id":"1"})"};  // 36 units
const std::string replacement{"\xEF\xBF\xBD"};

// ---- the header: JavaScript's parseInt ----

struct header_case {
  std::string header;
  std::string taken;  // the frame's text, or the header in the error's
};

class FrameHeader : public testing::TestWithParam<header_case> {};
class CorruptedFrameHeader : public testing::TestWithParam<header_case> {};

TEST_P(FrameHeader, IsReadAsParseIntReadsIt) {
  const auto& [header, taken] = GetParam();
  const auto stream = header + "#" + body;
  for (const auto& cut : {in_one_piece(stream), cut_at(stream, every_byte_of(stream))}) {
    ASSERT_FALSE(cut.frames.empty());
    EXPECT_EQ(cut.frames[0], taken);
  }
}

TEST_P(CorruptedFrameHeader, IsNaN) {
  const auto& [header, quoted] = GetParam();
  const auto stream = header + "#" + body;
  for (const auto& cut : {in_one_piece(stream), cut_at(stream, every_byte_of(stream))}) {
    EXPECT_THAT(cut.frames, IsEmpty());
    EXPECT_EQ(cut.error, frame_error::corrupted_length);
    EXPECT_EQ(cut.error_text, "Corrupted length value \"" + quoted + "\" supplied in a packet");
  }
}

INSTANTIATE_TEST_SUITE_P(Lenient, FrameHeader,
                         testing::Values(header_case{"36", body}, header_case{" 36", body}, header_case{"\r\n36", body},
                                         header_case{"\t\v\f\n 36", body},
                                         header_case{"\xEF\xBB\xBF"
                                                     "36",
                                                     body},
                                         header_case{"\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9\xE3\x80\x80"
                                                     "36",
                                                     body},
                                         header_case{"\xE1\x9A\x80\xE2\x80\x80\xE2\x80\x8A\xE2\x80\xAF\xE2\x81\x9F"
                                                     "36",
                                                     body},
                                         header_case{"36abc", body}, header_case{"36.9", body},
                                         header_case{"+36", body}, header_case{"0036", body},
                                         header_case{"000000000000000000000036", body}, header_case{"36\xFF", body},
                                         header_case{"36 36", body}, header_case{"3e1", "{\"p"}));
INSTANTIATE_TEST_SUITE_P(Empty, FrameHeader,
                         testing::Values(header_case{"0", ""}, header_case{"0x26", ""}, header_case{"-5", ""},
                                         header_case{"-0", ""}, header_case{"-99999999999999999999", ""}));
INSTANTIATE_TEST_SUITE_P(AnyText, CorruptedFrameHeader,
                         testing::Values(header_case{"", ""}, header_case{"abc", "abc"},
                                         header_case{"Infinity", "Infinity"}, header_case{"-", "-"},
                                         header_case{"+-5", "+-5"}, header_case{"--5", "--5"}, header_case{".5", ".5"},
                                         header_case{"   ", "   "}, header_case{"\xFF", replacement},
                                         header_case{"\xE2\x80\x8B"
                                                     "36",
                                                     "\xE2\x80\x8B"
                                                     "36"},  // U+200B is no space
                                         header_case{"\0"s + "36", "\0"s + "36"}));

TEST(FrameHeaderSize, WaitsForTheHashUpToOneKibibyte) {
  const auto digits = std::string(frame_decoder::max_header_size - 2, '0') + "36";
  EXPECT_THAT(in_one_piece(digits + "#" + body).frames, ElementsAre(body));
  EXPECT_TRUE(in_one_piece(digits).mid_frame);
  EXPECT_EQ(in_one_piece(digits).error, frame_error::none);
}

TEST(FrameHeaderSize, RefusesMoreThanOneKibibyteHoweverItIsCut) {
  for (const char filling : {'0', ' ', 'x'}) {
    const auto stream = std::string(frame_decoder::max_header_size + 1, filling) + "36#" + body;
    const auto cut = in_one_piece(stream);
    EXPECT_EQ(cut.error, frame_error::corrupted_length);
    EXPECT_THAT(cut.frames, IsEmpty());
    EXPECT_EQ(cut_at(stream, every_byte_of(stream)), cut);
  }
}

// ---- the limit ----

TEST(FrameLimit, HoldsForEachFrameWithoutItsHeader) {
  std::string stream;
  for (int i{0}; i < 8; ++i) stream += "36#" + body;
  EXPECT_EQ(in_one_piece(stream, 36).frames.size(), 8u);
  EXPECT_EQ(in_one_piece("36#" + body, 35).error, frame_error::max_length_exceeded);
}

TEST(FrameLimit, RefusesTheDeclaredLengthBeforeTheDataCame) {
  const auto cut = in_one_piece("37#", 36);
  EXPECT_EQ(cut.error, frame_error::max_length_exceeded);
  EXPECT_EQ(cut.error_text, "The packet length (37) exceeds the maximum allowed length");
}

TEST(FrameLimit, RefusesLengthsBeyondAnyInteger) {
  EXPECT_EQ(in_one_piece("100000000000000000000#{}").error_text,
            "The packet length (100000000000000000000) exceeds the maximum allowed length");
  EXPECT_EQ(in_one_piece("18446744073709551616#{}").error, frame_error::max_length_exceeded);  // 2^64
  EXPECT_EQ(in_one_piece("18446744073709551620#{}").error, frame_error::max_length_exceeded);
  EXPECT_EQ(in_one_piece(std::string(400, '9') + "#{}").error_text,
            "The packet length (Infinity) exceeds the maximum allowed length");
}

TEST(FrameLimit, DefaultsToNestJSs) {
  EXPECT_EQ(in_one_piece("134217728#").error, frame_error::none);
  EXPECT_EQ(in_one_piece("134217729#").error, frame_error::max_length_exceeded);
}

// ---- lengths in UTF-16 units ----

struct text_case {
  std::string bytes;
  std::size_t units;
  std::string text;
};

class FrameText : public testing::TestWithParam<text_case> {};

TEST_P(FrameText, CountsUnitsAndRepairsWhatIsNoUtf8) {
  const auto& [bytes, units, text] = GetParam();
  // What follows decides about a character that breaks off.
  const auto stream = std::to_string(units) + "#" + bytes + "2#{}";
  const cut_stream expected{{text, "{}"}, frame_error::none, {}, false};
  EXPECT_EQ(in_one_piece(stream), expected);
  EXPECT_EQ(cut_at(stream, every_byte_of(stream)), expected);
  EXPECT_EQ(utf16_length(bytes), units);
}

INSTANTIATE_TEST_SUITE_P(
    WellFormed, FrameText,
    testing::Values(text_case{"abc", 3, "abc"}, text_case{"é", 1, "é"}, text_case{"€", 1, "€"},
                    text_case{"😀", 2, "😀"}, text_case{"é€😀x", 5, "é€😀x"}, text_case{"\x7F", 1, "\x7F"},
                    text_case{"\xC2\x80", 1, "\xC2\x80"}, text_case{"\xE0\xA0\x80", 1, "\xE0\xA0\x80"},
                    text_case{"\xED\x9F\xBF", 1, "\xED\x9F\xBF"}, text_case{"\xEE\x80\x80", 1, "\xEE\x80\x80"},
                    text_case{"\xF0\x90\x80\x80", 2, "\xF0\x90\x80\x80"},
                    text_case{"\xF4\x8F\xBF\xBF", 2, "\xF4\x8F\xBF\xBF"}, text_case{"\0"s, 1, "\0"s}));
INSTANTIATE_TEST_SUITE_P(IllFormed, FrameText,
                         testing::Values(text_case{"\xFF", 1, replacement}, text_case{"\x80", 1, replacement},
                                         text_case{"\xC0\xAF", 2, replacement + replacement},
                                         text_case{"\xC3", 1, replacement}, text_case{"\xE2\x82", 1, replacement},
                                         text_case{"\xF0\x9F\x98", 1, replacement},
                                         text_case{"\xF0\x9F", 1, replacement}, text_case{"\xE2", 1, replacement},
                                         text_case{"\xED\xA0\x80", 3, replacement + replacement + replacement},
                                         text_case{"\xE0\x80", 2, replacement + replacement},
                                         text_case{"\xF0\x80\x80", 3, replacement + replacement + replacement},
                                         text_case{"\xF4\x90", 2, replacement + replacement},
                                         text_case{"\xF5", 1, replacement},
                                         text_case{"\xE2\x82\xE2\x82\xAC", 2, replacement + "€"},
                                         text_case{"a\xFF"
                                                   "b€\xE2\x82"
                                                   "c",
                                                   6, "a" + replacement + "b€" + replacement + "c"}));

TEST(FrameTextAscii, LongRunsAroundEveryPositionOfOneCharacter) {
  for (std::size_t at{0}; at < 200; ++at) {
    for (const std::string& odd : {"é"s, "😀"s, "\xFF"s}) {
      const auto bytes = std::string(at, 'a') + odd + std::string(200 - at, 'b');
      const std::size_t units{200u + (odd == "😀" ? 2 : 1)};
      const auto text = std::string(at, 'a') + (odd == "\xFF" ? replacement : odd) + std::string(200 - at, 'b');
      ASSERT_THAT(in_one_piece(std::to_string(units) + "#" + bytes).frames, ElementsAre(text)) << at;
    }
  }
}

TEST(FrameTextLength, WithinASurrogatePairGivesTextThatIsNoJson) {
  const auto cut = in_one_piece("3#\"a😀\"");
  ASSERT_FALSE(cut.frames.empty());
  EXPECT_EQ(cut.frames[0], "\"a" + replacement);
}

TEST(FrameTextLength, InBytesForOtherThanAsciiWaitsForMore) {
  const auto cut = in_one_piece("46#{\"pattern\":\"echo\",\"data\":\"é€😀\",\"id\":\"1\"}");
  EXPECT_THAT(cut.frames, IsEmpty());
  EXPECT_TRUE(cut.mid_frame);
}

TEST(FrameTextLifetime, ViewsOfOneReadStayValidTogether) {
  frame_decoder decoder;
  feed(decoder,
       "1#\xFF"
       "1#\xFE"
       "1#x");
  std::string_view first, second, third, none;
  ASSERT_EQ(decoder.next(first), frame_decoder::status::frame);
  ASSERT_EQ(decoder.next(second), frame_decoder::status::frame);
  ASSERT_EQ(decoder.next(third), frame_decoder::status::frame);
  ASSERT_EQ(decoder.next(none), frame_decoder::status::need_more);
  EXPECT_EQ(first, replacement);
  EXPECT_EQ(second, replacement);
  EXPECT_EQ(third, "x");
}

// ---- the stream ----

TEST(FrameStream, TakesWhatCameBeforeAnError) {
  const auto cut = in_one_piece("36#" + body + "abc#{}36#" + body);
  EXPECT_THAT(cut.frames, ElementsAre(body));
  EXPECT_EQ(cut.error, frame_error::corrupted_length);
}

TEST(FrameStream, AnErrorStays) {
  frame_decoder decoder;
  feed(decoder, "abc#{}");
  std::string_view text;
  EXPECT_EQ(decoder.next(text), frame_decoder::status::error);
  feed(decoder, "36#" + body);
  EXPECT_EQ(decoder.next(text), frame_decoder::status::error);
  EXPECT_EQ(decoder.buffered(), 0u);
  EXPECT_FALSE(decoder.mid_frame());
}

TEST(FrameStream, TellsWhetherAHeaderIsHopeless) {
  const auto is_hopeless = [](std::string_view bytes) {
    frame_decoder decoder;
    feed(decoder, bytes);
    std::string_view text;
    while (decoder.next(text) == frame_decoder::status::frame) {
    }
    return decoder.hopeless();
  };
  for (const auto* part : {"GET / HTTP/1.1\r\n", "\x16\x03\x01", "2#{}x", " {", "+x", "--", "  -a"}) {
    EXPECT_TRUE(is_hopeless(part)) << part;
  }
  // Leniently, as JavaScript reads numbers; and a cut-off white space may become a whole one.
  for (const auto* part :
       {"", "3", "36abc", " ", "\r\n", " +", "-", "-5", "\xE2\x80", "\xEF\xBB\xBF", "2#{}", "36#{"}) {
    EXPECT_FALSE(is_hopeless(part)) << part;
  }
}

TEST(FrameStream, TellsWhetherAFrameIsIncomplete) {
  for (const auto* part : {"3", "36#", "36#{\"", " "}) EXPECT_TRUE(in_one_piece(part).mid_frame) << part;
  for (const auto* part : {"", "2#{}", "2#{}2#[]"}) EXPECT_FALSE(in_one_piece(part).mid_frame) << part;
}

TEST(FrameStream, RandomBytesAreCutAlikeHoweverTheyArrive) {
  std::mt19937 random{20261122};
  constexpr std::string_view alphabet{"0123456789##{}\" -+ae.\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xFF\xED\xA0"};
  for (int round{0}; round < 4000; ++round) {
    std::string stream;
    const auto size = random() % 60;
    for (unsigned i{0}; i < size; ++i) stream += alphabet[random() % (i % 3 == 0 ? 12 : alphabet.size())];
    const auto whole = in_one_piece(stream, 50);
    ASSERT_EQ(cut_at(stream, every_byte_of(stream), 50), whole) << testing::PrintToString(stream);
    ASSERT_EQ(cut_at(stream, random_cuts(stream, random), 50), whole) << testing::PrintToString(stream);
  }
}

TEST(FrameStream, LargeFramesInSmallPieces) {
  std::string large;
  while (large.size() < (20u << 20)) large += "0123456789é€😀";
  const auto stream = std::to_string(utf16_length(large)) + "#" + large + "2#{}";
  std::vector<std::size_t> offsets;
  for (std::size_t at{4096}; at < stream.size(); at += 4096) offsets.push_back(at);
  const auto cut = cut_at(stream, offsets);
  ASSERT_EQ(cut.frames.size(), 2u);
  EXPECT_TRUE(cut.frames[0] == large);
  EXPECT_EQ(cut.frames[1], "{}");
}

// ---- memory ----

TEST(FrameMemory, FollowsWhatArrivedAndNotWhatWasDeclared) {
  frame_decoder decoder;
  feed(decoder, "134217728#{");
  std::string_view text;
  EXPECT_EQ(decoder.next(text), frame_decoder::status::need_more);
  static_cast<void>(decoder.prepare(4096));
  EXPECT_LE(decoder.capacity(), 8192u);
}

TEST(FrameMemory, IsNoneForAnIdleConnection) {
  frame_decoder decoder;
  std::string_view text;
  feed(decoder, "36#" + body);
  ASSERT_EQ(decoder.next(text), frame_decoder::status::frame);
  decoder.release_idle();
  EXPECT_EQ(decoder.capacity(), 0u);

  feed(decoder, "36#{");
  ASSERT_EQ(decoder.next(text), frame_decoder::status::need_more);
  decoder.release_idle();  // not idle
  feed(decoder, body.substr(1));
  ASSERT_EQ(decoder.next(text), frame_decoder::status::frame);
  EXPECT_EQ(text, body);
}

TEST(FrameMemory, OfALargeFrameIsGivenBack) {
  frame_decoder decoder;
  const std::string large(20 << 20, 'x');
  std::string_view text;
  feed(decoder, std::to_string(large.size()) + "#" + large);
  ASSERT_EQ(decoder.next(text), frame_decoder::status::frame);
  ASSERT_TRUE(text == large);
  static_cast<void>(decoder.prepare(65536));
  EXPECT_LE(decoder.capacity(), 1u << 20);
}

TEST(FrameMemory, DoesNotGrowWithTheNumberOfFrames) {
  frame_decoder decoder;
  std::string_view text;
  std::string stream;
  for (int i{0}; i < 1000; ++i) stream += "36#" + body;
  std::size_t frames{0};
  for (int round{0}; round < 50; ++round) {
    for (std::size_t at{0}; at < stream.size(); at += 1000) {
      feed(decoder, std::string_view{stream}.substr(at, 1000));
      while (decoder.next(text) == frame_decoder::status::frame) ++frames;
    }
  }
  EXPECT_EQ(frames, 50'000u);
  EXPECT_LE(decoder.capacity(), 4096u);
}

// ---- writing ----

TEST(AppendFrame, CountsUnits) {
  std::string out{"before"};
  append_frame(out, R"({"a":"é€😀"})");
  EXPECT_EQ(out, R"(before12#{"a":"é€😀"})");
}

TEST(AppendFrame, RepairsSoThatThePeerCountsTheSame) {
  std::string out;
  append_frame(out, "\"\xE2\x82\"");
  EXPECT_EQ(out, "3#\"" + replacement + "\"");
}

TEST(FrameWriter, WritesEveryLengthOfHeader) {
  for (const std::size_t size : {0u, 1u, 9u, 10u, 99u, 100u, 999u, 1000u, 99999u}) {
    const std::string json(size, 'x');
    std::string direct{"before"}, expected{"before"};
    frame_writer frame{direct};
    frame.json() += json;
    EXPECT_EQ(frame.written(), json);
    frame.finish();
    append_frame(expected, json);
    EXPECT_EQ(direct, expected);
  }
}

TEST(FrameWriter, CountsUnitsAndRepairs) {
  std::string out;
  frame_writer frame{out};
  frame.json() += "\"é😀\xFF\"";
  frame.finish();
  EXPECT_EQ(out, "6#\"é😀" + replacement + "\"");
}

TEST(FrameWriter, TakesBackWhatWasNotFinished) {
  std::string out{"before"};
  {
    frame_writer frame{out};
    frame.json() += "half of it";
  }
  EXPECT_EQ(out, "before");
}

}  // namespace
}  // namespace nestcpp::test
