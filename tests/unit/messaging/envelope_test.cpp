#include <nestcpp/messaging/envelope.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace nestcpp::test {
namespace {

// Keeps the text the views point into.
request_envelope read_request(std::string_view text) {
  static std::deque<std::string> texts;
  request_envelope packet;
  std::string error;
  EXPECT_TRUE(scan_request(texts.emplace_back(text), packet, error)) << text << ": " << error;
  return packet;
}

reply_envelope read_reply(std::string_view text, reply_rules rules = reply_rules::v12) {
  reply_envelope packet;
  std::string error;
  EXPECT_TRUE(scan_reply(text, packet, error, rules)) << text << ": " << error;
  return packet;
}

// ---- requests ----

TEST(ScanRequest, ReadsTheKeysOfNestJS) {
  const auto packet = read_request(R"({"pattern":"sum","data":{"a":1,"b":[2]},"metadata":{"t":1},"id":"806d"})");
  EXPECT_EQ(packet.pattern, R"("sum")");
  EXPECT_EQ(packet.data, R"({"a":1,"b":[2]})");
  EXPECT_EQ(packet.metadata, R"({"t":1})");
  EXPECT_EQ(packet.id, R"("806d")");
  EXPECT_TRUE(packet.is_request());
  EXPECT_FALSE(packet.external());
}

TEST(ScanRequest, TakesAnyOrderWhiteSpaceAndUnknownKeys) {
  const auto packet =
      read_request("\r\n { \"id\" :\t7 , \"x\":[{\"id\":1}], \"data\" : null,\"pattern\" : {\"a\": 1} } \n");
  EXPECT_EQ(packet.pattern, R"({"a": 1})");
  EXPECT_EQ(packet.data, "null");
  EXPECT_EQ(packet.id, "7");
  EXPECT_TRUE(packet.metadata.empty());
}

TEST(ScanRequest, TheLastOfDuplicatesCounts) {
  const auto packet = read_request(R"({"pattern":"a","id":1,"pattern":"b","id":2,"data":1,"data":2})");
  EXPECT_EQ(packet.pattern, R"("b")");
  EXPECT_EQ(packet.id, "2");
  EXPECT_EQ(packet.data, "2");
}

TEST(ScanRequest, ReadsEscapedKeys) {
  const auto packet = read_request(R"({"\u0070attern":"a","d\u0061ta":1,"i\u0064":2})");
  EXPECT_EQ(packet.pattern, R"("a")");
  EXPECT_EQ(packet.data, "1");
  EXPECT_EQ(packet.id, "2");
}

TEST(ScanRequest, KeysAreComparedWhole) {
  const auto packet = read_request(R"({"patterns":1,"Pattern":2,"patter":3,"":4,"data ":5,"id\u0000":6})");
  EXPECT_TRUE(packet.external());
}

TEST(ScanRequest, AnIdMakesItARequestWhateverItsValue) {
  for (const auto* id : {"null", R"("")", "0", "false", "{}", "[1]", R"("é")", "1e999"}) {
    const auto packet = read_request(std::string{R"({"pattern":"a","data":1,"id":)"} + id + "}");
    EXPECT_TRUE(packet.is_request());
    EXPECT_EQ(packet.id, id);
  }
  EXPECT_FALSE(read_request(R"({"pattern":"a","data":1})").is_request());
}

TEST(ScanRequest, WithoutPatternAndDataEverythingIsDropped) {
  for (const auto* text : {R"({"id":"1"})", R"({"id":"1","metadata":{},"x":1})", "{}", " { } "}) {
    const auto packet = read_request(text);
    EXPECT_TRUE(packet.external()) << text;
    EXPECT_FALSE(packet.is_request()) << text;
    EXPECT_TRUE(packet.metadata.empty()) << text;
  }
}

TEST(ScanRequest, NullCountsAsGiven) {
  const auto pattern = read_request(R"({"pattern":null,"id":1})");
  EXPECT_TRUE(pattern.has_pattern());
  EXPECT_FALSE(pattern.has_data());
  EXPECT_TRUE(pattern.is_request());
  const auto data = read_request(R"({"data":null,"id":1})");
  EXPECT_FALSE(data.has_pattern());
  EXPECT_TRUE(data.has_data());
  EXPECT_TRUE(data.is_request());
}

TEST(ScanRequest, OtherValuesThanObjectsHaveNoMembers) {
  for (const auto* text :
       {"null", "false", "true", "0", "5", "-1.5e3", R"("")", R"("x")", "[]", R"([{"pattern":1}])"}) {
    EXPECT_TRUE(read_request(text).external()) << text;
  }
}

TEST(ScanRequest, TakesAnyDepth) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const auto packet = read_request(R"({"pattern":"a","data":)" + deep + R"(,"id":1})");
  EXPECT_EQ(packet.data, deep);
  std::string objects;
  for (int i{0}; i < 50'000; ++i) objects += i % 2 == 0 ? R"({"a":)" : "[";
  request_envelope unfinished;
  std::string error;
  EXPECT_FALSE(scan_request(R"({"data":)" + objects, unfinished, error));
  EXPECT_EQ(error, "Unexpected end of JSON input");
}

TEST(ScanRequest, LevelsBeyondTheInlineOnesKeepTheirKind) {
  for (const int levels : {63, 64, 65, 255, 256, 257, 320, 321, 1000}) {
    std::string open, close;
    for (int i{0}; i < levels; ++i) {
      open += i % 3 == 0 ? R"({"a":)" : "[";
      close.insert(0, i % 3 == 0 ? "}" : "]");
    }
    request_envelope packet;
    std::string error;
    EXPECT_TRUE(scan_request(R"({"data":)" + open + "1" + close + "}", packet, error)) << levels;
    for (const auto at : {std::size_t{0}, close.size() / 2, close.size() - 1}) {
      auto wrong = close;
      wrong[at] = wrong[at] == '}' ? ']' : '}';
      EXPECT_FALSE(scan_request(R"({"data":)" + open + "1" + wrong + "}", packet, error)) << levels;
    }
  }
}

TEST(ScanRequest, RefusesWhatIsNoJsonAndSaysWhy) {
  for (const auto* text : {"",
                           " ",
                           "{",
                           "{a}",
                           R"({"pattern")",
                           R"({"pattern":)",
                           R"({"pattern":"a")",
                           R"({"pattern":"a",})",
                           R"({"pattern":"a"}x)",
                           R"({"pattern":"a"}{})",
                           R"({"pattern":"a" "b":1})",
                           R"({"pattern":01})",
                           R"({"data":+1})",
                           R"({"data":1.})",
                           R"({"data":.5})",
                           R"({"data":1e})",
                           R"({"data":-})",
                           R"({"data":[1,]})",
                           R"({"data":[1 2]})",
                           R"({"data":{"a"}})",
                           R"({"data":{,}})",
                           R"({"data":tru})",
                           R"({"data":nulll})",
                           R"({"data":'a'})",
                           "{\"data\":\"a\tb\"}",
                           "{\"data\":\"a\nb\"}",
                           R"({"data":"\x"})",
                           R"({"data":"\u12G4"})",
                           R"({"data":"abc)",
                           R"({"data":"abc\")",
                           R"({"data":[}})",
                           R"({"data":{]})",
                           R"({"x":[1}})",
                           "{\"\x01\":1}",
                           "\xEF\xBB\xBF{}",
                           R"({"a":1}})",
                           "undefined",
                           "NaN",
                           R"({"data":NaN})",
                           R"({"data":0x1})",
                           "{1:2}",
                           R"({"data":"a"b})"}) {
    request_envelope packet{"x", "x", "x", "x"};
    reply_envelope reply;
    std::string error;
    EXPECT_FALSE(scan_request(text, packet, error)) << text;
    EXPECT_NE(error, "") << text;
    EXPECT_TRUE(packet.external()) << text;
    EXPECT_FALSE(packet.is_request()) << text;
    error.clear();
    EXPECT_FALSE(scan_reply(text, reply, error)) << text;
    EXPECT_NE(error, "") << text;
    EXPECT_TRUE(reply.id.empty()) << text;
  }
}

