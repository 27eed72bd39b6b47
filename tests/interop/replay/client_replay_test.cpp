// What our client sends, and what it makes of replies: the bytes and the outcomes of NestJS's clients. A server plays
// what the recorded one said.
#include "recorded.hpp"
#include "scripted_server.hpp"
#include "support/nest_frames.hpp"

#include <nestcpp/nestcpp.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <set>
#include <string>

namespace replay {
namespace {

namespace nest = nestcpp;
using namespace std::chrono_literals;

// A call as a user writes it.
struct call {
  std::string pattern, data;
  bool is_event = false;
};

// Where we differ, and why. A line that is no longer true fails the test.
struct difference {
  std::string_view name, why;
  std::string ours;  // the outcome, or what is sent
};
const difference outcome_differences[] = {
    {"cl_send_null_data", "null is a value to C++, as it is to NestJS's servers: it is sent", "next \"ok\"; complete"},
    {"cl_emit_null_data", "the same", "next undefined; complete"},
};
// Of requests for one value, which end in time: what NestJS 11 ignores and NestJS 12 shows to handlers. Compared
// without it.
constexpr std::string_view metadata_key = R"(,"metadata":{"nestcpp-timeout-ms":)";

// Sessions about what C++ has not: Observables that nobody subscribes to, or twice (a task is awaited once, or the
// compiler warns); patterns that are no text; values that JSON.stringify refuses.
const std::set<std::string_view> javascript_only{"cl_emit_unsubscribed", "cl_emit_subscribed_twice",
                                                 "cl_send_unsubscribed", "cl_send_null_pattern", "cl_send_bigint"};
// Written by hand below, as there is more to them than a reply.
const std::set<std::string_view> special{"cl_refused", "rp_client_close_pending", "rp_take1", "rp_timeout_late_reply"};

bool is_e2e(const session& of) { return of.name.starts_with("e2e_"); }

std::string recorded_outcome(const session& of) {
  constexpr std::string_view key = "client outcome: ";
  const auto at = of.server_notes.find(key);
  if (at == std::string::npos) return "(none)";
  const auto begin = at + key.size();
  return of.server_notes.substr(begin, of.server_notes.find("; status: ") - begin);
}

std::string recorded_status(const session& of) {
  constexpr std::string_view key = "; status: ";
  const auto begin = of.server_notes.find(key) + key.size();
  return of.server_notes.substr(begin, of.server_notes.find(';', begin) - begin);
}

std::vector<std::string> packets_of(std::string_view bytes) {
  std::vector<std::string> packets;
  support::frame_reader frames;
  frames.append(bytes);
  while (auto packet = frames.next()) packets.push_back(std::move(*packet));
  return packets;
}

// The calls that made NestJS's client send what it sent.
std::vector<call> calls_of(const session& of) {
  if (of.name == "cl_send_null_data") return {{"e", "null"}};
  if (of.name == "cl_send_undefined_data") return {{"e", ""}};
  if (of.name == "cl_emit_null_data") return {{"e", "null", true}};
  // An event carries its route; the user wrote the keys in another order.
  if (of.name == "cl_emit_nested_pattern") return {{R"({"b":{"z":"q","a":[1,"two"]},"a":null,"A":true})", "1", true}};
  std::vector<call> calls;
  for (const auto& packet : packets_of(of.sent())) {
    const std::string_view pattern = nest::find_member(packet, "pattern");
    std::string text;
    calls.push_back({nest::unquote_json(pattern, text) ? text : std::string{pattern},
                     std::string{nest::find_member(packet, "data")}, id_of(packet).empty()});
  }
  return calls;
}

std::string without_metadata(std::string packet) {
  const auto at = packet.find(metadata_key);
  if (at != std::string::npos) packet.erase(at, packet.find('}', at) + 1 - at);
  return packet;
}

// What came of a call, as the records tell it.
nest::task<std::string> outcome_of(nest::client_proxy& client, call made, nest::call_options options) {
  std::string outcome;
  const auto say = [&outcome](const std::string& what) { outcome += (outcome.empty() ? "" : "; ") + what; };
  try {
    if (made.is_event) {
      co_await client.emit_text(made.pattern, made.data);
      say("next undefined");
    } else {
      auto values = client.send_stream_text(made.pattern, made.data, options);
      while (auto value = co_await values.next()) say("next " + (value->has_value() ? value->text() : "undefined"));
    }
    say("complete");
  } catch (const nest::rpc_exception& refused) {
    say("error " + nest::json_text::from_value(refused.error()).text());
  } catch (const nest::timeout_exception&) {  // nothing more came
  } catch (const nest::unavailable_exception& closed) {
    say("error Error(\"" + std::string{closed.what()} + "\")");
  } catch (const std::invalid_argument& refused) {
    say("error InvalidMessageException(\"" + std::string{refused.what()} + "\")");
  }
  co_return outcome;
}

class ClientReplay : public testing::Test {
 protected:
  ClientReplay() { loops_.start(); }

