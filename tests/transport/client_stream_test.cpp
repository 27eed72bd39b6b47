// Many values of one reply: how they are read, waited for, bounded and given up.

#include "raw_service.hpp"

#include <nestcpp/messaging/typed_client.hpp>

namespace raw {
namespace {

using ticks = nest::message<"ticks", int, nest::stream<int>>;

class TicksClient final : public nest::typed_client {
  NEST_CLIENT(TicksClient, "ticks-service", timeout(10s),
              retry(exponential_backoff{
                  .attempts = 4, .initial = 100ms, .max = 100ms, .jitter = nest::backoff_jitter::none}));

 public:
  NEST_SEND(watch, ticks);
  NEST_SEND(watch_briefly, ticks, timeout(50ms));
  NEST_SEND(watch_again, ticks, idempotent());
};

class Streams : public RawService {
 protected:
  nest::tcp_client_options one_connection() const {
    auto made = options();
    made.loops = 1;
    return made;
  }
  void values(peer& service, const request& to, int from, int until) {
    for (int i = from; i < until; ++i) {
      service.answer(to, R"({"response":)" + std::to_string(i) + R"(,"id":$})");
    }
  }
};

TEST_F(Streams, NothingIsSentBeforeTheFirstQuestion) {
  auto unread = client().send_stream_text("sum", "1", {});
  EXPECT_FALSE(try_accept(50ms));
}

TEST_F(Streams, ValuesComeInOrderAsTheyArrive) {
  auto all = stream();
  peer service = accept();
  const request asked = service.receive();
  values(service, asked, 0, 3);
  EXPECT_EQ(all.wait_for(30ms), std::future_status::timeout);
  values(service, asked, 3, 5);
  service.answer(asked, R"({"response":5,"isDisposed":true,"id":$})");
  EXPECT_EQ(get(std::move(all)), "0, 1, 2, 3, 4, 5, end");
}

TEST_F(Streams, AThousandValuesAndAnError) {
  auto all = stream();
  peer service = accept();
  const request asked = service.receive();
  values(service, asked, 0, 1000);
  service.answer(asked, R"({"err":"late","isDisposed":true,"id":$})");
  const std::string seen = get(std::move(all));
  EXPECT_TRUE(seen.starts_with("0, 1, 2, ")) << seen.substr(0, 50);
  EXPECT_TRUE(seen.ends_with("998, 999, refused: \"late\"")) << seen.substr(seen.size() - 50);
}

TEST_F(Streams, LostConnectionFailsAfterTheValuesThatCame) {
  auto all = stream();
  peer service = accept();
  values(service, service.receive(), 0, 2);
  service.stream().shut_down_writing();
  EXPECT_EQ(get(std::move(all)), "0, 1, failed: Connection closed");
}

TEST_F(Streams, TheLimitIsOfTheLongestWait) {
  auto all = stream("sum", {.timeout = 300ms});
  peer service = accept();
  const request asked = service.receive();
  EXPECT_FALSE(asked.packet.contains("metadata")) << "the service would take it for a limit of the whole";
  for (int i = 0; i < 6; ++i) {  // longer than the limit in all
    values(service, asked, i, i + 1);
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_EQ(get(std::move(all)), "0, 1, 2, 3, 4, 5, late");
}

TEST_F(Streams, SlowReaderIsNotLate) {
  const auto read_slowly = [](nest::client_proxy& from) -> nest::task<int> {
    auto values = from.send_stream_text("sum", "1", {.timeout = 60ms});
    int count = 0;
    while (co_await values.next()) {
      ++count;
      co_await nest::sleep_for(100ms);
    }
    co_return count;
  };
  auto count = start(read_slowly(client()));
  peer service = accept();
  const request asked = service.receive();
  values(service, asked, 0, 3);
  service.answer(asked, R"({"isDisposed":true,"id":$})");
  EXPECT_EQ(get(std::move(count)), 3);
}

TEST_F(Streams, ReaderThatDoesNotReadIsBounded) {
  auto how = one_connection();
  how.max_stream_buffer_size = 10'000;
  connect_to(how);
  const auto read_first = [](nest::client_proxy& from, std::future<void> go_on) -> nest::task<std::string> {
    auto values = from.send_stream_text("sum", "1", {});
    std::string seen = (co_await values.next())->text();
    while (go_on.wait_for(0s) != std::future_status::ready) co_await nest::sleep_for(1ms);
    seen += "; " + co_await read_all(std::move(values));
    co_return seen;
  };
  std::promise<void> go_on;
  auto seen = start(read_first(client(), go_on.get_future()));
  peer service = accept();
  const request asked = service.receive();
  values(service, asked, 0, 5000);
  auto other = send();  // behind all these: they have been read from the socket
  service.answer(service.receive(), R"({"response":"other","isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(other)), R"(value: "other")");
  go_on.set_value();
  const std::string text = get(std::move(seen));
  EXPECT_TRUE(text.starts_with("0; 1, 2, ")) << text.substr(0, 50);
  EXPECT_TRUE(
      text.ends_with(", failed: raw-service: a stream is read too slowly: more than 10000 bytes of its values wait"))
      << text.substr(text.size() - 120);
  EXPECT_LT(text.size(), 10'000u);
}

TEST_F(Streams, OneLargeValueMayAlwaysWait) {
  auto how = one_connection();
  how.max_stream_buffer_size = 100;
  connect_to(how);
  auto all = stream();
  peer service = accept();
  const request asked = service.receive();
  service.answer(asked, R"({"response":")" + std::string(100'000, 'x') + R"(","isDisposed":true,"id":$})");
  EXPECT_EQ(get(std::move(all)).size(), 100'000 + 2 + std::string_view{", end"}.size());
}

TEST_F(Streams, DestroyedStreamGivesTheCallUp) {
  auto how = one_connection();
  how.max_pending = 1;
  connect_to(how);
  const auto read_one = [](nest::client_proxy& from) -> nest::task<std::string> {
    auto values = from.send_stream_text("sum", "1", {});
    co_return (co_await values.next())->text();
  };
  auto one = start(read_one(client()));
  peer service = accept();
  const request asked = service.receive();
  values(service, asked, 0, 3);
  EXPECT_EQ(get(std::move(one)), "0");
  auto next = send();  // which the limit of one pending call would refuse
  values(service, asked, 3, 6);
  service.answer(service.receive(), R"({"response":"next","isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(next)), R"(value: "next")");
}

TEST_F(Streams, WaitForAValueCanBeCancelled) {
  auto how = one_connection();
  how.max_pending = 1;
  connect_to(how);
  const auto limited = [](nest::client_proxy& from) -> nest::task<std::string> {
    auto values = from.send_stream_text("sum", "1", {});
    auto waiting = values.next();
    try {
      co_await nest::with_deadline(std::move(waiting), nest::deadline::after(50ms));
    } catch (const nest::deadline_exceeded&) {
      co_return "cancelled";
    }
    co_return "a value";
  };
  auto result = start(limited(client()));
  peer service = accept();
  service.receive();
  EXPECT_EQ(get(std::move(result)), "cancelled");
  auto next = send();
  service.answer(service.receive(), R"({"response":"next","isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(next)), R"(value: "next")");
}

TEST_F(Streams, MayBeReadAndGivenUpOnAnotherLoop) {
  connect_to(one_connection());  // on loop 0
  const auto elsewhere = [&](auto work) {
    return boost::asio::co_spawn(loops_.loop(1).executor(), std::move(work), boost::asio::use_future);
  };
  auto all = elsewhere(read_all(client().send_stream_text("sum", "1", {})));
  peer service = accept();
  request asked = service.receive();
  values(service, asked, 0, 100);
  service.answer(asked, R"({"isDisposed":true,"id":$})");
  EXPECT_TRUE(get(std::move(all)).ends_with("98, 99, end"));

  const auto read_one = [](nest::client_proxy& from) -> nest::task<std::string> {
    auto values = from.send_stream_text("sum", "1", {});
    co_return (co_await values.next())->text();
  };
  auto one = elsewhere(read_one(client()));
  asked = service.receive();
  values(service, asked, 0, 100);
  EXPECT_EQ(get(std::move(one)), "0");
  auto next = send();
  service.answer(service.receive(), R"({"response":"next","isDisposed":true,"id":$})");
  EXPECT_EQ(outcome(std::move(next)), R"(value: "next")");
}

TEST_F(Streams, RuntimeMayEndWithAStreamWaiting) {
  auto loops = std::make_unique<nest::runtime>(nest::runtime_options{.io_threads = 1});
  loops->start();
  auto client = nest::make_tcp_client(*loops, "raw-service", options());
  auto all = boost::asio::co_spawn(loops->loop(0).executor(), read_all(client->send_stream_text("sum", "1", {})),
                                   boost::asio::use_future);
  peer service = accept();
  values(service, service.receive(), 0, 3);
  loops->stop();
  loops->join();
  client.reset();
  loops.reset();
  EXPECT_THROW(all.get(), std::future_error);
  EXPECT_TRUE(service.closed());
}

TEST_F(Streams, TypedClientsGiveTypedValues) {
  TicksClient typed{nest::make_tcp_client(loops_, "ticks-service", one_connection()),
                    TicksClient::nest_client_().policy};
  const auto sum = [](nest::stream<int> values) -> nest::task<int> {
    int total = 0;
    while (const auto value = co_await values.next()) total += *value;
    co_return total;
  };
  auto total = start(sum(typed.watch(7)));
  peer service = accept();
  request asked = service.receive();
  EXPECT_EQ(asked.packet.at("data"), 7);
  values(service, asked, 1, 4);
  service.answer(asked, R"({"isDisposed":true,"id":$})");
  EXPECT_EQ(get(std::move(total)), 6);

  auto wrong = start(sum(typed.watch(7)));
  service.answer(service.receive(), R"({"response":"x","id":$})");
  EXPECT_THROW(get(std::move(wrong)), std::runtime_error);

  auto late = start(sum(typed.watch_briefly(7)));
  service.receive();
  EXPECT_THROW(get(std::move(late)), nest::timeout_exception);
  typed.proxy().close();
}

TEST_F(Streams, AreRepeatedOnlyBeforeTheFirstValue) {
  TicksClient typed{nest::make_tcp_client(loops_, "ticks-service", one_connection()),
                    TicksClient::nest_client_().policy};
  const auto count = [](nest::stream<int> values, std::string& seen) -> nest::task<void> {
    while (const auto value = co_await values.next()) seen += std::to_string(*value) + " ";
  };
  std::string seen;
  stop_listening();
  auto all = start(count(typed.watch_again(7), seen));
  std::this_thread::sleep_for(20ms);  // no connection: the first repetition
  listen_again();
  {
    peer service = accept();
    service.receive();
  }  // closed after the request: the second
  peer service = accept();
  values(service, service.receive(), 5, 7);
  service.stream().shut_down_writing();
  EXPECT_THROW(get(std::move(all)), nest::unavailable_exception);
  EXPECT_EQ(seen, "5 6 ");
  typed.proxy().close();
}

}  // namespace
}  // namespace raw
