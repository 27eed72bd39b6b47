// What a client makes of each form of reply, over send and over send_stream: NestJS's clients of version 12 and 11, as
// recorded.

#include "raw_service.hpp"

namespace raw {
namespace {

// A reply, and what becomes of it. After it the service sends a value and the end, which is told only where the call
// is still open then.
struct row {
  const char* name;
  const char* reply;
  const char* send;
  const char* stream_v12;
  const char* stream_v11;  // null: the same
  const char* send_v11;    // null: the same
};

const row rows[] = {
    {"value", R"({"response":5,"isDisposed":true,"id":$})", "value: 5", "5, end", nullptr, nullptr},
    {"null", R"({"response":null,"isDisposed":true,"id":$})", "value: null", "null, end", nullptr, nullptr},
    {"nothing", R"({"isDisposed":true,"id":$})", "no value", "end", nullptr, nullptr},
    {"value_open", R"({"response":5,"id":$})", "value: 5", "5, 9, end", nullptr, nullptr},
    {"disposed_1", R"({"response":5,"isDisposed":1,"id":$})", "value: 5", "5, end", nullptr, nullptr},
    {"disposed_false", R"({"response":5,"isDisposed":false,"id":$})", "value: 5", "5, 9, end", nullptr, nullptr},
    {"disposed_empty_text", R"({"response":5,"isDisposed":"","id":$})", "value: 5", "5, 9, end", nullptr, nullptr},
    {"error", R"({"err":"e","isDisposed":true,"id":$})", "refused: \"e\"", "refused: \"e\"", nullptr, nullptr},
    {"error_undisposed", R"({"err":{"a":[1]},"id":$})", R"(refused: {"a":[1]})", R"(refused: {"a":[1]})", nullptr,
     nullptr},
    {"error_and_value", R"({"err":7,"response":5,"isDisposed":true,"id":$})", "refused: 7", "refused: 7", nullptr,
     nullptr},
    {"err_empty_text", R"({"err":"","isDisposed":true,"id":$})", "no value", "end", nullptr, nullptr},
    {"err_null", R"({"err":null,"response":5,"isDisposed":true,"id":$})", "value: 5", "5, end", nullptr, nullptr},
    {"err_zero", R"({"err":0,"response":5,"isDisposed":true,"id":$})", "value: 5", "5, end", nullptr, nullptr},
    {"err_false", R"({"err":false,"response":5,"isDisposed":true,"id":$})", "value: 5", "5, end", nullptr, nullptr},
    {"err_minus_zero", R"({"err":-0.0,"isDisposed":true,"id":$})", "no value", "end", nullptr, nullptr},
    {"no_handler",
     R"({"id":$,"status":"error","err":"There is no matching message handler defined in the remote service."})",
     R"(refused: "There is no matching message handler defined in the remote service.")",
     R"(refused: "There is no matching message handler defined in the remote service.")", nullptr, nullptr},
    {"status_and_error", R"({"status":"error","err":"e","id":$})", "refused: \"e\"", "refused: \"e\"", nullptr,
     nullptr},
    {"status_only", R"({"status":"error","id":$})", "no value", "undefined, 9, end",
     R"({"status":"error","id":#}, end)", R"(value: {"status":"error","id":#})"},
    {"id_only", R"({"id":$})", "no value", "undefined, 9, end", R"({"id":#}, end)", R"(value: {"id":#})"},
    {"extra_key", R"({"response":5,"isDisposed":true,"id":$,"x":1})",
     R"(value: {"response":5,"isDisposed":true,"id":#,"x":1})", R"({"response":5,"isDisposed":true,"id":#,"x":1}, end)",
     "5, end", "value: 5"},
    {"extra_key_error", R"({"err":"e","isDisposed":true,"id":$,"x":1})",
     R"(value: {"err":"e","isDisposed":true,"id":#,"x":1})", R"({"err":"e","isDisposed":true,"id":#,"x":1}, end)",
     "refused: \"e\"", "refused: \"e\""},
    {"no_envelope_key", R"({"id":$,"total":3})", R"(value: {"id":#,"total":3})", R"({"id":#,"total":3}, end)", nullptr,
     nullptr},
    {"white_space", "\n{ \"isDisposed\" : true , \"response\" : [ 1 ] ,\"id\" : $ } ", "value: [ 1 ]", "[ 1 ], end",
     nullptr, nullptr},
    {"duplicate_keys", R"({"response":4,"response":5,"isDisposed":true,"id":$})", "value: 5", "5, end", nullptr,
     nullptr},
    {"escaped_keys", R"({"respons\u0065":5,"isDisposed":true,"id":$})", "value: 5", "5, end", nullptr, nullptr},
};

std::string with_id(std::string expected, const std::string& id) {
  if (const auto at = expected.find('#'); at != std::string::npos) expected.replace(at, 1, id);
  return expected;
}

class Replies : public RawService, public testing::WithParamInterface<std::tuple<row, nest::reply_rules>> {
 protected:
  void SetUp() override {
    auto how = options();
    how.rules = rules();
    connect_to(how);
  }
  [[nodiscard]] const row& expected() const { return std::get<0>(GetParam()); }
  [[nodiscard]] nest::reply_rules rules() const { return std::get<1>(GetParam()); }
  void answer(peer& service, const request& to) {
    service.answer(to, expected().reply);
    service.answer(to, R"({"response":9,"id":$})");
    service.answer(to, R"({"isDisposed":true,"id":$})");
  }
};

TEST_P(Replies, OverSend) {
  auto call = send();
  peer service = accept();
  const request asked = service.receive();
  answer(service, asked);
  const bool other = rules() == nest::reply_rules::v11 && expected().send_v11 != nullptr;
  EXPECT_EQ(outcome(std::move(call)), with_id(other ? expected().send_v11 : expected().send, asked.id()));

  // What came late harmed nothing.
  auto next = send();
  service.answer(service.receive(), R"({"response":"next","isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(next)), R"(value: "next")");
}

TEST_P(Replies, OverSendStream) {
  auto values = stream();
  peer service = accept();
  const request asked = service.receive();
  answer(service, asked);
  const bool other = rules() == nest::reply_rules::v11 && expected().stream_v11 != nullptr;
  EXPECT_EQ(get(std::move(values)), with_id(other ? expected().stream_v11 : expected().stream_v12, asked.id()));
}

INSTANTIATE_TEST_SUITE_P(Table, Replies,
                         testing::Combine(testing::ValuesIn(rows),
                                          testing::Values(nest::reply_rules::v12, nest::reply_rules::v11)),
                         [](const auto& info) {
                           return std::string{std::get<0>(info.param).name} +
                                  (std::get<1>(info.param) == nest::reply_rules::v12 ? "_v12" : "_v11");
                         });

class OtherReplies : public RawService {};

// Packets that belong to nobody come first; the call goes on.
TEST_F(OtherReplies, PacketsOfNobodyAreIgnored) {
  auto call = send();
  auto values = stream();
  peer service = accept();
  const request first = service.receive(), second = service.receive();
  for (const char* const packet :
       {R"({"response":1,"isDisposed":true,"id":"806d1e448d1f1642f5138"})", R"({"response":1,"isDisposed":true})",
        R"({"response":1,"isDisposed":true,"id":5})", R"({"response":1,"isDisposed":true,"id":null})",
        R"({"err":"e","id":""})", "null", "5", "\"text\"", "[]", "[{\"id\":1}]", "{}", "false"}) {
    service.answer(first, packet);
  }
  for (const request& each : {first, second}) service.answer(each, R"({"response":"mine","isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(call)), R"(value: "mine")");
  EXPECT_EQ(get(std::move(values)), R"("mine", end)");
}