  std::unique_ptr<nest::client_proxy> make_client(std::uint16_t port, const session& of) {
    return nest::make_tcp_client(
        loops_, "peer",
        {.host = "127.0.0.1",
         .port = port,
         .reconnect = false,
         .rules = of.nest.starts_with("11") ? nest::reply_rules::v11 : nest::reply_rules::v12});
  }

  template <class T>
  std::future<T> spawn(nest::task<T> work) {
    return boost::asio::co_spawn(loops_.loop(0).executor(), std::move(work), boost::asio::use_future);
  }

  static script play(const session& of) {
    script steps{.packets = packets_of(of.sent()).size(), .replies = of.replies, .ids = {}};
    for (const auto& packet : packets_of(of.sent())) {
      if (auto id = id_of(packet); !id.empty()) steps.ids.push_back(std::move(id));
    }
    if (of.name == "rp_server_fin" || of.name == "rp_stream_then_fin") steps.after = script::then::end;
    if (of.name == "rp_server_rst") steps.after = script::then::reset;
    return steps;
  }

  // What was sent, in NestJS's words: with the recorded ids.
  static std::string sent_as_recorded(const session& of, const std::vector<std::string>& packets) {
    std::string bytes;
    std::vector<std::string> ids;
    for (const auto& packet : packets) {
      if (auto id = id_of(packet); !id.empty()) ids.push_back(std::move(id));
      bytes += support::to_frame(without_metadata(packet));
    }
    return replaced(std::move(bytes), ids, play(of).ids);
  }

