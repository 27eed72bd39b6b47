// The header Idempotency-Key, and where its answers are kept.
#include "support.hpp"

#include <nestcpp/testing/run.hpp>
#include <nestcpp/testing/temporary_database.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <sstream>
#include <thread>

namespace app_test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

struct Counter {
  std::atomic<int> calls{0};
};

class OrdersController {
  NEST_CONTROLLER(OrdersController, "/orders", use_interceptors<nest::idempotency_interceptor>());

 public:
  explicit OrdersController(Counter& counter) : counter_{counter} {}

  NEST_POST(create, "/", http_code(202));
  nest::task<nest::json_text> create(nest::json_text body) {
    const int number = ++counter_.calls;
    if (body.text().find("slow") != std::string::npos) co_await nest::sleep_for(300ms);
    if (body.text().find("refused") != std::string::npos)
      throw nest::conflict_exception{"refused " + std::to_string(number)};
    if (body.text().find("broken") != std::string::npos) throw std::runtime_error{"broken"};
    if (body.text().find("remote") != std::string::npos) {
      throw nest::rpc_exception{boost::json::object{{"statusCode", 409}, {"message", "taken"}}};
    }
    co_return nest::json_text::from_text(std::to_string(number));
  }
  NEST_POST(late, "/late", use_interceptors<nest::timeout_interceptor>());
  nest::task<void> late() {
    ++counter_.calls;
    co_await nest::sleep_for(30s);
  }
  NEST_PUT(other, "/");
  nest::json_text other() { return nest::json_text::from_text(std::to_string(++counter_.calls)); }
  NEST_POST(nothing, "/nothing");
  void nothing() { ++counter_.calls; }
  NEST_GET(read, "/");
  nest::json_text read() { return nest::json_text::from_text(std::to_string(++counter_.calls)); }

 private:
  Counter& counter_;
};

struct OrdersModule : nest::module {
  OrdersModule() {
    provide<Counter>();
    provide_value(nest::timeout_options{.limit = 100ms});
    provide_factory<nest::idempotency_store>([] { return std::make_unique<nest::memory_idempotency_store>(); });
    controllers<OrdersController>();
  }
};

class Idempotency : public testing::Test {
 protected:
  Answer post(const std::string& key, const std::string& body, const std::string& method = "POST",
              const std::string& path = "/orders") {
    return service.http(method, path, body, key.empty() ? "" : "Idempotency-Key: " + key + "\r\n");
  }
  static std::string shown(const Answer& answer) { return std::to_string(answer.status) + " " + answer.body; }
  int calls() { return service.app.get<Counter>().calls; }
  Service service{OrdersModule{}};
};

TEST_F(Idempotency, AnswersTheSameAgain) {
  const Answer first = post("k1", "{}");
  EXPECT_EQ(shown(first), "202 1");
  EXPECT_THAT(first.head, Not(HasSubstr("Idempotent-Replayed")));
  const Answer again = post("k1", "{}");
  EXPECT_EQ(shown(again), "202 1");
  EXPECT_THAT(again.head, HasSubstr("Idempotent-Replayed: true"));
  EXPECT_EQ(shown(post("k2", "{}")), "202 2");
  EXPECT_EQ(shown(post("", "{}")), "202 3");
  EXPECT_EQ(shown(post("", "{}")), "202 4");
  EXPECT_EQ(shown(post("n", "", "POST", "/orders/nothing")), "201 ");
  EXPECT_EQ(shown(post("n", "", "POST", "/orders/nothing")), "201 ");
  EXPECT_EQ(calls(), 5);
}

TEST_F(Idempotency, RefusesTheKeyOfAnotherRequest) {
  EXPECT_EQ(post("k", R"({"a":1})").status, 202);
  const Answer other = post("k", R"({"a":2})");
  EXPECT_EQ(shown(other),
            R"(422 {"message":"The Idempotency-Key was used with another request","error":"Unprocessable Entity",)"
            R"("statusCode":422})");
  EXPECT_EQ(shown(post("k", R"({"a":1})", "PUT")), "200 2");  // another route has keys of its own
  EXPECT_EQ(calls(), 2);
}

TEST_F(Idempotency, RefusesWhileTheFirstIsUnderWay) {
  std::string first;
  std::thread slow{[&] { first = shown(post("k", R"(["slow"])")); }};
  while (calls() == 0) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(
      shown(post("k", R"(["slow"])")),
      R"(409 {"message":"A request with this Idempotency-Key is in progress","error":"Conflict","statusCode":409})");
  EXPECT_EQ(post("k", R"(["other"])").status, 422);
  slow.join();
  EXPECT_EQ(first, "202 1");
  EXPECT_EQ(shown(post("k", R"(["slow"])")), "202 1");
}

TEST_F(Idempotency, KeepsRefusalsAndNotFailures) {
  const std::string refused = shown(post("r", R"(["refused"])"));
  EXPECT_THAT(refused, HasSubstr("409 {\"message\":\"refused 1\""));
  EXPECT_EQ(shown(post("r", R"(["refused"])")), refused);
  const std::string remote = shown(post("m", R"(["remote"])"));
  EXPECT_THAT(remote, HasSubstr("taken"));
  EXPECT_EQ(shown(post("m", R"(["remote"])")), remote);
  EXPECT_EQ(calls(), 2);
  EXPECT_EQ(post("b", R"(["broken"])").status, 500);
  EXPECT_EQ(post("b", R"(["broken"])").status, 500);
  EXPECT_EQ(calls(), 4);
}

