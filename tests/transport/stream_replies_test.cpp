// Handlers that return streams, seen by a peer that speaks NestJS's bytes.

#include "support/nest_frames.hpp"
#include "support/socket.hpp"

#include <nestcpp/nestcpp.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace streams {

namespace nest = nestcpp;
using namespace std::chrono_literals;

struct Range {
  int last = 0;
  int milliseconds = 0;
};
NEST_DTO(Range, NEST_FIELD(last, is_int()), NEST_FIELD(milliseconds, is_int(), is_optional()));

struct Item {
  int number = 0;
};
NEST_DTO(Item, NEST_FIELD(number));

using count = nest::message<"count", Range, nest::stream<int>>;
using count_items = nest::message<"count.items", Range, nest::stream<Item>>;
using count_slowly = nest::message<"count.slowly", Range, nest::stream<int>>;
using count_later = nest::message<"count.later", Range, nest::stream<int>>;
using count_limited = nest::message<"count.limited", Range, nest::stream<int>>;
using count_doubled = nest::message<"count.doubled", Range, nest::stream<int>>;
using break_off = nest::message<"break.off", Range, nest::stream<int>>;
using gaps = nest::message<"gaps", Range, nest::stream<nest::reply>>;
using endless = nest::message<"endless", Range, nest::stream<std::string>>;
using hold = nest::message<"hold", Range, nest::stream<int>>;
using ping = nest::message<"ping", Range, int>;
using counted = nest::event<"counted", Range>;

struct Journal {
  std::atomic<int> made{0};
  std::atomic<int> running{0};
  std::atomic<int> observed{0};
  std::atomic<int> failed{0};
};

struct Running {
  explicit Running(Journal& in) : journal{in} { ++journal.running; }
  Running(const Running&) = delete;
  ~Running() { --journal.running; }
  Journal& journal;
};

class CountingObserver : public nest::observer {
 public:
  explicit CountingObserver(Journal& journal) : journal_{journal} {}
  void after(nest::execution_context&, const nest::outcome& result) noexcept override {
    ++(result.succeeded() ? journal_.observed : journal_.failed);
  }

 private:
  Journal& journal_;
};

class Doubling : public nest::interceptor {
 public:
  nest::task<nest::reply> intercept(nest::execution_context&, nest::call_handler next) override {
    const nest::reply result = co_await next.handle();
    co_return nest::reply::from_stream(result.take_stream().map(
        [](const nest::reply& value) { return nest::reply::from_value(value.value().as_int64() * 2); }));
  }
};

class Counter {
  NEST_CONTROLLER(Counter, use_interceptors<CountingObserver>());

 public:
  explicit Counter(Journal& journal) : journal_{journal} {}

  NEST_MESSAGE_PATTERN(up_to, count);
  nest::stream<int> up_to(const Range& range) {  // the argument lives as long as the stream
    for (int i = 1; i <= range.last; ++i) co_yield i;
  }

  NEST_MESSAGE_PATTERN(items, count_items);
  nest::stream<Item> items(Range range) {
    for (int i = 1; i <= range.last; ++i) co_yield Item{i};
  }

  NEST_MESSAGE_PATTERN(slowly, count_slowly);
  nest::stream<int> slowly(Range range) {
    for (int i = 1; i <= range.last; ++i) {
      co_yield i;
      co_await nest::sleep_for(1ms);
    }
  }

  NEST_MESSAGE_PATTERN(later, count_later);
  nest::task<nest::stream<int>> later(Range range) {
    co_await nest::sleep_for(1ms);
    co_return up_to_last(range);
  }

  NEST_MESSAGE_PATTERN(limited, count_limited, use_interceptors<nest::timeout_interceptor>());
  nest::stream<int> limited(Range range) {
    for (int i = 1; i <= range.last; ++i) {
      co_await nest::sleep_for(std::chrono::milliseconds{20});
      co_yield i;
    }
    co_await nest::sleep_for(std::chrono::milliseconds{range.milliseconds});
  }

  NEST_MESSAGE_PATTERN(doubled, count_doubled, use_interceptors<Doubling>());
  nest::stream<int> doubled(Range range) { return up_to_last(range); }

  NEST_MESSAGE_PATTERN(broken, break_off);
  nest::stream<int> broken(Range range) {
    for (int i = 1; i <= range.last; ++i) co_yield i;
    if (range.milliseconds > 0) co_await nest::sleep_for(std::chrono::milliseconds{range.milliseconds});
    throw nest::rpc_exception{"late"};
  }

