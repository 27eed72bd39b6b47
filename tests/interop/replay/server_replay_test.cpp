// What our server answers to what NestJS's server was sent: the same bytes and the same end of the connection, however
// the request arrives. Where it does better, that is written down here, with the reason.
#include "recorded.hpp"
#include "support/nest_client.hpp"
#include "support/service_process.hpp"
#include "support/socket.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <thread>

namespace replay {
namespace {

using namespace std::chrono_literals;

struct answer {
  std::string bytes;
  bool closed = false;  // by the server
  bool operator==(const answer&) const = default;
};

std::ostream& operator<<(std::ostream& out, const answer& what) {
  return out << '"' << escaped(what.bytes) << "\", " << (what.closed ? "closed" : "open");
}

// Where we do better than NestJS. None is an accident: a line that is no longer true fails the test.
struct exception {
  std::string_view name, why;
  answer ours;
};
constexpr std::string_view internal_error =
    R"(87#{"err":{"status":"error","message":"Internal server error"},"isDisposed":true,"id":"1"})";
const exception exceptions[] = {
    {"req_bigint",
     "every request is answered: NestJS leaves the caller of a handler whose result is no JSON without a reply",
     {std::string{internal_error} + R"(44#{"response":"hi","isDisposed":true,"id":"2"})", false}},
    {"enh_f_throws",
     "every request is answered: NestJS leaves the caller without a reply where a filter throws",
     {std::string{internal_error}, false}},
    {"good_then_corrupt",
     "what was asked before a framing error is answered before the connection closes",
     {R"(41#{"response":1,"isDisposed":true,"id":"1"})", true}},
    {"slow_then_corrupt",
     "what was asked before a framing error is answered before the connection closes",
     {R"(42#{"response":50,"isDisposed":true,"id":"1"})", true}},
    {"client_half_close",
     "a client that ends its side after its request still gets the reply",
     {R"(42#{"response":80,"isDisposed":true,"id":"1"})", true}},
    {"limit_declared_len",
     "a declared length above max_buffer_size is refused at once, not once it is buffered",
     {"", true}},
    {"limit_body_fits_header_not",
     "max_buffer_size bounds a packet; NestJS also counts its header if that comes in the same read",
     {"205#{\"response\":\"" + std::string(163, 'x') + "\",\"isDisposed\":true,\"id\":\"1\"}", false}},
};

// The streams of packets that stop in the middle: whatever follows belongs to the packet.
const std::set<std::string_view> incomplete{"len_too_long_waits", "len_byte_count_nonascii"};
// Sessions that are more than bytes to and fro; they have tests of their own.
const std::set<std::string_view> special{"server_close_pending", "client_rst_pending"};

bool with_limits(const session& of) { return of.client_notes.find("[server options ") != std::string::npos; }

answer recorded(const session& of) {
  const bool closed = of.server_notes.find("FIN") != std::string::npos;
  return {of.replies, closed};
}

class conformance_server {
 public:
  explicit conformance_server(std::vector<std::string> more = {}) : process_{options(std::move(more))} {
    process_.await_listeners(1);
  }
  [[nodiscard]] std::uint16_t port() const { return process_.port("tcp"); }
  [[nodiscard]] support::service_process& process() { return process_; }

