// Guards, interceptors, pipes and filters: who runs when, who answers.

#include "shop.hpp"

namespace shop {
namespace {

struct Trace {
  std::mutex mutex;
  std::vector<std::string> lines;
  void operator()(std::string line) {
    const std::lock_guard lock{mutex};
    lines.push_back(std::move(line));
  }
  std::vector<std::string> take() {
    const std::lock_guard lock{mutex};
    return std::exchange(lines, {});
  }
};

template <int N>
class TracingGuard : public nest::plain_guard {
 public:
  explicit TracingGuard(Trace& trace) : trace_{trace} {}
  bool can_activate_now(nest::execution_context&) override {
    trace_("guard " + std::to_string(N));
    return true;
  }

 private:
  Trace& trace_;
};

class SlowGuard : public nest::guard {
 public:
  explicit SlowGuard(Trace& trace) : trace_{trace} {}
  nest::task<bool> can_activate(nest::execution_context&) override {
    co_await nest::sleep_for(1ms);
    trace_("slow guard");
    co_return true;
  }

 private:
  Trace& trace_;
};

class NoEntry : public nest::plain_guard {
 public:
  bool can_activate_now(nest::execution_context&) override { return false; }
};

template <int N>
class TracingObserver : public nest::observer {
 public:
  explicit TracingObserver(Trace& trace) : trace_{trace} {}
  void before(nest::execution_context&) override { trace_("before " + std::to_string(N)); }
  void after(nest::execution_context&, const nest::outcome& result) noexcept override {
    trace_((result.succeeded() ? "after " : "failed ") + std::to_string(N));
  }

 private:
  Trace& trace_;
};

class TracingInterceptor : public nest::interceptor {
 public:
  explicit TracingInterceptor(Trace& trace) : trace_{trace} {}
  nest::task<nest::reply> intercept(nest::execution_context&, nest::call_handler next) override {
    trace_("around in");
    nest::reply result = co_await next.handle();
    trace_("around out");
    auto value = result.value();
    if (value.is_object()) value.as_object()["intercepted"] = true;
    co_return nest::reply::from_value(value);
  }

 private:
  Trace& trace_;
};

class Doubling : public nest::pipe<Order> {
 public:
  explicit Doubling(Trace& trace) : trace_{trace} {}
  Order transform(Order value, const nest::argument_metadata&) override {
    trace_("pipe");
    value.count *= 2;
    return value;
  }

 private:
  Trace& trace_;
};

struct Strange : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class StrangeFilter : public nest::exception_filter_for<Strange> {
 public:
  nest::error_response catch_typed(const Strange& error, nest::execution_context& context) override {
    return {418, boost::json::object{{"caught", error.what()}, {"in", std::string{context.get_handler()}}}};
  }
};

class ThrowingFilter : public nest::exception_filter {
 public:
  nest::error_response catch_exception(const std::exception&, nest::execution_context&) override {
    throw std::runtime_error{"the filter itself"};
  }
};

// Knows a substitute for what is strange, nothing for what is absent, and fails where it is asked about numbers.
class StandInFilter : public nest::recovering_filter {
 public:
  std::optional<nest::reply> recover(const std::exception& error, nest::execution_context&) override {
    const std::string what = error.what();
    if (what == "odd") return nest::reply::from_text(R"({"item":"stand-in","count":0})");
    if (what == "absent") return nest::reply{};
    if (what == "number") throw std::runtime_error{"the filter itself"};
    return std::nullopt;
  }
};

using plain_m = nest::message<"plain", Order, Order>;
using mixed_m = nest::message<"mixed", Order, Order>;
using closed_m = nest::message<"closed", Order, Order>;
using strange_m = nest::message<"strange", Order, Order>;
using broken_m = nest::message<"broken", Order, Order>;
using stand_in_m = nest::message<"stand.in", Order, Order>;
using field_m = nest::message<"field", Order, Order>;

class TracedController {
  NEST_CONTROLLER(TracedController, use_guards<TracingGuard<2>>(), use_interceptors<TracingObserver<2>>(),
                  use_filters<StrangeFilter>());

 public:
  explicit TracedController(Trace& trace) : trace_{trace} {}

  NEST_MESSAGE_PATTERN(plain, plain_m, use_guards<TracingGuard<3>>(), use_interceptors<TracingObserver<3>>(),
                       use_pipes<Doubling>());
  Order plain(Order wanted) {
    trace_("handler");
    return wanted;
  }

  NEST_MESSAGE_PATTERN(mixed, mixed_m, use_guards<SlowGuard>(),
                       use_interceptors<TracingInterceptor, TracingObserver<3>>());
  nest::task<Order> mixed(Order wanted) {
    trace_("handler");
    co_return wanted;
  }

  NEST_MESSAGE_PATTERN(closed, closed_m, use_guards<NoEntry>());
  Order closed(Order wanted) { return wanted; }

  NEST_MESSAGE_PATTERN(strange, strange_m);
  Order strange(Order) { throw Strange{"odd"}; }

  NEST_MESSAGE_PATTERN(broken, broken_m, use_filters<ThrowingFilter>());
  Order broken(Order) { throw Strange{"odd"}; }

  NEST_MESSAGE_PATTERN(stand_in, stand_in_m, use_filters<StandInFilter>());
  Order stand_in(Order wanted) {
    if (wanted.count > 1) return wanted;
    throw Strange{wanted.item};
  }