TEST_F(OtherReplies, IdsAreEqualByValueHoweverTheyAreEscaped) {
  auto call = send();
  peer service = accept();
  const request asked = service.receive();
  std::string escaped = "\"";
  for (const char c : std::string{asked.packet.at("id").as_string()}) {
    escaped += "\\u00" + std::string{"0123456789abcdef"[c >> 4]} + "0123456789abcdef"[c & 15];
  }
  service.answer(asked, R"({"response":1,"isDisposed":true,"id":)" + escaped + "\"}");
  EXPECT_EQ(outcome(std::move(call)), "value: 1");
}

TEST_F(OtherReplies, RepliesComeInAnyOrderAndInAnyPieces) {
  auto first = send("a"), second = send("b");
  peer service = accept();
  const request a = service.receive(), b = service.receive();
  const std::string both = support::to_frame(R"({"response":"é😀","isDisposed":true,"id":)" + b.id() + "}") +
                           support::to_frame(R"({"response":"a","isDisposed":true,"id":)" + a.id() + "}");
  for (const char byte : both) service.stream().send(std::string_view{&byte, 1});
  EXPECT_EQ(outcome(std::move(a.packet.at("pattern") == "a" ? first : second)), R"(value: "a")");
  EXPECT_EQ(outcome(std::move(a.packet.at("pattern") == "a" ? second : first)), R"(value: "é😀")");
}

TEST_F(OtherReplies, BrokenFramesCloseTheConnection) {
  for (const char* const bytes : {"x#{}", "#{}", "2#}{", "0#", "-5#", "1#{}"}) {
    connect_to(options());
    auto call = send();
    peer service = accept();
    service.receive();
    service.stream().send(bytes);
    EXPECT_EQ(outcome(std::move(call)), "unavailable: Connection closed") << bytes;
    EXPECT_TRUE(service.closed()) << bytes;
    client_->close();
    client_.reset();
    while (try_accept(20ms)) {
    }
  }
}