TEST(ScanRequest, FindsTheEndOfStringsOfEveryLength) {
  for (std::size_t size{0}; size < 70; ++size) {
    for (const std::string_view odd : {"", R"(\")", R"(\\)", R"(é)", R"(\u00e9)"}) {
      const auto data = "\"" + std::string(size, 'x') + std::string{odd} + std::string(size % 7, 'y') + "\"";
      EXPECT_EQ(read_request("{\"data\":" + data + "}").data, data);
      EXPECT_EQ(read_request("{\"data\":" + data + ",\"id\":1}").id, "1");
      request_envelope packet;
      std::string error;
      EXPECT_FALSE(scan_request("{\"data\":" + data.substr(0, data.size() - 1) + "\x1F\"}", packet, error));
    }
  }
}

// ---- replies ----

struct reply_case {
  std::string_view text;
  reply_action action;
  std::string_view value;  // or the error
};

std::ostream& operator<<(std::ostream& out, const reply_case& reply) { return out << reply.text; }

class ScanReply : public testing::TestWithParam<reply_case> {};
class ScanReplyAsVersion11 : public testing::TestWithParam<reply_case> {};

void check(const reply_case& expected, reply_rules rules) {
  const auto reply = read_reply(expected.text, rules);
  EXPECT_EQ(reply.id, R"("1")");
  EXPECT_EQ(reply.action(), expected.action);
  EXPECT_EQ(reply.action() == reply_action::error ? reply.err : reply.value(), expected.value);
}