  NEST_MESSAGE_PATTERN(field, field_m);
  Order field(nest::payload<"item", std::string> item, nest::payload<"count", int> count) {
    return {*item, *count + 1};
  }

 private:
  Trace& trace_;
};

struct TracedModule : nest::module {
  explicit TracedModule(Trace& trace) {
    provide_factory<Trace>([&trace]() -> Trace& { return trace; });
    controllers<TracedController>();
  }
};

class Pipeline : public testing::Test {
 protected:
  Pipeline() : app_{TracedModule{trace_}, nest::application_options{.io_threads = 1}} {
    app_.connect_microservice(network_, "traced");
    app_.use_global_guards<TracingGuard<1>>();
    app_.use_global_interceptors<TracingObserver<1>>();
    app_.start();
    client_ = nest::make_in_memory_client(app_.loops(), "traced", network_, "traced");
  }
  ~Pipeline() override {
    client_->close();
    app_.stop();
  }

  std::string send(std::string pattern, std::string payload = R"({"item":"x","count":1})") {
    auto call = client_->send_text(std::move(pattern), std::move(payload), {});
    auto answer = boost::asio::co_spawn(app_.loops().loop(0).executor(), std::move(call), boost::asio::use_future);
    try {
      return answer.get().text();
    } catch (const nest::rpc_exception& error) {
      return "err " + boost::json::serialize(error.error());
    }
  }

  Trace trace_;
  nest::in_memory_network network_;
  nest::application app_;
  std::unique_ptr<nest::client_proxy> client_;
};

TEST_F(Pipeline, PlainChainRunsInNestsOrder) {
  EXPECT_EQ(send("plain"), R"({"item":"x","count":2})");
  EXPECT_THAT(trace_.take(), testing::ElementsAre("guard 1", "guard 2", "guard 3", "before 1", "before 2", "before 3",
                                                  "pipe", "handler", "after 3", "after 2", "after 1"));
}

TEST_F(Pipeline, SuspendingChainRunsInTheSameOrder) {
  EXPECT_EQ(send("mixed"), R"({"item":"x","count":1,"intercepted":true})");
  EXPECT_THAT(trace_.take(),
              testing::ElementsAre("guard 1", "guard 2", "slow guard", "before 1", "before 2", "around in", "before 3",
                                   "handler", "after 3", "around out", "after 2", "after 1"));
}

TEST_F(Pipeline, ValidationFailureIsSeenByInterceptors) {
  EXPECT_THAT(send("plain", "{}"), testing::HasSubstr("item must be a string"));
  EXPECT_THAT(trace_.take(), testing::ElementsAre("guard 1", "guard 2", "guard 3", "before 1", "before 2", "before 3",
                                                  "failed 3", "failed 2", "failed 1"));
}

TEST_F(Pipeline, RefusingGuardEndsTheCallBeforeInterceptors) {
  EXPECT_EQ(send("closed"), R"(err {"message":"Forbidden resource","error":"Forbidden","statusCode":403})");
  EXPECT_THAT(trace_.take(), testing::ElementsAre("guard 1", "guard 2"));
}

TEST_F(Pipeline, TypedFilterAnswersItsFamily) { EXPECT_EQ(send("strange"), R"(err {"caught":"odd","in":"strange"})"); }

TEST_F(Pipeline, FilterThatThrowsIsAnsweredAsInternalError) {
  EXPECT_EQ(send("broken"), R"(err {"status":"error","message":"Internal server error"})");
}

TEST_F(Pipeline, RecoveringFilterGivesAResultAfterAll) {
  EXPECT_EQ(send("stand.in", R"({"item":"odd","count":1})"), R"({"item":"stand-in","count":0})");
  EXPECT_THAT(trace_.take(),
              testing::ElementsAre("guard 1", "guard 2", "before 1", "before 2", "failed 2", "failed 1"));
  EXPECT_EQ(send("stand.in", R"({"item":"absent","count":1})"), "");
  EXPECT_EQ(send("stand.in", R"({"item":"x","count":2})"), R"({"item":"x","count":2})");
}

TEST_F(Pipeline, ClientReadsAnyAnswerOrNoneAsJsonText) {
  using stand_in_any = nest::message<"stand.in", Order, nest::json_text>;
  const auto ask = [this](std::string item) {
    auto call = client_->send<stand_in_any>({std::move(item), 1});
    return boost::asio::co_spawn(app_.loops().loop(0).executor(), std::move(call), boost::asio::use_future).get();
  };
  EXPECT_EQ(ask("odd").text(), R"({"item":"stand-in","count":0})");
  EXPECT_FALSE(ask("absent").has_value());
}

TEST_F(Pipeline, WhatIsNotRecoveredIsAnsweredAsAnError) {
  constexpr const char* internal = R"(err {"status":"error","message":"Internal server error"})";
  EXPECT_EQ(send("stand.in", R"({"item":"other","count":1})"), internal);
  trace_.take();
  EXPECT_EQ(send("stand.in", R"({"item":"number","count":1})"), internal);
  EXPECT_THAT(trace_.take(),
              testing::ElementsAre("guard 1", "guard 2", "before 1", "before 2", "failed 2", "failed 1"));
}

TEST_F(Pipeline, PayloadMembersAreParameters) {
  EXPECT_EQ(send("field"), R"({"item":"x","count":2})");
  EXPECT_THAT(send("field", R"({"item":"x"})"), testing::StartsWith("err "));
}

}  // namespace
}  // namespace shop