TEST_F(Idempotency, GivesBackTheKeyOfACallThatTookTooLong) {
  EXPECT_EQ(post("l", "", "POST", "/orders/late").status, 408);
  // The 408 goes out when the time is over; the call is in progress (409) until it has ended by that.
  int again = 409;
  for (const auto end = std::chrono::steady_clock::now() + 10s; again == 409 && std::chrono::steady_clock::now() < end;
       std::this_thread::sleep_for(1ms)) {
    again = post("l", "", "POST", "/orders/late").status;
  }
  EXPECT_EQ(again, 408);
  EXPECT_EQ(calls(), 2);
}

TEST_F(Idempotency, LeavesAloneWhatChangesNothingAndRefusesKeysThatAreNone) {
  EXPECT_EQ(shown(post("g", "", "GET")), "200 1");
  EXPECT_EQ(shown(post("g", "", "GET")), "200 2");
  for (const std::string& key : {std::string(256, 'k'), std::string{"a b"}, std::string{"\xc3\xa9"}}) {
    const Answer refused = post(key, "{}");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body, HasSubstr("Idempotency-Key must be 1 to 255 visible ASCII characters"));
  }
  EXPECT_EQ(post(std::string(255, 'k'), "{}").status, 202);
}

// ---- stores

using state = nest::idempotent_claim::state;

template <class Store>
void expect_store(Store& store) {
  const auto begin = [&](const char* key, const char* print) { return nest::testing::run(store.begin(key, print)); };
  EXPECT_EQ(begin("k", "p").what, state::first);
  EXPECT_EQ(begin("k", "p").what, state::running);
  EXPECT_EQ(begin("k", "other").fingerprint, "p");
  EXPECT_EQ(begin("l", "p").what, state::first);
  nest::testing::run(store.finish("k", {nest::idempotent_outcome::value, 201, R"({"é":"\""})"}));
  const auto done = begin("k", "p");
  EXPECT_EQ(done.what, state::done);
  EXPECT_EQ(done.answer.outcome, nest::idempotent_outcome::value);
  EXPECT_EQ(done.answer.status, 201);
  EXPECT_EQ(done.answer.body, R"({"é":"\""})");
  nest::testing::run(store.release("l"));
  EXPECT_EQ(begin("l", "q").what, state::first);
  // What is left behind may be taken over by the same request, not by another.
  std::this_thread::sleep_for(60ms);
  EXPECT_EQ(begin("l", "other").what, state::running);
  EXPECT_EQ(begin("l", "q").what, state::first);
  EXPECT_EQ(begin("k", "p").what, state::done) << "an answer is kept longer";
  std::this_thread::sleep_for(400ms);
  EXPECT_EQ(begin("k", "other").what, state::first) << "but not for ever";
}

constexpr nest::idempotency_options short_lived{.ttl = 400ms, .lease = 50ms, .max_entries = 3};

TEST(IdempotencyStore, InMemory) {
  nest::memory_idempotency_store store{short_lived};
  expect_store(store);
  for (const char* key : {"a", "b", "c", "d", "e"}) nest::testing::run(store.begin(key, "p"));
  EXPECT_LE(store.size(), 3U);
}

void expect_database_store(const nest::database_options& options) {
  std::string suffix = nest::uuid::v4().to_string();
  std::ranges::replace(suffix, '-', '_');
  const std::string table = "keys_" + suffix;
  nest::runtime loops{{.io_threads = 1}};
  loops.start();
  const auto db = nest::make_database(loops, options);
  const std::vector<nest::migration> migrations{nest::database_idempotency_store::create_table(1, table)};
  nest::testing::run(nest::migrate(*db, "migrations_" + suffix, migrations));
  nest::database_idempotency_store store{*db, table, short_lived};
  expect_store(store);
  std::this_thread::sleep_for(450ms);
  EXPECT_EQ(nest::testing::run(store.remove_expired()), 2U);
  // Of many at a time, one is the first.
  std::atomic<int> firsts{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (nest::testing::run(store.begin("many", "p")).what == state::first) ++firsts;
    });
  }
  for (auto& each : threads) each.join();
  EXPECT_EQ(firsts, 1);
  EXPECT_THROW((nest::database_idempotency_store{*db, "no name"}), nest::database_error);
  nest::testing::run(nest::migrate_down(*db, "migrations_" + suffix, migrations, 0));
  nest::testing::run(db->execute("DROP TABLE migrations_" + suffix));
}

TEST(IdempotencyStore, OnSqlite) {
  const nest::testing::temporary_database place;
  expect_database_store(place.options());
}

TEST(IdempotencyStore, OnPostgres) {
  const char* const server = std::getenv("NESTCPP_TEST_PG");
  if (server == nullptr || *server == '\0') {
    GTEST_SKIP() << "NESTCPP_TEST_PG names no PostgreSQL (scripts/test starts one)";
  }
  nest::database_options options{.driver = nest::database_driver::postgres, .pool_size = 4};
  std::istringstream words{server};
  for (std::string word; words >> word;) {
    const std::string name = word.substr(0, word.find('='));
    const std::string value = word.substr(word.find('=') + 1);
    if (name == "host") options.host = value;
    if (name == "port") options.port = static_cast<std::uint16_t>(std::stoi(value));
    if (name == "user") options.username = value;
    if (name == "password") options.password = value;
    if (name == "dbname") options.name = value;
  }
  expect_database_store(options);
}

}  // namespace
}  // namespace app_test