  NEST_MESSAGE_PATTERN(with_gaps, gaps);
  nest::stream<nest::reply> with_gaps(Range range) {
    for (int i = 1; i <= range.last; ++i) {
      co_yield nest::reply{};
      co_yield nest::reply::from_text("1");
    }
    co_yield nest::reply{};
  }

  NEST_MESSAGE_PATTERN(flood, endless);
  nest::stream<std::string> flood(Range) {
    const Running running{journal_};
    for (;;) {
      ++journal_.made;
      co_yield std::string(1000, 'x');
    }
  }

  NEST_MESSAGE_PATTERN(one_and_wait, hold);
  nest::stream<int> one_and_wait(Range) {
    const Running running{journal_};
    co_yield 1;
    co_await nest::sleep_until(nest::deadline::never());
  }

  NEST_MESSAGE_PATTERN(pong, ping);
  int pong(Range range) { return range.last; }

  NEST_EVENT_PATTERN(first, counted);
  std::string first(const Range&) { return "A"; }
  NEST_EVENT_PATTERN(second, counted);
  nest::stream<int> second(Range range) { return up_to_last(range); }

 private:
  static nest::stream<int> up_to_last(Range range) {
    for (int i = 1; i <= range.last; ++i) co_yield i;
  }

  Journal& journal_;
};

struct CounterModule : nest::module {
  explicit CounterModule(Journal& journal) {
    provide_factory<Journal>([&journal]() -> Journal& { return journal; });
    provide_value(nest::timeout_options{60ms});
    controllers<Counter>();
  }
};

class StreamReplies : public testing::Test {
 protected:
  StreamReplies() : StreamReplies(nest::tcp_options{}) {}
  explicit StreamReplies(nest::tcp_options options) {
    options.host = "127.0.0.1";
    options.port = 0;
    server_.connect_microservice(options);
    server_.start();
    const std::string& line = server_.listeners().front();
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }
  ~StreamReplies() override { server_.stop(); }

  // All packets up to the one that ends the call of that id.
  static std::vector<std::string> until_disposed(support::tcp_stream& stream) {
    support::frame_reader frames;
    std::vector<std::string> packets;
    while (packets.empty() || packets.back().find("\"isDisposed\":true") == std::string::npos) {
      while (auto packet = frames.next()) packets.push_back(*packet);
      if (!packets.empty() && packets.back().find("\"isDisposed\":true") != std::string::npos) break;
      frames.append(stream.receive());
    }
    return packets;
  }

  std::vector<std::string> ask(std::string_view pattern, std::string_view data) {
    auto stream = support::tcp_stream::connect(port_);
    send(stream, pattern, data);
    return until_disposed(stream);
  }

  static void send(support::tcp_stream& stream, std::string_view pattern, std::string_view data) {
    stream.send(support::to_frame("{\"pattern\":\"" + std::string{pattern} + "\",\"data\":" + std::string{data} +
                                  ",\"id\":\"1\"}"));
  }

  // All packets up to the ends of `count` calls.
  static std::vector<std::string> until_all_disposed(support::tcp_stream& stream, int count) {
    support::frame_reader frames;
    std::vector<std::string> packets;
    while (count > 0) {
      auto packet = frames.next();
      if (!packet) {
        frames.append(stream.receive());
        continue;
      }
      if (packet->find("\"isDisposed\":true") != std::string::npos) --count;
      packets.push_back(std::move(*packet));
    }
    return packets;
  }

  static std::string request(std::string_view pattern, std::string_view data, int id) {
    return support::to_frame("{\"pattern\":\"" + std::string{pattern} + "\",\"data\":" + std::string{data} +
                             ",\"id\":" + std::to_string(id) + "}");
  }

  static bool eventually(const std::function<bool()>& holds) {
    for (int i = 0; i < 2000; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(5ms);
    }
    return false;
  }

  Journal journal_;
  nest::application server_{CounterModule{journal_}, {.io_threads = 1}};
  std::uint16_t port_ = 0;
};

