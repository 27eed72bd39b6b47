// Interceptors that the library brings for servers: what they repeat, and what they answer from memory.

#include "support.hpp"

#include <nestcpp/testing/mock_clock.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace app_test {
namespace {

using namespace std::chrono_literals;

struct Text {
  std::string text;
};
NEST_DTO(Text, NEST_FIELD(text, is_string()));

// How often the handlers of a test ran, and how often the next of them shall fail.
struct Runs {
  std::atomic<int> count = 0;
  std::atomic<int> failing = 0;
  int next() { return ++count; }
  bool shall_fail() { return failing.load() > 0 && failing-- > 0; }
};

using flaky_m = nest::message<"flaky", Text, int>;
using cached_m = nest::message<"cached", Text, int>;
using keyed_m = nest::message<"keyed", Text, int>;
using text_m = nest::message<"text", Text, std::string>;
using happened_e = nest::event<"happened", Text>;

class Flaky {
  NEST_CONTROLLER(Flaky, "/flaky", use_interceptors<nest::retry_interceptor>());

 public:
  explicit Flaky(Runs& runs) : runs_{runs} {}

  NEST_MESSAGE_PATTERN(work, flaky_m);
  NEST_POST(work, "/");
  int work(Text what) {
    const int run = runs_.next();
    if (!runs_.shall_fail()) return run;
    if (what.text == "refused") throw nest::bad_request_exception{"no"};
    if (what.text == "rpc") throw nest::rpc_exception{"no"};
    if (what.text == "down") throw nest::service_unavailable_exception{"down"};
    throw std::runtime_error{"secret"};
  }

 private:
  Runs& runs_;
};

class Cached {
  NEST_CONTROLLER(Cached, "/cached", use_interceptors<nest::cache_interceptor>(), nest::cache_ttl(2s));

 public:
  explicit Cached(Runs& runs) : runs_{runs} {}

  NEST_GET(by_url, "/by/:id");
  int by_url(nest::path<"id", int> id) {
    const int run = runs_.next();
    if (runs_.shall_fail()) throw nest::not_found_exception{"none"};
    return run * 100 + *id;
  }

  NEST_GET(longer, "/longer", nest::cache_ttl(10s));
  int longer() { return runs_.next(); }

  NEST_GET(nothing, "/nothing");
  void nothing() { runs_.next(); }

  NEST_GET(other_status, "/other-status");
  int other_status(nest::http_context& context) {
    context.response().status = 202;
    return runs_.next();
  }

  NEST_POST(posted, "/posted");
  int posted() { return runs_.next(); }

  NEST_MESSAGE_PATTERN(by_payload, cached_m);
  int by_payload(Text) { return runs_.next(); }

  NEST_MESSAGE_PATTERN(by_key, keyed_m, nest::cache_key("one"));
  NEST_GET(by_key_over_http, "/keyed", nest::cache_key("one"));
  int by_key(Text) { return runs_.next(); }
  int by_key_over_http() { return runs_.next(); }

  NEST_MESSAGE_PATTERN(text, text_m, nest::cache_key("text"));
  NEST_GET(text_over_http, "/text", nest::cache_key("text"));
  std::string text(Text) { return text_over_http(); }
  std::string text_over_http() { return "run " + std::to_string(runs_.next()); }

  NEST_EVENT_PATTERN(on_happened, happened_e);
  void on_happened(Text) { runs_.next(); }

 private:
  Runs& runs_;
};

struct RunsModule : nest::module {
  explicit RunsModule(Runs& runs) {
    provide_factory<Runs>([&runs]() -> Runs& { return runs; });
    provide_value(nest::retry_options{.backoff = {.attempts = 3, .initial = 1ms}});
    provide_value(nest::cache_options{.max_entries = 3});
    controllers<Flaky, Cached>();
  }
};

constexpr const char* internal = R"(err {"status":"error","message":"Internal server error"})";

class Retry : public testing::Test {
 protected:
  std::string work(const std::string& what) { return service_.send("flaky", R"({"text":")" + what + R"("})"); }

  Runs runs_;
  Service service_{RunsModule{runs_}};
};

TEST_F(Retry, RepeatsUntilItSucceeds) {
  runs_.failing = 2;
  EXPECT_EQ(work("x"), "3");
  runs_.failing = 1;
  EXPECT_EQ(service_.http("POST", "/flaky", R"({"text":"down"})").body, "5");
}

TEST_F(Retry, GivesTheLastErrorWhenAllAttemptsFailed) {
  runs_.failing = 9;
  EXPECT_EQ(work("x"), internal);
  EXPECT_EQ(runs_.count, 3);
}

TEST_F(Retry, DoesNotRepeatWhatIsAnAnswer) {
  runs_.failing = 9;
  EXPECT_THAT(work("refused"), testing::HasSubstr(R"("statusCode":400)"));
  EXPECT_EQ(runs_.count, 1);
  EXPECT_THAT(work("rpc"), testing::HasSubstr("no"));
  EXPECT_EQ(runs_.count, 2);
  EXPECT_THAT(service_.send("flaky", R"({"text":1})"), testing::HasSubstr("text must be a string"));
  EXPECT_EQ(runs_.count, 2);
}

TEST(RetryOptions, WaitsNeverPassTheCallersDeadline) {
  nest::testing::mock_clock clock;
  struct Slow : nest::module {
    explicit Slow(Runs& runs) {
      provide_factory<Runs>([&runs]() -> Runs& { return runs; });
      provide_value(nest::retry_options{
          .backoff = {.attempts = 5, .initial = 3s, .max = 60s, .jitter = nest::backoff_jitter::none}});
      controllers<Flaky>();
    }
  };
  Runs runs;
  runs.failing = 9;
  Service service{Slow{runs}};
  auto call = service.client->send_text("flaky", R"({"text":"x"})", {.timeout = 8s});
  auto answer = boost::asio::co_spawn(service.app.loops().loop(0).executor(), std::move(call), boost::asio::use_future);
  clock.advance(3s);  // the second attempt; the third would come after another 6 s, past the deadline
  ASSERT_EQ(answer.wait_for(0s), std::future_status::ready);
  EXPECT_THROW(answer.get(), nest::rpc_exception);
  EXPECT_EQ(runs.count, 2);
}

TEST(RetryOptions, UnusableOnesAreRefusedAtStart) {
  EXPECT_THROW(nest::retry_interceptor{nest::retry_options{.backoff = {.attempts = 0}}}, nest::startup_error);
  EXPECT_THROW((nest::cache_interceptor{nest::cache_options{.ttl = -1ms}}), nest::startup_error);
  EXPECT_THROW((nest::cache_interceptor{nest::cache_options{.max_entries = 0}}), nest::startup_error);
}

class Cache : public testing::Test {
 protected:
  std::string get(const std::string& path) { return service_.http("GET", "/cached/" + path).body; }
  std::string payload(const std::string& pattern, const std::string& text) {
    return service_.send(pattern, R"({"text":")" + text + R"("})");
  }

