#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/pattern.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace nestcpp::test {
namespace {

// The frames of the behaviour reference, as NestJS writes them.

TEST(PacketWriter, Requests) {
  std::string out;
  append_request(out, R"("sum")", R"({"a":1,"b":[2]})", {}, R"("806d1e448d1f1642f5138")");
  EXPECT_EQ(out, R"(69#{"pattern":"sum","data":{"a":1,"b":[2]},"id":"806d1e448d1f1642f5138"})");
  out.clear();
  append_request(out, R"({"role":"x","cmd":"sum"})", "1", {}, R"("06d1e448d1f1642f5138f")");
  EXPECT_EQ(out, R"(74#{"pattern":{"role":"x","cmd":"sum"},"data":1,"id":"06d1e448d1f1642f5138f"})");
  out.clear();
  append_request(out, R"("a")", "1", R"({"traceId":"t"})", R"("2f5138f15abbb20e77e55")");
  EXPECT_EQ(out, R"(80#{"pattern":"a","data":1,"metadata":{"traceId":"t"},"id":"2f5138f15abbb20e77e55"})");
  out.clear();
  append_request(out, R"("a")", {}, {}, "1");
  EXPECT_EQ(out, R"(22#{"pattern":"a","id":1})");
}

TEST(PacketWriter, Events) {
  std::string out;
  append_event(out, R"("ev")", R"({"a":1})");
  EXPECT_EQ(out, R"(31#{"pattern":"ev","data":{"a":1}})");
  out.clear();
  append_event(out, quote_json(route_of(R"({"ev":"x","a":1})")), "1");
  EXPECT_EQ(out, R"(45#{"pattern":"{\"a\":1,\"ev\":\"x\"}","data":1})");
  out.clear();
  append_event(out, quote_json(route_of("5")), "1");
  EXPECT_EQ(out, R"(24#{"pattern":"5","data":1})");
  out.clear();
  append_event(out, R"("ev")", "1", R"({"t":1})");
  EXPECT_EQ(out, R"(44#{"pattern":"ev","data":1,"metadata":{"t":1}})");
}

TEST(PacketWriter, Replies) {
  const auto written = [](auto append, auto... arguments) {
    std::string out;
    append(out, arguments...);
    return out;
  };
  EXPECT_EQ(written(append_reply_value, R"("hi")", R"("1")", true),
            R"(44#{"response":"hi","isDisposed":true,"id":"1"})");
  EXPECT_EQ(written(append_reply_value, "null", R"("1")", true), R"(44#{"response":null,"isDisposed":true,"id":"1"})");
  EXPECT_EQ(written(append_reply_value, "1", R"("1")", false), R"(23#{"response":1,"id":"1"})");
  EXPECT_EQ(written(append_reply_none, R"("1")", true), R"(28#{"isDisposed":true,"id":"1"})");
  EXPECT_EQ(written(append_reply_none, R"("1")", false), R"(10#{"id":"1"})");
  EXPECT_EQ(written(append_reply_error, R"({"status":"error","message":"nope"})", "null"),
            R"(71#{"err":{"status":"error","message":"nope"},"isDisposed":true,"id":null})");
  EXPECT_EQ(
      written(append_reply_no_handler, R"("1")"),
      R"(103#{"id":"1","status":"error","err":"There is no matching message handler defined in the remote service."})");
}

TEST(PacketWriter, CountsUnitsOfEveryPiece) {
  std::string out;
  append_reply_value(out, R"("é€😀")", R"("😀")");
  EXPECT_EQ(out, R"(47#{"response":"é€😀","isDisposed":true,"id":"😀"})");
}

TEST(PacketWriter, RepairsWhatIsNoUtf8) {
  std::string out;
  append_reply_value(out, "\"\xE2\x82\"", "1");
  EXPECT_EQ(out, "41#{\"response\":\"\xEF\xBF\xBD\",\"isDisposed\":true,\"id\":1}");
}

TEST(ReplyWriter, WritesAsAppendReplyValueDoes) {
  for (const std::size_t size : {0u, 1u, 40u, 60u, 2000u}) {
    for (const bool disposed : {true, false}) {
      const auto value = "\"" + std::string(size, 'x') + "é\"";
      std::string expected{"before"}, direct{"before"};
      append_reply_value(expected, value, R"("1")", disposed);
      reply_writer reply{direct};
      reply.json() += value;
      reply.finish(R"("1")", disposed);
      EXPECT_EQ(direct, expected);
    }
  }
}

TEST(ReplyWriter, NothingWrittenIsNoValue) {
  for (const bool disposed : {true, false}) {
    std::string out;
    reply_writer reply{out};
    reply.finish(R"("1")", disposed);
    std::string expected;
    append_reply_none(expected, R"("1")", disposed);
    EXPECT_EQ(out, expected);
  }
}

TEST(ReplyWriter, TakesBackWhatWasNotFinished) {
  std::string out{"before"};
  {
    reply_writer reply{out};
    reply.json() += "half of it";
  }
  EXPECT_EQ(out, "before");
}

TEST(RequestId, LooksLikeNestJSs) {
  request_id_generator ids;
  for (int i{0}; i < 1000; ++i) {
    const auto id = ids.next();
    EXPECT_EQ(id.text().size(), 21u);
    EXPECT_EQ(id.text().find_first_not_of("0123456789abcdef"), std::string_view::npos) << id.text();
    EXPECT_EQ(id.token(), "\"" + std::string{id.text()} + "\"");
  }
}

TEST(RequestId, NoneComesTwice) {
  std::set<std::string> seen;
  std::set<std::uint64_t> keys;
  for (int i{0}; i < 16; ++i) {
    request_id_generator ids;
    for (int k{0}; k < 2000; ++k) {
      const auto id = ids.next();
      EXPECT_TRUE(seen.emplace(id.text()).second);
      EXPECT_TRUE(keys.insert(id.key).second || i > 0);
    }
  }
  EXPECT_EQ(seen.size(), 32'000u);
}

TEST(RequestId, TheNextIsNotSeenInTheLast) {
  request_id_generator ids;
  const auto first = ids.next(), second = ids.next();
  int equal{0};
  for (std::size_t i{5}; i < 21; ++i) equal += first.text()[i] == second.text()[i] ? 1 : 0;
  EXPECT_LT(equal, 12);
  EXPECT_NE(first.text().substr(1), second.text().substr(0, 20));  // NestJS's sliding window
}

TEST(RequestId, IsRecognizedInAReply) {
  request_id_generator ids, others;
  std::uint64_t key{};
  for (int i{0}; i < 100; ++i) {
    const auto id = ids.next();
    ASSERT_TRUE(ids.recognize(id.token(), key));
    EXPECT_EQ(key, id.key);
    EXPECT_FALSE(others.recognize(id.token(), key));
  }
  const std::string own{ids.next().token()};
  auto upper = own;
  upper[22 - 1] = 'A';
  for (const auto& token : {std::string{}, std::string{"1"}, std::string{"\"\""}, own.substr(0, 22), own + " ", upper,
                            own.substr(0, 22) + "x", "\"" + own.substr(2) + "0"}) {
    EXPECT_FALSE(ids.recognize(token, key)) << token;
  }
}

}  // namespace
}  // namespace nestcpp::test
