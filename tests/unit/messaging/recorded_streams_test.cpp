// What NestJS 11 and 12 sent and received, byte for byte: tests/data/nestjs_tcp_vectors.jsonl, one recorded direction
// of a session a line.
#include "unit/messaging/frame_cutting.hpp"

#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/frame.hpp>

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace nestcpp::test {
namespace {

struct recorded_stream {
  std::string name, bytes, notes, setup;
  bool to_server;
};

std::string unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i{0}; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
    } else if (text[i + 1] == 'x') {
      unsigned byte{};
      std::from_chars(text.data() + i + 2, text.data() + i + 4, byte, 16);
      bytes += static_cast<char>(byte);
      i += 3;
    } else {
      bytes += text[++i];
    }
  }
  return bytes;
}

const std::vector<recorded_stream>& recorded() {
  static const auto streams = [] {
    std::vector<recorded_stream> all;
    std::ifstream file{NESTCPP_TEST_DATA "/nestjs_tcp_vectors.jsonl"};
    for (std::string line; std::getline(file, line);) {
      const auto entry = boost::json::parse(line).as_object();
      const auto text = [&entry](const char* key) { return std::string{entry.at(key).as_string()}; };
      all.push_back(
          {text("name"), unescape(text("bytes")), text("notes"), text("setup"), text("direction") == "client->server"});
    }
    return all;
  }();
  return streams;
}

// Streams a server refuses, and why; all others are well-formed to their end.
const std::set<std::string_view> corrupted{"corrupt_length_empty", "good_then_corrupt", "slow_then_corrupt",
                                           "len_infinity", "halfopen_after_corrupt"};
const std::set<std::string_view> no_json{"len_codepoint_count_nonascii", "invalid_json_then_valid",
                                         "json_control_char"};
const std::set<std::string_view> incomplete{"len_too_long_waits", "len_byte_count_nonascii", "limit_declared_len",
                                            "limit_declared_len_timeout", "incomplete_header_timeout"};
// Headers other than NestJS writes them, or bytes that are no UTF-8: frames that are not written back as they came.
const std::set<std::string_view> unusual{"len_leading_newline", "len_trailing_garbage", "len_leading_zero",
                                         "len_float",           "trailing_newline",     "bom",
                                         "invalid_utf8_b"};
// The one reply that is no JSON.
constexpr std::string_view reply_without_json{"rp_invalid_json"};

TEST(RecordedStreams, AreThere) { EXPECT_EQ(recorded().size(), 455u); }

TEST(RecordedStreams, AreCutAlikeHoweverTheyArrive) {
  std::mt19937 random{7};
  for (const auto& stream : recorded()) {
    const auto whole = in_one_piece(stream.bytes);
    EXPECT_EQ(cut_at(stream.bytes, every_byte_of(stream.bytes)), whole) << stream.name;
    for (int i{0}; i < 20; ++i) {
      EXPECT_EQ(cut_at(stream.bytes, random_cuts(stream.bytes, random)), whole) << stream.name;
    }
  }
}

TEST(RecordedStreams, AreCutAsNestJSCutsThem) {
  for (const auto& stream : recorded()) {
    const auto cut = in_one_piece(stream.bytes);
    EXPECT_EQ(cut.error == frame_error::corrupted_length, stream.to_server && corrupted.contains(stream.name))
        << stream.name << ": " << cut;
    if (stream.to_server && no_json.contains(stream.name)) continue;  // NestJS does not come to the end of these
    EXPECT_EQ(cut.mid_frame, stream.to_server && incomplete.contains(stream.name)) << stream.name << ": " << cut;
  }
}

TEST(RecordedStreams, AreWrittenBackByteForByte) {
  std::size_t compared{0};
  for (const auto& stream : recorded()) {
    if (stream.to_server && (corrupted.contains(stream.name) || no_json.contains(stream.name) ||
                             incomplete.contains(stream.name) || unusual.contains(stream.name))) {
      continue;
    }
    std::string written;
    for (const auto& frame : in_one_piece(stream.bytes).frames) append_frame(written, frame);
    EXPECT_EQ(written, stream.bytes) << stream.name;
    ++compared;
  }
  EXPECT_GT(compared, 430u);
}