  nest::testing::mock_clock clock_;
  Runs runs_;
  Service service_{RunsModule{runs_}};
};

TEST_F(Cache, AnswersARepeatedGetUntilItsTimeIsOver) {
  EXPECT_EQ(get("by/7"), "107");
  EXPECT_EQ(get("by/7"), "107");
  EXPECT_EQ(get("by/7?x=1"), "207") << "another URL";
  EXPECT_EQ(get("by/8"), "308");
  clock_.advance(1999ms);
  EXPECT_EQ(get("by/7"), "107");
  clock_.advance(1ms);
  EXPECT_EQ(get("by/7"), "407");
}

TEST_F(Cache, TheMethodsTimeGoesBeforeTheControllers) {
  EXPECT_EQ(get("longer"), "1");
  clock_.advance(9999ms);
  EXPECT_EQ(get("longer"), "1");
  clock_.advance(1ms);
  EXPECT_EQ(get("longer"), "2");
}

TEST_F(Cache, KeepsNoErrorsNoOtherStatusNothingEmptyAndNoOtherMethod) {
  runs_.failing = 1;
  EXPECT_THAT(get("by/7"), testing::HasSubstr("404"));
  EXPECT_EQ(get("by/7"), "207");
  EXPECT_EQ(get("other-status"), "3");
  EXPECT_EQ(get("other-status"), "4");
  get("nothing");
  get("nothing");
  EXPECT_EQ(runs_.count, 6);
  EXPECT_EQ(service_.http("POST", "/cached/posted").body, "7");
  EXPECT_EQ(service_.http("POST", "/cached/posted").body, "8");
}

TEST_F(Cache, MessagesAreKnownByTheirPayloadOrTheirKey) {
  EXPECT_EQ(payload("cached", "a"), "1");
  EXPECT_EQ(payload("cached", "a"), "1");
  EXPECT_EQ(payload("cached", "b"), "2");
  EXPECT_EQ(payload("keyed", "a"), "3");
  EXPECT_EQ(payload("keyed", "b"), "3");
  EXPECT_EQ(get("keyed"), "3") << "one key, one answer";
  EXPECT_EQ(get("text"), "run 4");
  EXPECT_EQ(payload("text", "a"), R"("run 5")") << "plain text is no answer to a message";
  EXPECT_EQ(get("text"), "run 4");
}

TEST_F(Cache, EventsAlwaysArrive) {
  for (int i = 1; i <= 3; ++i) {
    boost::asio::co_spawn(service_.app.loops().loop(0).executor(),
                          service_.client->emit_text("happened", R"({"text":"x"})"), boost::asio::use_future)
        .get();
    clock_.advance(0s);
    EXPECT_EQ(runs_.count, i);
  }
}

TEST_F(Cache, TheOneAskedForLongestAgoGoesFirst) {
  EXPECT_EQ(get("by/1"), "101");
  EXPECT_EQ(get("by/2"), "202");
  EXPECT_EQ(get("by/3"), "303");
  EXPECT_EQ(get("by/1"), "101");
  EXPECT_EQ(get("by/4"), "404");  // 2 goes
  EXPECT_EQ(get("by/1"), "101");
  EXPECT_EQ(get("by/3"), "303");
  EXPECT_EQ(get("by/2"), "502");
}

// Of a cache by itself, many threads at a time; what a sanitizer looks at.
class KeyedByHeader : public nest::cache_interceptor {
 public:
  KeyedByHeader() : cache_interceptor{nest::cache_options{.max_entries = 4}} {}

 protected:
  std::optional<std::string> key(nest::execution_context& context) const override {
    return std::string{context.header("x-key").value_or("none")};
  }
};

class Threads {
  NEST_CONTROLLER(Threads, use_interceptors<KeyedByHeader>());

 public:
  NEST_GET(get, "/");
  std::string get(nest::header<"x-key", std::string> key) { return *key; }
};
struct ThreadsModule : nest::module {
  ThreadsModule() { controllers<Threads>(); }
};

TEST(CacheThreads, SeveralLoopsShareOne) {
  nest::application app{ThreadsModule{}, {.io_threads = 4}};
  app.listen_http({.host = "127.0.0.1", .port = 0});
  app.start();
  const std::uint16_t port = http_port(app);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string key = std::to_string((t + i) % 6);
        if (http_request(port, "GET", "/", {}, "X-Key: " + key + "\r\n").body != key) ++wrong;
      }
    });
  }
  for (auto& each : threads) each.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace app_test