 private:
  static support::process_options options(std::vector<std::string> more) {
    more.insert(more.begin(), {"--port", "0", "--io-threads", "2"});
    return {.executable = NESTCPP_CONFORMANCE_SERVER,
            .arguments = std::move(more),
            .variables = {},
            .working_directory = std::filesystem::temp_directory_path()};
  }
  support::service_process process_;
};

// A peer whose other side may be gone already.
void send_if_open(support::tcp_stream& to, std::string_view bytes) {
  try {
    to.send(bytes);
  } catch (const std::system_error&) {  // what the server has to say is in its answer
  }
}

constexpr std::string_view sentinel = R"(43#{"pattern":"str","data":{},"id":"sentinel"})";
constexpr std::string_view sentinel_reply = R"(51#{"response":"hi","isDisposed":true,"id":"sentinel"})";

// What comes back for `sent`, piece by piece; `expected` says only when to stop waiting for more.
answer say(std::uint16_t port, const session& of, const std::vector<std::string>& pieces, const answer& expected) {
  auto stream = support::tcp_stream::connect(port);
  for (const auto& each : pieces) send_if_open(stream, each);
  if (of.name == "client_half_close") stream.shut_down_writing();
  if (expected.closed) {
    answer got;
    try {
      got.bytes = stream.receive_all();
      got.closed = true;
    } catch (const std::system_error& error) {
      got.bytes = std::string{"("} + error.what() + ")";
    }
    return got;
  }
  answer got;
  const auto receive = [&](support::milliseconds limit) {
    if (!support::wait_readable(stream.fd(), limit)) return false;
    const std::string more = stream.receive(limit);
    got.closed = got.closed || more.empty();
    got.bytes += more;
    return true;
  };
  while (!got.closed && got.bytes.size() < expected.bytes.size()) {
    if (!receive(5s)) return got;
  }
  if (got.closed) return got;
  if (incomplete.contains(of.name)) {
    receive(200ms);
    return got;
  }
  // Whatever else the server had to say stands before its answer to this, and what it says later comes with the next.
  stream.send(sentinel);
  while (!got.closed && !got.bytes.ends_with(sentinel_reply)) {
    if (!receive(5s)) return got;
  }
  if (!got.closed) got.bytes.resize(got.bytes.size() - sentinel_reply.size());
  return got;
}

std::vector<std::string> byte_by_byte(const session& of) {
  std::vector<std::string> pieces;
  for (const char c : of.sent()) pieces.emplace_back(1, c);
  return pieces;
}

class ServerReplay : public testing::Test {
 protected:
  // Replays all that NestJS's servers heard; `cut` gives the pieces in which it is sent.
  template <class Cut>
  void replay_all(Cut cut) {
    std::size_t replayed = 0, excepted = 0;
    for (const session& each : sessions()) {
      if (each.setup.find("real Nest server") == std::string::npos &&
          each.setup.find("real Nest v12 server") == std::string::npos)
        continue;
      if (special.contains(each.name)) continue;
      auto& server = with_limits(each) ? limited_ : usual_;
      const answer nest = recorded(each);
      const auto* better = std::ranges::find(exceptions, each.name, &exception::name);
      const bool is_exception = better != std::end(exceptions);
      const answer expected = is_exception ? better->ours : nest;
      if (!each.name.starts_with("e2e_")) {  // those follow one another; all others were alone
        support::nest_client other{server.port()};
        other.request("get_events", "{}");
      }
      const answer got = say(server.port(), each, cut(each), expected);
      EXPECT_EQ(got, expected) << each.label() << (is_exception ? ", where we differ: " : "")
                               << (is_exception ? better->why : "");
      if (is_exception) {
        EXPECT_FALSE(got == nest) << each.label() << " is no exception any more";
        ++excepted;
      }
      ++replayed;
    }
    EXPECT_GT(replayed, 170u);
    EXPECT_EQ(excepted, std::size(exceptions));
  }

  conformance_server usual_;
  conformance_server limited_{{"--max-buffer-size", "200", "--incomplete-message-timeout", "400"}};
};

TEST_F(ServerReplay, AnswersAsNestJSDid) {
  replay_all([](const session& of) { return of.chunks; });
}

TEST_F(ServerReplay, AnswersTheSameToSingleBytes) { replay_all(byte_by_byte); }

// Not in the records, which have plain ids.
TEST_F(ServerReplay, WritesIdsAsJavaScriptDoes) {
  support::nest_client client{usual_.port()};
  const auto reply_to = [&client](std::string_view id) {
    client.send_packet(R"({"pattern":"zero","data":1,"id":)" + std::string{id} + "}");
    return client.receive().text;
  };
  const auto reply_with = [](std::string_view id) {
    return R"({"response":0,"isDisposed":true,"id":)" + std::string{id} + "}";
  };
  EXPECT_EQ(reply_to("null"), reply_with("null"));
  EXPECT_EQ(reply_to("-1.50e1"), reply_with("-15"));
  EXPECT_EQ(reply_to("9007199254740993"), reply_with("9007199254740992"));
  EXPECT_EQ(reply_to(R"("\u0061\/é")"), reply_with(R"("a/é")"));
  EXPECT_EQ(reply_to(R"([1, {"b":2,"1":1.0}])"), reply_with(R"([1,{"1":1,"b":2}])"));
}

// NestJS destroys its sockets at `app.close()`; we answer first.
TEST_F(ServerReplay, AnswersWhatIsUnderWayBeforeItCloses) {
  const auto& session = *std::ranges::find(sessions(), "server_close_pending", &session::name);
  ASSERT_EQ(session.replies, "");
  auto stream = support::tcp_stream::connect(usual_.port());
  stream.send(session.sent());
  std::this_thread::sleep_for(100ms);
  usual_.process().signal(SIGTERM);
  EXPECT_EQ(stream.receive_all(), R"(43#{"response":400,"isDisposed":true,"id":"1"})");
  EXPECT_EQ(usual_.process().wait(), (support::process_end{.status = 0, .signal = std::nullopt}));
}

TEST_F(ServerReplay, OutlivesAClientThatResetsItsConnection) {
  const auto& session = *std::ranges::find(sessions(), "client_rst_pending", &session::name);
  auto stream = support::tcp_stream::connect(usual_.port());
  stream.send(session.sent());
  std::this_thread::sleep_for(50ms);
  stream.reset();
  std::this_thread::sleep_for(300ms);  // the reply is due after 200 ms
  EXPECT_EQ(support::nest_client{usual_.port()}.request("str", "{}").response(), "\"hi\"");
  EXPECT_TRUE(usual_.process().is_running());
}

}  // namespace
}  // namespace replay
