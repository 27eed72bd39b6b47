// Request-scoped classes in real calls: one set for each message and request, gone when the call has ended.

#include <nestcpp/nestcpp.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

namespace nest = nestcpp;
using namespace std::chrono_literals;

struct Text {
  std::string text;
};
NEST_DTO(Text, NEST_FIELD(text));

using whoami = nest::message<"whoami", Text, Text>;
using slow = nest::message<"slow", Text, Text>;
using broken = nest::message<"broken", Text, Text>;
using strict = nest::message<"strict", Text, Text>;
using guarded = nest::message<"guarded", Text, Text>;
using seen = nest::event<"seen", Text>;

std::atomic<int> alive{0};
std::atomic<int> built{0};

/// What a call knows of its caller; destroyed while the context is still whole.
class Visitor {
 public:
  explicit Visitor(const nest::execution_context& context) : context_{context}, number_{++built} { ++alive; }
  ~Visitor() {
    if (context_.payload_text().empty()) std::abort();  // the context must be alive
    --alive;
  }
  Visitor(const Visitor&) = delete;

  [[nodiscard]] std::string describe() const {
    return std::string{context_.get_handler()} + " " + std::string{context_.payload_text()};
  }
  [[nodiscard]] int number() const { return number_; }
  std::string mark;

 private:
  const nest::execution_context& context_;
  int number_;
};

class Journal {
 public:
  explicit Journal(Visitor& visitor) : visitor_{visitor} {}
  [[nodiscard]] const Visitor& visitor() const { return visitor_; }

 private:
  Visitor& visitor_;
};

class MarkingGuard : public nest::plain_guard {
 public:
  explicit MarkingGuard(nest::module_ref& modules) : modules_{modules} {}
  bool can_activate_now(nest::execution_context&) override {
    modules_.resolve<Visitor>()->mark = "by the guard";
    return true;
  }

 private:
  nest::module_ref& modules_;
};

struct Gate {
  nest::async_semaphore permits{1};
};

class VisitorsController {
  NEST_CONTROLLER(VisitorsController, "/visitors");

 public:
  VisitorsController(Visitor& visitor, Journal& journal, Gate& gate)
      : visitor_{visitor}, journal_{journal}, gate_{gate} {}

  NEST_MESSAGE_PATTERN(who, whoami);
  NEST_POST(who, "/");
  Text who(Text) { return {&journal_.visitor() == &visitor_ ? visitor_.describe() : "two visitors"}; }

  NEST_MESSAGE_PATTERN(wait, slow, use_interceptors<nest::timeout_interceptor>());
  nest::task<Text> wait(Text text) {
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    const auto permit = co_await gate_.permits.acquire();
    co_return Text{text.text + visitor_.mark};
  }

  NEST_MESSAGE_PATTERN(fail, broken);
  Text fail(Text) { throw nest::bad_request_exception{"no"}; }

  NEST_MESSAGE_PATTERN(marked, guarded, use_guards<MarkingGuard>());
  Text marked(Text) { return {visitor_.mark}; }

  NEST_EVENT_PATTERN(on_seen, seen);
  void on_seen(Text) { static_cast<void>(visitor_.number()); }

 private:
  Visitor& visitor_;
  Journal& journal_;
  Gate& gate_;
};

class HttpOnlyController {
  NEST_CONTROLLER(HttpOnlyController);

 public:
  explicit HttpOnlyController(nest::http_context& context) : context_{context} {}
  NEST_MESSAGE_PATTERN(never, strict);
  NEST_GET(never, "/path");
  Text never() { return {std::string{context_.request().path()}}; }

 private:
  nest::http_context& context_;
};

class OtherListener {
  NEST_CONTROLLER(OtherListener);

 public:
  explicit OtherListener(Journal& journal) : journal_{journal} {}
  NEST_EVENT_PATTERN(on_seen, seen);
  void on_seen(Text) { static_cast<void>(journal_.visitor().number()); }

 private:
  Journal& journal_;
};