TEST_F(StreamReplies, LastValueCarriesTheEndWhereItIsKnown) {
  EXPECT_THAT(ask("count", R"({"last":3})"),
              testing::ElementsAre(R"({"response":1,"id":"1"})", R"({"response":2,"id":"1"})",
                                   R"({"response":3,"isDisposed":true,"id":"1"})"));
  EXPECT_THAT(ask("count.items", R"({"last":1})"),
              testing::ElementsAre(R"({"response":{"number":1},"isDisposed":true,"id":"1"})"));
}

TEST_F(StreamReplies, EndThatComesLaterIsAPacketOfItsOwn) {
  EXPECT_THAT(ask("count.slowly", R"({"last":2})"),
              testing::ElementsAre(R"({"response":1,"id":"1"})", R"({"response":2,"id":"1"})",
                                   R"({"isDisposed":true,"id":"1"})"));
}

TEST_F(StreamReplies, EmptyStreamOnlyEnds) {
  EXPECT_THAT(ask("count", R"({"last":0})"), testing::ElementsAre(R"({"isDisposed":true,"id":"1"})"));
}

TEST_F(StreamReplies, TaskOfAStreamIsFlattened) {
  EXPECT_THAT(ask("count.later", R"({"last":2})"),
              testing::ElementsAre(R"({"response":1,"id":"1"})", R"({"response":2,"isDisposed":true,"id":"1"})"));
}

TEST_F(StreamReplies, ErrorComesAfterTheValues) {
  const auto expected = testing::ElementsAre(
      R"({"response":1,"id":"1"})", R"({"err":{"status":"error","message":"late"},"isDisposed":true,"id":"1"})");
  EXPECT_THAT(ask("break.off", R"({"last":1})"), expected);
  EXPECT_THAT(ask("break.off", R"({"last":1,"milliseconds":5})"), expected);
}

TEST_F(StreamReplies, RefusedRequestIsAnsweredOnce) {
  const auto packets = ask("count", R"({"last":"many"})");
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_THAT(packets[0], testing::HasSubstr("last must be an integer number"));
}

TEST_F(StreamReplies, ReplyWithoutValueIsUndefined) {
  EXPECT_THAT(ask("gaps", R"({"last":1})"),
              testing::ElementsAre(R"({"id":"1"})", R"({"response":1,"id":"1"})", R"({"isDisposed":true,"id":"1"})"));
}

TEST_F(StreamReplies, InterceptorMayMapTheValues) {
  EXPECT_THAT(ask("count.doubled", R"({"last":2})"),
              testing::ElementsAre(R"({"response":2,"id":"1"})", R"({"response":4,"isDisposed":true,"id":"1"})"));
}

TEST_F(StreamReplies, ObserversSeeOneEnd) {
  ask("count", R"({"last":1000})");
  EXPECT_EQ(journal_.observed, 1);
  ask("break.off", R"({"last":2})");
  EXPECT_EQ(journal_.failed, 1);
}

TEST_F(StreamReplies, TimeLimitHoldsForEachValueByItself) {
  const auto whole = ask("count.limited", R"({"last":6})");  // takes twice the limit
  EXPECT_EQ(whole.size(), 7U);
  EXPECT_EQ(whole.back(), R"({"isDisposed":true,"id":"1"})");
  const auto late = ask("count.limited", R"({"last":1,"milliseconds":10000})");
  EXPECT_THAT(late, testing::ElementsAre(R"({"response":1,"id":"1"})", testing::HasSubstr(R"("statusCode":408)")));
}

TEST_F(StreamReplies, ManyHandlersOfAnEventAnswerAsAChain) {
  EXPECT_THAT(ask("counted", R"({"last":3})"),
              testing::ElementsAre(R"({"response":{"current":"A","next":3},"isDisposed":true,"id":"1"})"));
}

TEST_F(StreamReplies, StreamsOfOneConnectionInterleaveWithOtherReplies) {
  auto stream = support::tcp_stream::connect(port_);
  send(stream, "endless", R"({"last":1})");
  stream.receive();
  stream.send(support::to_frame(R"({"pattern":"ping","data":{"last":7},"id":"2"})"));
  std::string seen;
  while (seen.find(R"({"response":7,"isDisposed":true,"id":"2"})") == std::string::npos) {
    seen = seen.substr(seen.size() - std::min<std::size_t>(seen.size(), 100)) + stream.receive();
  }
}

