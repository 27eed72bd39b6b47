// What a service can do to a client's memory and time, and what it cannot.

#include "raw_service.hpp"

namespace raw {
namespace {

class Limits : public RawService {
 protected:
  nest::tcp_client_options one_connection() const {
    auto made = options();
    made.loops = 1;
    made.reconnect = false;
    return made;
  }
};

TEST_F(Limits, ReplyOverTheBufferClosesTheConnection) {
  auto how = one_connection();
  how.max_buffer_size = 1000;
  connect_to(how);
  auto call = send();
  peer service = accept();
  service.receive();
  service.stream().send("2000#{\"response\":\"");
  EXPECT_EQ(outcome(std::move(call)), "unavailable: Connection closed");
  EXPECT_TRUE(service.closed());
}

TEST_F(Limits, ServiceThatStopsWithinAPacketIsCut) {
  auto how = one_connection();
  how.incomplete_message_timeout = 60ms;
  connect_to(how);
  auto call = send();
  peer service = accept();
  service.receive();
  service.stream().send("50#{\"resp");
  EXPECT_EQ(outcome(std::move(call)), "unavailable: Connection closed");
  EXPECT_TRUE(service.closed());
}

TEST_F(Limits, SlowPacketsAndIdleConnectionsAreNotCut) {
  auto how = one_connection();
  how.incomplete_message_timeout = 200ms;
  connect_to(how);
  auto call = send();
  peer service = accept();
  const std::string frame =
      support::to_frame(R"({"response":1,"isDisposed":true,"id":)" + service.receive().id() + "}");
  for (std::size_t at = 0; at < frame.size(); at += 7) {  // longer than the limit in all
    service.stream().send(std::string_view{frame}.substr(at, 7));
    std::this_thread::sleep_for(40ms);
  }
  EXPECT_EQ(outcome(std::move(call)), "value: 1");
  EXPECT_FALSE(service.closed(400ms)) << "an idle connection has no limit";
}

TEST_F(Limits, ServiceThatDoesNotReadIsCut) {
  auto how = one_connection();
  how.max_send_buffer_size = 100'000;
  connect_to(how);
  get(start(client().connect()));
  peer service = accept();
  const std::string payload = '"' + std::string(1'000'000, 'x') + '"';
  bool cut = false;
  for (int i = 0; i < 200 && !cut; ++i) {  // the system's buffers take some megabytes
    try {
      get(start(client().emit_text("ev", payload)));
    } catch (const nest::unavailable_exception& down) {
      EXPECT_STREQ(down.what(), "Connection closed");
      cut = true;
    }
  }
  EXPECT_TRUE(cut);
  EXPECT_TRUE(service.closed());
}

TEST_F(Limits, CallsOverMaxPendingFailAtOnceAndTheOthersGoOn) {
  auto how = one_connection();
  how.max_pending = 2;
  connect_to(how);
  auto first = send(), second = send();
  peer service = accept();
  const request a = service.receive(), b = service.receive();
  auto third = send();
  try {
    get(std::move(third));
    FAIL() << "a third call waits";
  } catch (const nest::unavailable_exception& full) {
    EXPECT_STREQ(full.what(), "more than 2 calls are pending");
    EXPECT_EQ(full.state(), nest::unavailable_exception::request::never_sent);
  }
  for (const request& each : {a, b}) service.answer(each, R"({"response":1,"isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(first)), "value: 1");
  EXPECT_EQ(outcome(std::move(second)), "value: 1");
  auto fourth = send();
  service.answer(service.receive(), R"({"response":4,"isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(fourth)), "value: 4");
}

TEST_F(Limits, EachCallHasItsOwnTimeLimit) {
  connect_to(one_connection());
  auto longer = send("longer", {.timeout = 10s});
  peer service = accept();
  const request waits = service.receive();
  std::vector<std::future<nest::reply>> calls;
  for (const auto limit : {80ms, 20ms, 50ms, 20ms}) calls.push_back(send("short", {.timeout = limit}));
  for (auto& call : calls) EXPECT_EQ(outcome(std::move(call)), "late");
  EXPECT_EQ(longer.wait_for(0s), std::future_status::timeout);
  service.answer(waits, R"({"response":1,"isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(longer)), "value: 1");
}

TEST_F(Limits, ManyCallsPendingAllEnd) {
  connect_to(one_connection());
  std::vector<std::future<nest::reply>> calls;
  for (int i = 0; i < 3000; ++i) calls.push_back(send());
  peer service = accept();
  std::vector<request> asked;
  for (int i = 0; i < 3000; ++i) asked.push_back(service.receive());
  for (std::size_t i = 0; i < asked.size(); i += 2) {  // half of them, last first
    service.answer(asked[asked.size() - 1 - i], R"({"response":1,"isDisposed":true,"id":$})");
  }
  std::string last = R"({"response":2,"isDisposed":true,"id":$})";
  for (std::size_t i = 1; i < asked.size(); i += 2) service.answer(asked[asked.size() - 1 - i], last);
  int ones = 0, twos = 0;
  for (auto& call : calls) {
    const std::string ended = outcome(std::move(call));
    ones += ended == "value: 1";
    twos += ended == "value: 2";
  }
  EXPECT_EQ(ones, 1500);
  EXPECT_EQ(twos, 1500);
}

}  // namespace
}  // namespace raw