TEST(RecordedStreams, RequestsAreReadAndWrittenBack) {
  std::size_t requests{0}, events{0};
  for (const auto& stream : recorded()) {
    if (!stream.to_server) continue;
    bool json{true};
    for (const auto& frame : in_one_piece(stream.bytes).frames) {
      request_envelope packet;
      std::string error, expected, written;
      json &= scan_request(frame, packet, error);
      if (!json || !stream.setup.starts_with("real")) continue;  // only NestJS has NestJS's order of keys
      append_frame(expected, frame);
      if (packet.is_request()) {
        append_request(written, packet.pattern, packet.data, packet.metadata, packet.id);
        ++requests;
      } else {
        append_event(written, packet.pattern, packet.data, packet.metadata);
        ++events;
      }
      EXPECT_EQ(written, expected) << stream.name;
    }
    EXPECT_EQ(json, !no_json.contains(stream.name)) << stream.name;
  }
  EXPECT_EQ(requests, 75u);
  EXPECT_GT(events, 5u);
}

TEST(RecordedStreams, RepliesAreReadAndWrittenBack) {
  std::size_t replies{0};
  for (const auto& stream : recorded()) {
    if (stream.to_server) continue;
    bool json{true};
    for (const auto& frame : in_one_piece(stream.bytes).frames) {
      reply_envelope packet;
      std::string error, expected, written;
      json &= scan_reply(frame, packet, error);
      if (!json || stream.setup.ends_with("scripted raw server")) continue;  // not written by NestJS
      ASSERT_FALSE(packet.foreign) << stream.name;
      append_frame(expected, frame);
      if (!packet.err.empty()) {
        if (packet.text.starts_with(R"({"id":)")) {
          append_reply_no_handler(written, packet.id);
        } else {
          append_reply_error(written, packet.err, packet.id);
        }
      } else if (packet.response.empty()) {
        append_reply_none(written, packet.id, packet.is_disposed);
      } else {
        append_reply_value(written, packet.response, packet.id, packet.is_disposed);
      }
      EXPECT_EQ(written, expected) << stream.name;
      ++replies;
    }
    EXPECT_EQ(json, stream.name != reply_without_json) << stream.name;
  }
  EXPECT_GT(replies, 150u);
}

// The notes of `rp_…` say what the application behind a NestJS 12 client saw.
TEST(RecordedStreams, RepliesMeanWhatTheyMeantToNestJS) {
  std::size_t checked{0};
  for (const auto& stream : recorded()) {
    if (stream.to_server || !stream.name.starts_with("rp_") || stream.name == reply_without_json) continue;
    constexpr std::string_view marker{"client outcome: "};
    auto outcome = stream.notes.substr(stream.notes.find(marker) + marker.size());
    outcome.resize(outcome.find("; status:"));
    if (outcome.find("Connection closed") != std::string::npos || stream.name == "rp_timeout_late_reply" ||
        stream.name == "rp_take1" || stream.name == "rp_unknown_id") {
      continue;  // not decided by the envelope
    }
    std::string seen;
    const auto note = [&seen](std::string_view what, std::string_view value) {
      if (!seen.empty()) seen += "; ";
      seen += what;
      if (what != "complete") seen.append(" ").append(value.empty() ? "undefined" : value);
    };
    for (const auto& frame : in_one_piece(stream.bytes).frames) {
      reply_envelope packet;
      std::string error;
      ASSERT_TRUE(scan_reply(frame, packet, error));
      if (packet.id.empty()) continue;
      switch (packet.action()) {
        case reply_action::next: note("next", packet.value()); break;
        case reply_action::next_complete:
          note("next", packet.value());
          note("complete", {});
          break;
        case reply_action::complete: note("complete", {}); break;
        case reply_action::error: note("error", packet.err); break;
      }
    }
    EXPECT_EQ(seen, outcome) << stream.name;
    ++checked;
  }
  EXPECT_EQ(checked, 17u);
}

}  // namespace
}  // namespace nestcpp::test