struct VisitorsModule : nest::module {
  VisitorsModule() {
    provide<Visitor>();  // request-scoped, as it asks for the call
    provide<Journal>();
    provide<Gate>();
    provide_value(nest::timeout_options{.limit = 30ms});
    controllers<VisitorsController, OtherListener, HttpOnlyController>();
  }
};

class RequestScopedCalls : public testing::Test {
 protected:
  RequestScopedCalls() : app_{VisitorsModule{}, {.io_threads = 2}} {
    alive = 0;
    built = 0;
    app_.connect_microservice(network_, "visitors");
    app_.start();
    client_ = nest::make_in_memory_client(app_.loops(), "visitors", network_, "visitors");
  }
  ~RequestScopedCalls() override {
    client_.reset();
    app_.stop();
  }

  template <class T>
  T wait(nest::task<T> work) {
    return boost::asio::co_spawn(app_.loops().loop(0).executor(), std::move(work), boost::asio::use_future).get();
  }
  template <class Contract>
  std::string send(std::string text) {
    return wait(client_->send<Contract>(Text{std::move(text)})).text;
  }
  // Calls end on their loop, shortly after their answer has been written.
  static void await_alive(int expected) {
    for (int i = 0; i < 2000 && alive != expected; ++i) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(alive, expected);
  }

  nest::in_memory_network network_;
  nest::application app_;
  std::unique_ptr<nest::client_proxy> client_;
};

TEST_F(RequestScopedCalls, EachMessageHasItsOwnInstances) {
  EXPECT_EQ(alive, 0) << "nothing request-scoped is built at the start";
  EXPECT_EQ(send<whoami>("a"), R"(who {"text":"a"})");
  EXPECT_EQ(send<whoami>("b"), R"(who {"text":"b"})");
  EXPECT_EQ(built, 2);
  await_alive(0);
}

TEST_F(RequestScopedCalls, AGuardSharesThemThroughAModuleRef) {
  EXPECT_EQ(send<guarded>(""), "by the guard");
  EXPECT_EQ(built, 1);
  await_alive(0);
}

TEST_F(RequestScopedCalls, EndAfterAnErrorToo) {
  EXPECT_THROW(send<broken>("x"), nest::rpc_exception);
  EXPECT_EQ(built, 1);
  await_alive(0);
}

TEST_F(RequestScopedCalls, EachHandlerOfAnEventHasItsOwn) {
  wait(client_->emit_acknowledged<seen>(Text{"x"}));
  EXPECT_EQ(built, 2);
  await_alive(0);
}

TEST_F(RequestScopedCalls, OutliveATimeoutUntilTheCoroutineEnds) {
  auto held = app_.get<Gate>().permits.try_acquire();
  ASSERT_TRUE(held);
  EXPECT_THROW(send<slow>("x"), nest::rpc_exception);  // answered 408; the handler cannot be cancelled
  EXPECT_EQ(alive, 1);
  held.reset();
  await_alive(0);
}

TEST_F(RequestScopedCalls, ACallOfTheOtherKindIsRefused) {
  try {
    send<strict>("x");
    FAIL();
  } catch (const nest::rpc_exception& error) {
    EXPECT_STREQ(error.what(), "Internal server error");
  }
}

// Where a call's own things end: in the coroutine's loop, whoever holds the call a little longer.

std::atomic<int> ended_elsewhere{0};
std::atomic<int> ended{0};

struct EndsOnItsLoop {
  EndsOnItsLoop() = default;
  EndsOnItsLoop(EndsOnItsLoop&& other) noexcept : counts{std::exchange(other.counts, false)} {}
  ~EndsOnItsLoop() {
    if (!counts) return;
    if (nest::event_loop::current() == nullptr) ++ended_elsewhere;
    ++ended;
  }
  bool counts = true;
};

// Keeps a copy of the waiting coroutine's executor for as long as a pool's thread may.
nest::task<Text> comes_back_from_a_pool(nest::runtime& loops) {
  auto executor = co_await boost::asio::this_coro::executor;
  co_await loops.pool("p", 1).run([] {});
  loops.pool("late", 1).post([executor] { std::this_thread::sleep_for(1ms); });
  co_return Text{"done"};
}