  nest::runtime loops_{{.io_threads = 1}};
};

TEST_F(ClientReplay, SendsAndUnderstandsWhatNestJSDid) {
  std::size_t replayed = 0, different = 0;
  for (const session& each : sessions()) {
    const bool scripted = each.setup.find("scripted raw server") != std::string::npos;
    if (!scripted && !is_e2e(each)) continue;
    if (javascript_only.contains(each.name) || special.contains(each.name)) continue;
    SCOPED_TRACE(each.label());

    const auto calls = calls_of(each);
    const auto* differs = std::ranges::find(outcome_differences, each.name, &difference::name);
    const bool is_different = differs != std::end(outcome_differences);
    script steps = play(each);
    if (is_different) {  // the server of the record heard nothing
      steps.packets = calls.size();
      steps.replies = R"(64#{"response":"ok","isDisposed":true,"id":"06d1e448d1f1642f5138f"})";
      steps.ids = {"06d1e448d1f1642f5138f"};
    }
    const std::string expected = recorded_outcome(each);
    // Where the reply never ends, that is seen by nothing more coming.
    const bool ends = expected.find("complete") != std::string::npos || expected.find("error") != std::string::npos;

    scripted_server server{steps};
    std::string statuses;
    std::vector<std::string> outcomes;
    {
      const auto client = make_client(server.port(), each);
      const auto listening = client->on_status([&statuses](nest::client_status status) {
        statuses += (statuses.empty() ? "" : ",") + std::string{to_string(status)};
      });
      // Calls made at once that find no connection leave in the order in which they hear of it, which may be any.
      if (calls.size() > 1) spawn(client->connect()).get();
      std::vector<std::future<std::string>> pending;
      for (const auto& made : calls)
        pending.push_back(spawn(outcome_of(*client, made, {.timeout = ends ? 10s : 300ms})));
      for (auto& one : pending) outcomes.push_back(one.get());
      EXPECT_TRUE(server.wait_for(is_different ? calls.size() : packets_of(each.sent()).size()));
      if (recorded_status(each).ends_with("disconnected")) {
        EXPECT_TRUE(server.wait_for_end());
      }
      if (scripted && !is_different) EXPECT_EQ(statuses, recorded_status(each));
    }

    std::string outcome = outcomes.size() == 1 ? outcomes.front() : "";
    if (outcomes.size() > 1) {
      for (const auto& one : outcomes) outcome += (outcome.empty() ? "[" : "; [") + one + "]";
    }
    std::vector<std::string> our_ids;
    for (const auto& packet : server.packets()) {
      if (auto id = id_of(packet); !id.empty()) our_ids.push_back(std::move(id));
    }
    outcome = replaced(std::move(outcome), our_ids, steps.ids);
    if (is_different) {
      EXPECT_EQ(outcome, differs->ours) << differs->why;
      EXPECT_NE(outcome, expected) << "is no exception any more";
      ++different;
    } else {
      EXPECT_EQ(outcome, expected);
      EXPECT_EQ(escaped(sent_as_recorded(each, server.packets())), escaped(each.sent()));
      EXPECT_EQ(server.connections(), each.sent().empty() ? 0u : 1u);
    }
    ++replayed;
  }
  EXPECT_GT(replayed, 80u);
  EXPECT_EQ(different, 2u);
}

const session& recorded_session(std::string_view name) { return *std::ranges::find(sessions(), name, &session::name); }

TEST_F(ClientReplay, TakesTheFirstOfManyValuesAndIgnoresTheRest) {
  const session& each = recorded_session("rp_take1");
  scripted_server server{play(each)};
  const auto client = make_client(server.port(), each);
  EXPECT_EQ(recorded_outcome(each), "next 1; complete");
  EXPECT_EQ(spawn(client->send_text("a", "1", {})).get().text(), "1");
  EXPECT_NE(without_metadata(server.packets().front()), server.packets().front()) << "is no exception any more";
  EXPECT_EQ(escaped(sent_as_recorded(each, server.packets())), escaped(each.sent()));
  EXPECT_EQ(client->status(), nest::client_status::connected);
}

TEST_F(ClientReplay, IgnoresAReplyThatComesTooLate) {
  const session& each = recorded_session("rp_timeout_late_reply");
  EXPECT_EQ(recorded_outcome(each), "error TimeoutErrorImpl(\"Timeout has occurred\")");
  script steps = play(each);
  steps.packets = 2;  // the reply to the first comes with that to the second
  const auto& second = recorded_session("rp_null");
  steps.replies += second.replies;
  steps.ids.push_back(play(second).ids.front());
  scripted_server server{steps};
  const auto client = make_client(server.port(), each);
  auto late = spawn(client->send_text("a", "1", {.timeout = 50ms}));
  try {
    static_cast<void>(late.get());
    ADD_FAILURE() << "it was answered";
  } catch (const nest::timeout_exception& timeout) {
    EXPECT_STREQ(timeout.what(), "Timeout has occurred");
  }
  EXPECT_EQ(escaped(sent_as_recorded(each, server.packets())), escaped(each.sent()));
  EXPECT_EQ(spawn(client->send_text("e", "1", {})).get().text(), "null");
  EXPECT_EQ(client->status(), nest::client_status::connected);
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(ClientReplay, FailsWhatIsPendingWhenItIsClosed) {
  const session& each = recorded_session("rp_client_close_pending");
  EXPECT_EQ(recorded_outcome(each), "[error Error(\"Connection closed\")]");
  scripted_server server{play(each)};
  const auto client = make_client(server.port(), each);
  auto pending = spawn(outcome_of(*client, {"a", "1"}, {}));
  ASSERT_TRUE(server.wait_for(1));
  client->close();
  EXPECT_EQ(pending.get(), "error Error(\"Connection closed\")");
  EXPECT_TRUE(server.wait_for_end());
  EXPECT_EQ(escaped(sent_as_recorded(each, server.packets())), escaped(each.sent()));
}

TEST_F(ClientReplay, SaysWhereNothingListens) {
  std::uint16_t port = 0;
  {
    const support::tcp_listener gone;
    port = gone.port();
  }
  const session& each = recorded_session("cl_refused");
  const auto client = make_client(port, each);
  const std::string expected = "error Error(\"connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused\")";
  EXPECT_EQ(spawn(outcome_of(*client, {"e", "1"}, {})).get(), expected);
  EXPECT_EQ(spawn(outcome_of(*client, {"e", "1", true}, {})).get(), expected);
  EXPECT_EQ(spawn(outcome_of(*client, {"e", "1"}, {})).get(), expected);
  EXPECT_EQ(client->status(), nest::client_status::disconnected);
}

// NestJS's `send` is cold; of ours that holds for events, too.
TEST_F(ClientReplay, DoesNothingForATaskThatIsNotAwaited) {
  scripted_server server{{}};
  const auto client = make_client(server.port(), recorded_session("cl_send_unsubscribed"));
  {
    const auto ignored = client->send_text("e", "1", {});
  }
  {
    const auto ignored = client->emit_text("e", "1");
  }
  EXPECT_EQ(spawn(outcome_of(*client, {"last", "1", true}, {})).get(), "next undefined; complete");
  ASSERT_TRUE(server.wait_for(1));
  EXPECT_EQ(server.packets().front(), R"({"pattern":"last","data":1})");
  EXPECT_EQ(client->status(), nest::client_status::connected);
}

}  // namespace
}  // namespace replay
