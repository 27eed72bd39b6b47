#pragma once
// A service with a handler of every kind, and its client; the transport tests run it over TCP and in memory.

#include <nestcpp/app/application.hpp>
#include <nestcpp/app/clients.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/dto/dto.hpp>
#include <nestcpp/messaging/rpc_context.hpp>
#include <nestcpp/pipeline/logging_interceptor.hpp>
#include <nestcpp/pipeline/timeout_interceptor.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace shop {

namespace nest = nestcpp;
using namespace std::chrono_literals;

struct Order {
  std::string item;
  int count = 0;
};
NEST_DTO(Order, NEST_FIELD(item, is_string(), is_not_empty()), NEST_FIELD(count, is_int(), min(1)));

struct Wait {
  int milliseconds = 0;
};
NEST_DTO(Wait, NEST_FIELD(milliseconds, is_int()));

struct Caller {
  std::string request_id;
  std::string pattern;
  std::optional<int> milliseconds_left;
};
NEST_DTO(Caller, NEST_FIELD(request_id), NEST_FIELD(pattern), NEST_FIELD(milliseconds_left));

struct Nothing {};
NEST_DTO(Nothing);

using order = nest::message<"order", Order, Order>;
using order_later = nest::message<"order.later", Order, Order>;
using wait = nest::message<"wait", Wait, Wait>;
using wait_limited = nest::message<"wait.limited", Wait, Wait>;
using forget = nest::message<"forget", Nothing, void>;
using maybe = nest::message<"maybe", Nothing, Order>;
using fail = nest::message<"fail", Wait, Order>;
using fail_later = nest::message<"fail.later", Wait, Order>;
using who = nest::message<R"({"cmd":"who","version":1})", Nothing, Caller>;
using ordered = nest::event<"ordered", Order>;
using unbound = nest::message<"unbound", Nothing, Nothing>;

struct Journal {
  void note(std::string line) {
    const std::lock_guard lock{mutex};
    lines.push_back(std::move(line));
  }
  std::vector<std::string> all() {
    const std::lock_guard lock{mutex};
    return lines;
  }
  std::mutex mutex;
  std::vector<std::string> lines;
};

// What fails and how, by number.
[[noreturn]] inline void fail_with(int kind) {
  switch (kind) {
    case 1: throw nest::not_found_exception{"no such order"};
    case 2: throw nest::rpc_exception{boost::json::object{{"code", 42}, {"message", "custom"}}};
    case 3: throw nest::rpc_exception{"nope"};
    case 4: throw 7;
    default: throw std::runtime_error{"secret"};
  }
}

class OrdersController {
  NEST_CONTROLLER(OrdersController, "/orders", use_interceptors<nest::logging_interceptor>(),
                  use_pipes(validation_pipe{{.forbid_non_whitelisted = true}}));

 public:
  explicit OrdersController(Journal& journal) : journal_{journal} {}

  NEST_MESSAGE_PATTERN(create, order);
  Order create(const Order& wanted) { return wanted; }

  NEST_MESSAGE_PATTERN(create_later, order_later);
  nest::task<Order> create_later(Order wanted) {
    co_await nest::sleep_for(1ms);
    co_return wanted;
  }

  NEST_MESSAGE_PATTERN(sleep, wait);
  nest::task<Wait> sleep(Wait how_long) {
    journal_.note("sleep begins");
    co_await nest::sleep_for(std::chrono::milliseconds{how_long.milliseconds});
    journal_.note("sleep ends");
    co_return how_long;
  }

  NEST_MESSAGE_PATTERN(sleep_limited, wait_limited, use_interceptors<nest::timeout_interceptor>());
  nest::task<Wait> sleep_limited(Wait how_long) { return sleep(how_long); }

  NEST_MESSAGE_PATTERN(drop, forget);
  void drop(const Nothing&) { journal_.note("dropped"); }

  NEST_MESSAGE_PATTERN(none, maybe);
  std::optional<Order> none(const Nothing&) { return std::nullopt; }

  NEST_MESSAGE_PATTERN(break_down, fail);
  Order break_down(const Wait& kind) { fail_with(kind.milliseconds); }

  NEST_MESSAGE_PATTERN(break_down_later, fail_later);
  nest::task<Order> break_down_later(Wait kind) {
    co_await nest::sleep_for(1ms);
    fail_with(kind.milliseconds);
  }

  NEST_MESSAGE_PATTERN(ask_context, who);
  nest::task<Caller> ask_context(Nothing, nest::rpc_context& context) {
    co_await nest::sleep_for(1ms);
    Caller caller{context.request_id(), context.get_pattern(), {}};
    if (nest::execution_context::current() != &context) throw std::logic_error{"the context did not travel"};
    if (!context.get_deadline().is_never()) {
      caller.milliseconds_left = static_cast<int>(
          std::chrono::duration_cast<std::chrono::milliseconds>(context.get_deadline().remaining()).count());
    }
    co_return caller;
  }