class Pooled {
  NEST_CONTROLLER(Pooled, "/pooled");

 public:
  Pooled(EndsOnItsLoop&, nest::runtime& loops) : loops_{loops} {}
  NEST_MESSAGE_PATTERN(work, slow);
  NEST_POST(work, "/");
  nest::task<Text> work(Text) {
    nest::execution_context::current()->set(EndsOnItsLoop{});
    return comes_back_from_a_pool(loops_);
  }

 private:
  nest::runtime& loops_;
};
struct PooledModule : nest::module {
  PooledModule() {
    provide<EndsOnItsLoop>(nest::scope::request);
    controllers<Pooled>();
  }
};

TEST(RequestScopedThreads, InstancesAndValuesEndOnTheCallsLoop) {
  ended = 0;
  ended_elsewhere = 0;
  nest::in_memory_network network;
  nest::application app{PooledModule{}, {.io_threads = 2}};
  app.connect_microservice(network, "pooled");
  app.start();
  auto client = nest::make_in_memory_client(app.loops(), "pooled", network, "pooled");
  for (int i = 0; i < 200; ++i) {
    auto call = client->send<slow>(Text{"x"});
    EXPECT_EQ(
        boost::asio::co_spawn(app.loops().loop(0).executor(), std::move(call), boost::asio::use_future).get().text,
        "done");
  }
  for (int i = 0; i < 2000 && ended != 400; ++i) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(ended, 400);
  EXPECT_EQ(ended_elsewhere, 0);
  client.reset();
  app.stop();
}

// Calls that the shutdown cuts end while the singletons are there.

std::atomic<bool> ledger_open{false};
std::atomic<int> written{0};
std::atomic<int> written_too_late{0};

struct Ledger {
  Ledger() { ledger_open = true; }
  ~Ledger() { ledger_open = false; }
  Ledger(const Ledger&) = delete;
};
class Entry {
 public:
  explicit Entry(Ledger&) {}
  Entry(const Entry&) = delete;
  ~Entry() { ++(ledger_open ? written : written_too_late); }
};
std::atomic<int> waiting_for_ever{0};
class Patient {
  NEST_CONTROLLER(Patient);

 public:
  explicit Patient(Entry&) {}
  NEST_MESSAGE_PATTERN(wait, slow);
  nest::task<Text> wait(Text text) {
    ++waiting_for_ever;
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    co_await nest::sleep_until(nest::deadline::never());
    co_return text;
  }
};
struct PatientModule : nest::module {
  PatientModule() {
    provide<Ledger>();
    provide<Entry>(nest::scope::request);
    controllers<Patient>();
  }
};

TEST(RequestScopedShutdown, CutCallsEndBeforeTheSingletons) {
  waiting_for_ever = 0;
  {
    nest::in_memory_network network;
    nest::application app{PatientModule{}, {.io_threads = 1, .shutdown_grace = 1ms}};
    app.connect_microservice(network, "patient");
    app.start();
    auto client = nest::make_in_memory_client(app.loops(), "patient", network, "patient");
    boost::asio::co_spawn(app.loops().loop(0).executor(), client->send<slow>(Text{"x"}),
                          [](const std::exception_ptr&, const Text&) {});
    for (int i = 0; i < 2000 && waiting_for_ever == 0; ++i) std::this_thread::sleep_for(1ms);
    ASSERT_EQ(waiting_for_ever, 1);
    app.stop();
    client->close();
  }
  EXPECT_FALSE(ledger_open);
  EXPECT_EQ(written, 1);
  EXPECT_EQ(written_too_late, 0);
}

TEST(RequestScopedSingletons, AreNotTouchedWhereNothingIsRequestScoped) {
  struct Plain : nest::module {
    Plain() { provide<Gate>(); }
  };
  nest::application app{Plain{}, {.io_threads = 1}};
  app.start();
  EXPECT_EQ(app.get<Gate>().permits.available(), 1U);
}

}  // namespace