TEST_P(ScanReply, DoesWhatNestJS12Does) { check(GetParam(), reply_rules::v12); }
TEST_P(ScanReplyAsVersion11, DoesWhatNestJS11Does) { check(GetParam(), reply_rules::v11); }

constexpr auto well_formed = std::to_array<reply_case>({
    {R"({"response":{"a":1},"isDisposed":true,"id":"1"})", reply_action::next_complete, R"({"a":1})"},
    {R"({"id":"1","isDisposed":true,"response":"v"})", reply_action::next_complete, R"("v")"},
    {R"({"response":null,"isDisposed":true,"id":"1"})", reply_action::next_complete, "null"},
    {R"({"isDisposed":true,"id":"1"})", reply_action::complete, ""},
    {R"({"response":5,"id":"1"})", reply_action::next, "5"},
    {R"({"response":5,"isDisposed":1,"id":"1"})", reply_action::next_complete, "5"},
    {R"({"response":5,"isDisposed":"x","id":"1"})", reply_action::next_complete, "5"},
    {R"({"response":5,"isDisposed":{},"id":"1"})", reply_action::next_complete, "5"},
    {R"({"response":5,"isDisposed":[],"id":"1"})", reply_action::next_complete, "5"},
    {R"({"response":5,"isDisposed":"0","id":"1"})", reply_action::next_complete, "5"},
    {R"({"response":5,"isDisposed":0.1,"id":"1"})", reply_action::next_complete, "5"},
    {R"({"response":5,"isDisposed":1e999,"id":"1"})", reply_action::next_complete, "5"},
    {R"({"response":5,"isDisposed":5e-324,"id":"1"})", reply_action::next_complete, "5"},
    {R"({"response":5,"isDisposed":false,"id":"1"})", reply_action::next, "5"},
    {R"({"response":5,"isDisposed":null,"id":"1"})", reply_action::next, "5"},
    {R"({"response":5,"isDisposed":0,"id":"1"})", reply_action::next, "5"},
    {R"({"response":5,"isDisposed":-0,"id":"1"})", reply_action::next, "5"},
    {R"({"response":5,"isDisposed":0.000,"id":"1"})", reply_action::next, "5"},
    {R"({"response":5,"isDisposed":0e5,"id":"1"})", reply_action::next, "5"},
    {R"({"response":5,"isDisposed":1e-999,"id":"1"})", reply_action::next, "5"},
    {R"({"response":5,"isDisposed":"","id":"1"})", reply_action::next, "5"},
    {R"({"err":{"message":"m"},"isDisposed":true,"id":"1"})", reply_action::error, R"({"message":"m"})"},
    {R"({"err":"bad","id":"1"})", reply_action::error, R"("bad")"},
    {R"({"err":"bad","response":1,"isDisposed":true,"id":"1"})", reply_action::error, R"("bad")"},
    {R"({"err":[],"id":"1"})", reply_action::error, "[]"},
    {R"({"err":"","isDisposed":true,"id":"1"})", reply_action::complete, ""},
    {R"({"err":0,"isDisposed":true,"id":"1"})", reply_action::complete, ""},
    {R"({"err":false,"response":"v","isDisposed":true,"id":"1"})", reply_action::next_complete, R"("v")"},
    {R"({"err":null,"response":5,"isDisposed":true,"id":"1"})", reply_action::next_complete, "5"},
    {R"({"err":"e","err":null,"response":5,"isDisposed":true,"id":"1"})", reply_action::next_complete, "5"},
    {R"({"id":"1","status":"error","err":"There is no matching message handler defined in the remote service."})",
     reply_action::error, R"("There is no matching message handler defined in the remote service.")"},
    {R"({"hello":1,"id":"1"})", reply_action::next_complete, R"({"hello":1,"id":"1"})"},
    {R"( {"hello":1,"id":"1"} )", reply_action::next_complete, R"({"hello":1,"id":"1"})"},
});