  NEST_EVENT_PATTERN(on_ordered, ordered);
  void on_ordered(const Order& what) { journal_.note("ordered " + what.item); }

  NEST_EVENT_PATTERN(on_ordered_later, ordered);
  nest::task<void> on_ordered_later(Order what) {
    co_await nest::sleep_for(1ms);
    journal_.note("ordered later " + what.item);
  }

 private:
  Journal& journal_;
};

class OrdersClient : public nest::typed_client {
  NEST_CLIENT(OrdersClient, "order-service", timeout(5s));

 public:
  NEST_SEND(create, order);
  NEST_SEND(create_later, order_later);
  NEST_SEND(wait_for, shop::wait);
  NEST_SEND(wait_briefly, shop::wait, timeout(300ms));
  NEST_SEND(wait_limited_for, wait_limited);
  NEST_SEND(drop, forget);
  NEST_SEND(none, maybe);
  NEST_SEND(break_down, fail);
  NEST_SEND(break_down_later, fail_later);
  NEST_SEND(who_am_i, who);
  NEST_SEND(nobody, unbound);
  NEST_EMIT(on_ordered, ordered);
};

struct OrdersModule : nest::module {
  explicit OrdersModule(Journal& journal) {
    provide_factory<Journal>([&journal]() -> Journal& { return journal; });
    provide_value(nest::timeout_options{50ms});
    controllers<OrdersController>();
  }
};

struct EmptyModule : nest::module {};

enum class transport { tcp, in_memory };

// Both sides, each with its own loops; `run` waits for a task of the client's side.
class Shop : public testing::TestWithParam<transport> {
 protected:
  void SetUp() override {
    start_server();
    client_loops_.start();
    client_ = make_client();
  }
  void TearDown() override {
    client_->proxy().close();
    if (server_) server_->stop();
    server_.reset();
    client_loops_.stop();
    client_loops_.join();
    client_.reset();
  }

  void start_server() {
    server_ = std::make_unique<nest::application>(OrdersModule{journal_}, nest::application_options{.io_threads = 2});
    if (GetParam() == transport::tcp) {
      server_->connect_microservice(nest::tcp_options{.host = "127.0.0.1", .port = port_});
    } else {
      server_->connect_microservice(network_, "orders");
    }
    server_->start();
    if (GetParam() == transport::tcp) {
      const std::string& line = server_->listeners().front();
      port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
    }
  }

  std::unique_ptr<OrdersClient> make_client() { return make_client(OrdersClient::nest_client_().policy, 5s); }
  // @param timeout of calls where the policy names none
  std::unique_ptr<OrdersClient> make_client(nest::client_policy policy, std::chrono::milliseconds timeout) {
    return std::make_unique<OrdersClient>(make_proxy(timeout), policy);
  }
  std::unique_ptr<nest::client_proxy> make_proxy(std::chrono::milliseconds timeout) {
    const std::string name{OrdersClient::nest_client_().name};
    if (GetParam() == transport::in_memory) {
      return nest::make_in_memory_client(client_loops_, name, network_, "orders", timeout);
    }
    return nest::make_tcp_client(client_loops_, name, {.host = "127.0.0.1", .port = port_, .timeout = timeout});
  }

  template <class T>
  T run(nest::task<T> work) {
    auto result = boost::asio::co_spawn(client_loops_.loop(0).executor(), std::move(work), boost::asio::use_future);
    if (result.wait_for(20s) != std::future_status::ready) {
      ADD_FAILURE() << "a call hangs";
      std::abort();
    }
    return result.get();
  }

  // The JSON of the `err` that a call was answered with.
  template <class T>
  std::string refusal(nest::task<T> work) {
    try {
      run(std::move(work));
    } catch (const nest::rpc_exception& error) {
      return boost::json::serialize(error.error());
    }
    return "no error";
  }

  bool eventually(const std::function<bool()>& holds) {
    for (int i = 0; i < 2000; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(5ms);
    }
    return false;
  }

  Journal journal_;
  nest::in_memory_network network_;
  std::uint16_t port_ = 0;
  std::unique_ptr<nest::application> server_;
  nest::runtime client_loops_{{.io_threads = 1}};
  std::unique_ptr<OrdersClient> client_;
};

inline std::string transport_name(const testing::TestParamInfo<transport>& info) {
  return info.param == transport::tcp ? "Tcp" : "InMemory";
}

}  // namespace shop