TEST_F(OtherReplies, RequestsAreNestJSs) {
  auto call = send("sum"), object = send(R"({"role":"x","cmd":"sum"})");
  peer service = accept();
  for (int i = 0; i < 2; ++i) {
    const request asked = service.receive();
    const auto metadata = asked.packet.at("metadata").as_object();
    EXPECT_EQ(asked.packet.at("id").as_string().size(), 21u);
    EXPECT_GT(metadata.at("nestcpp-timeout-ms").as_int64(), 0);
    std::string keys;
    for (const auto& member : asked.packet) keys += std::string{member.key()} + " ";
    EXPECT_EQ(keys, "pattern data metadata id ");
    const bool text = asked.packet.at("pattern").is_string();
    EXPECT_EQ(asked.text.substr(0, asked.text.find(",\"metadata\"")),
              text ? R"({"pattern":"sum","data":1)" : R"({"pattern":{"role":"x","cmd":"sum"},"data":1)");
    service.answer(asked, R"({"response":1,"isDisposed":true,"id":$})");
  }
  EXPECT_EQ(outcome(std::move(call)), "value: 1");
  EXPECT_EQ(outcome(std::move(object)), "value: 1");
  get(start(client().emit_text(R"({"ev":"x","a":1})", R"({"a":1})")));
  EXPECT_EQ(service.receive().text, R"({"pattern":"{\"a\":1,\"ev\":\"x\"}","data":{"a":1}})");
}

TEST_F(OtherReplies, ACallCanHaveMetadataOfItsOwn) {
  const auto ask = [this](nest::call_options options) {
    return start(client().send_text("sum", "1", std::move(options)));
  };
  auto call = ask({.metadata = {{"tenant", "a \"quoted\" one"}, {"colour", "red"}}});
  peer service = accept();
  const request asked = service.receive();
  const auto metadata = asked.packet.at("metadata").as_object();
  EXPECT_EQ(metadata.at("tenant"), "a \"quoted\" one");
  EXPECT_EQ(metadata.at("colour"), "red");
  EXPECT_GT(metadata.at("nestcpp-timeout-ms").as_int64(), 0);
  service.answer(asked, R"({"response":1,"isDisposed":true,"id":$})");
  get(std::move(call));
  for (const char* own : {"requestId", "nestcpp-timeout-ms", "nestcpp-attempt", "traceparent"}) {
    EXPECT_THROW(get(ask({.metadata = {{own, "1"}}})), std::invalid_argument) << own;
  }
}

TEST_F(OtherReplies, WithoutDataNothingIsSent) {
  EXPECT_THROW(get(start(client().send_text("sum", "", {}))), std::invalid_argument);
  EXPECT_THROW(get(start(client().emit_text("sum", ""))), std::invalid_argument);
  EXPECT_FALSE(try_accept(50ms)) << "a connection was made";
}

TEST_F(OtherReplies, LateRepliesAreDropped) {
  auto call = send("sum", {.timeout = 30ms});
  peer service = accept();
  const request late = service.receive();
  EXPECT_EQ(outcome(std::move(call)), "late");
  auto next = send();
  service.answer(late, R"({"response":"late","isDisposed":true,"id":$})");
  service.answer(service.receive(), R"({"response":"next","isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(next)), R"(value: "next")");
}

// An acknowledged event ends with the reply, whatever values it has.
TEST_F(OtherReplies, AcknowledgedEventsEndWithTheirReply) {
  auto sent = start(client().emit_acknowledged_text("placed", "{}", {}));
  peer service = accept();
  const request asked = service.receive();
  EXPECT_EQ(asked.packet.at("pattern"), "placed");
  service.answer(asked, R"({"response":1,"id":$})");
  service.answer(asked, R"({"response":2,"id":$})");
  EXPECT_EQ(sent.wait_for(50ms), std::future_status::timeout) << "handlers still run";
  service.answer(asked, R"({"isDisposed":true,"id":$})");
  get(std::move(sent));

  auto refused = start(client().emit_acknowledged_text("placed", "{}", {}));
  service.answer(service.receive(), R"({"err":"no","isDisposed":true,"id":$})");
  EXPECT_THROW(get(std::move(refused)), nest::rpc_exception);

  auto slow = start(client().emit_acknowledged_text("placed", "{}", {.timeout = 50ms}));
  service.answer(service.receive(), R"({"response":1,"id":$})");
  EXPECT_THROW(get(std::move(slow)), nest::timeout_exception);
}

}  // namespace
}  // namespace raw