TEST_F(StreamReplies, PeerThatDoesNotReadHoldsItsStreamBack) {
  auto stream = support::tcp_stream::connect(port_);
  send(stream, "endless", R"({"last":1})");
  // What fits into the two sockets' buffers and the server's own is made, and no more.
  int before = -1;
  ASSERT_TRUE(eventually([&] {
    const int now = journal_.made;
    std::this_thread::sleep_for(30ms);
    return std::exchange(before, now) == now && now > 0;
  }));
  EXPECT_LT(journal_.made, 20'000) << "of 1,000 bytes each";
  EXPECT_THAT(ask("ping", R"({"last":3})"), testing::ElementsAre(R"({"response":3,"isDisposed":true,"id":"1"})"));
  const int held = journal_.made;
  for (int read = 0; read < 8'000'000;) read += static_cast<int>(stream.receive().size());
  EXPECT_TRUE(eventually([&] { return journal_.made > held; }));
}

TEST_F(StreamReplies, PeerThatGoesEndsItsStream) {
  for (const std::string pattern : {"endless", "hold"}) {
    {
      auto stream = support::tcp_stream::connect(port_);
      send(stream, pattern, R"({"last":1})");
      stream.receive();
      EXPECT_EQ(journal_.running, 1);
    }
    EXPECT_TRUE(eventually([&] { return journal_.running == 0; })) << pattern;
  }
  EXPECT_TRUE(eventually([&] { return journal_.failed == 2; })) << "observers see the end";
}

TEST_F(StreamReplies, ManyStreamsInOneWriteAllEnd) {
  auto stream = support::tcp_stream::connect(port_);
  std::string requests;
  for (int id = 0; id < 100; ++id) requests += request("count", R"({"last":1000})", id);
  stream.send(requests);
  EXPECT_EQ(until_all_disposed(stream, 100).size(), 100'000U);
}

TEST_F(StreamReplies, StreamsOfOneConnectionTakeTurns) {
  auto stream = support::tcp_stream::connect(port_);
  stream.send(request("endless", R"({"last":1})", 1) + request("endless", R"({"last":1})", 2) +
              request("count", R"({"last":500})", 3));
  EXPECT_LT(until_all_disposed(stream, 1).size(), 5'000U) << "the endless ones go first only in their turn";
}

TEST_F(StreamReplies, StreamsOfAPeerThatBreaksTheProtocolEnd) {
  auto stream = support::tcp_stream::connect(port_);
  send(stream, "hold", R"({"last":1})");
  stream.receive();
  EXPECT_EQ(journal_.running, 1);
  stream.send("zzz#");
  EXPECT_TRUE(eventually([&] { return journal_.running == 0; }));
  stream.receive_all();
}

class FewStreams : public StreamReplies {
 protected:
  FewStreams()
      : StreamReplies(nest::tcp_options{
            .max_in_flight_per_connection = 2, .max_in_flight = 2, .max_streams_per_connection = 3, .max_streams = 5}) {
  }
};

TEST_F(FewStreams, HoldUpNoOtherCallAndAreRefusedAboveTheLimit) {
  auto stream = support::tcp_stream::connect(port_);
  for (int id = 0; id < 3; ++id) {
    stream.send(request("hold", R"({"last":1})", id));
    EXPECT_TRUE(eventually([&] { return journal_.running == id + 1; }));
  }
  stream.send(request("hold", R"({"last":1})", 3) + request("ping", R"({"last":7})", 4));
  const auto packets = until_all_disposed(stream, 2);
  EXPECT_THAT(packets, testing::Contains(testing::HasSubstr("Too many streams are open")));
  EXPECT_THAT(packets, testing::Contains(R"({"response":7,"isDisposed":true,"id":4})"));

  auto other = support::tcp_stream::connect(port_);
  other.send(request("hold", R"({"last":1})", 0) + request("hold", R"({"last":1})", 1) +
             request("hold", R"({"last":1})", 2));
  EXPECT_THAT(until_all_disposed(other, 1), testing::Contains(testing::HasSubstr("Too many streams are open")));
  stream.close();
  EXPECT_TRUE(eventually([&] { return journal_.running == 2; }));
  EXPECT_EQ(ask("count", R"({"last":2})").size(), 2U) << "there is room again";
}

TEST_F(StreamReplies, PeerThatResetsEndsItsStream) {
  auto stream = support::tcp_stream::connect(port_);
  send(stream, "endless", R"({"last":1})");
  stream.receive();
  stream.reset();
  EXPECT_TRUE(eventually([&] { return journal_.running == 0; }));
}

}  // namespace streams