INSTANTIATE_TEST_SUITE_P(Alike, ScanReply, testing::ValuesIn(well_formed));
INSTANTIATE_TEST_SUITE_P(Alike, ScanReplyAsVersion11, testing::ValuesIn(well_formed));
INSTANTIATE_TEST_SUITE_P(
    Foreign, ScanReply,
    testing::Values(reply_case{R"({"id":"1"})", reply_action::next, ""},
                    reply_case{R"({"status":"error","id":"1"})", reply_action::next, ""},
                    reply_case{R"({"response":1,"isDisposed":true,"id":"1","x":0})", reply_action::next_complete,
                               R"({"response":1,"isDisposed":true,"id":"1","x":0})"},
                    reply_case{R"({"err":"e","isDisposed":true,"id":"1","x":0})", reply_action::next_complete,
                               R"({"err":"e","isDisposed":true,"id":"1","x":0})"},
                    reply_case{R"({"response":1,"__proto__":null,"id":"1"})", reply_action::next_complete,
                               R"({"response":1,"__proto__":null,"id":"1"})"}));
INSTANTIATE_TEST_SUITE_P(
    Foreign, ScanReplyAsVersion11,
    testing::Values(reply_case{R"({"id":"1"})", reply_action::next_complete, R"({"id":"1"})"},
                    reply_case{R"({"status":"error","id":"1"})", reply_action::next_complete,
                               R"({"status":"error","id":"1"})"},
                    reply_case{R"({"response":1,"isDisposed":true,"id":"1","x":0})", reply_action::next_complete, "1"},
                    reply_case{R"({"response":1,"id":"1","x":0})", reply_action::next, "1"},
                    reply_case{R"({"err":"e","isDisposed":true,"id":"1","x":0})", reply_action::error, R"("e")"},
                    reply_case{R"({"err":null,"id":"1"})", reply_action::next, ""},
                    reply_case{R"({"isDisposed":false,"id":"1"})", reply_action::next, ""}));

TEST(ScanReplyWithoutId, BelongsToNobody) {
  for (const auto* text : {"5", "null", "{}", R"({"hello":1})", R"([1])", R"({"response":1,"isDisposed":true})"}) {
    EXPECT_TRUE(read_reply(text).id.empty()) << text;
    EXPECT_TRUE(read_reply(text, reply_rules::v11).id.empty()) << text;
  }
}

}  // namespace
}  // namespace nestcpp::test
