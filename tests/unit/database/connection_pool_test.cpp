// Who gets a connection, and when.
#include "support.hpp"

#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/database/errors.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace nestcpp::test {
namespace {

class ConnectionPool : public database_test {};
NESTCPP_ON_BOTH_DRIVERS(ConnectionPool);

TEST_P(ConnectionPool, ManyCallersShareThePool) {
  execute("CREATE TABLE counters (id integer PRIMARY KEY, n integer NOT NULL)");
  execute("INSERT INTO counters VALUES (1, 0)");
  constexpr int callers = 64;
  std::vector<std::future<void>> all;
  for (int i = 0; i < callers; ++i) {
    all.push_back(loops_.start([](database& db) -> task<void> {
      for (int round = 0; round < 5; ++round) {
        auto tx = co_await db.begin();
        co_await tx.execute("UPDATE counters SET n = n + 1 WHERE id = $1", 1);
        co_await tx.commit();
        co_await db.execute("SELECT n FROM counters");
      }
    }(db())));
  }
  for (auto& each : all) each.get();
  EXPECT_EQ(execute("SELECT n FROM counters")[0][0].as<int>(), callers * 5);
}

TEST_P(ConnectionPool, WaitsForAConnectionInOrderAndNotForEver) {
  auto settings = options();
  settings.pool_size = 1;
  settings.acquire_timeout = 300ms;
  auto& narrow = open(settings);
  run([](database& db, loops& all) -> task<void> {
    auto held = std::make_unique<transaction>(co_await db.begin());
    co_await held->execute("SELECT 1");
    std::string message;
    try {
      co_await db.begin();
    } catch (const database_unavailable& failure) {
      message = failure.what();
    }
    EXPECT_NE(message.find("came free within 300 ms"), std::string::npos) << message;

    // Who comes first is served first.
    std::atomic<int> served{0};
    std::vector<int> order;
    const auto next = [](database& from, std::atomic<int>& counter, std::vector<int>& list, int id) -> task<void> {
      auto tx = co_await from.begin();
      ++counter;
      list.push_back(id);
      co_await tx.rollback();
    };
    const auto executor = co_await boost::asio::this_coro::executor;
    std::vector<std::future<void>> waiting;
    for (int id = 0; id < 5; ++id) {
      waiting.push_back(boost::asio::co_spawn(executor, next(db, served, order, id), boost::asio::use_future));
    }
    co_await sleep_for(20ms);  // they queue up behind us, on this loop
    EXPECT_EQ(served, 0);
    held.reset();
    while (served < 5) co_await sleep_for(1ms);
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
    static_cast<void>(all);
  }(narrow, loops_));
}

// Here the database shares this machine's cores.
std::size_t shared_by_short_work() { return 2 * std::size_t{std::max(1U, std::thread::hardware_concurrency())}; }

TEST_P(ConnectionPool, ShortStatementsTakeTurns) {
  auto settings = options();
  settings.pool_size = shared_by_short_work() + 20;
  auto& busy = open(settings);
  const auto in_use = [](const database& db) {
    double sum = 0;
    for (const auto& each : db.metrics()) {
      if (each.name == "database_connections" && each.labels.at(0).second == "in_use") sum += each.value;
    }
    return static_cast<std::size_t>(sum);
  };
  const std::string some_work =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT max(i) FROM n";
  std::atomic<std::size_t> most{};
  // One that is held up may let another one in: in most rounds none is.
  for (int round = 0; round < 100; ++round) {
    most = 0;
    std::vector<std::future<void>> all;
    for (std::size_t i = 0; i < shared_by_short_work() + 8; ++i) {
      all.push_back(
          loops_.start([](database& db, std::string sql, auto count, std::atomic<std::size_t>& seen) -> task<void> {
            auto tx = co_await db.begin({.read_only = true});
            co_await tx.execute(std::move(sql));
            const std::size_t now = count(db);
            for (auto before = seen.load(); before < now && !seen.compare_exchange_weak(before, now);) {
            }
            co_await tx.commit();
          }(busy, some_work, in_use, most)));
    }
    for (auto& each : all) each.get();
    if (most > 0 && most <= shared_by_short_work()) break;
  }
  EXPECT_GT(most, 0U);
  EXPECT_LE(most, shared_by_short_work());
}

TEST_P(ConnectionPool, LongWorkHoldsUpNoOther) {
  auto settings = options();
  const std::size_t callers = shared_by_short_work() + 6;
  settings.pool_size = is_postgres() ? callers : callers + 1;  // one writes
  auto& busy = open(settings);
  std::atomic<std::size_t> begun{};
  std::vector<std::future<void>> all;
  for (std::size_t i = 0; i < callers; ++i) {
    all.push_back(loops_.start([](database& db, std::atomic<std::size_t>& count, std::size_t wanted) -> task<void> {
      auto tx = co_await db.begin({.read_only = true});
      co_await tx.execute("SELECT 1");
      for (++count; count < wanted;) co_await sleep_for(1ms);  // each waits for all the others
      co_await tx.rollback();
    }(busy, begun, callers)));
  }
  for (auto& each : all) each.get();
  EXPECT_EQ(begun, callers);
}

// The pool was full when it came, and what then ended was not short.
TEST_P(ConnectionPool, WhoWaitsGetsAConnectionThatOnlyLongWorkLeavesFree) {
  auto settings = options();
  const std::size_t short_ones = shared_by_short_work();
  settings.pool_size = short_ones + (is_postgres() ? 2 : 3);  // one writes
  auto& busy = open(settings);
  run([](database& db, std::size_t young) -> task<void> {
    const auto hold = [](database& from) -> task<transaction> {
      auto tx = co_await from.begin({.read_only = true});
      co_await tx.execute("SELECT 1");
      co_return tx;
    };
    std::vector<transaction> held;
    for (std::size_t i = 0; i < young + 2; ++i) held.push_back(co_await hold(db));
    held.resize(2);            // all have their connections, of which two stay out,
    co_await sleep_for(10ms);  // as long work
    for (std::size_t i = 0; i < young; ++i) held.push_back(co_await hold(db));
    const auto executor = co_await boost::asio::this_coro::executor;
    auto waiting = boost::asio::co_spawn(executor, hold(db), boost::asio::use_future);
    co_await sleep_for(1ms);
    held.erase(held.begin());
    for (int i = 0; i < 1'000 && waiting.wait_for(0s) != std::future_status::ready; ++i) co_await sleep_for(1ms);
    EXPECT_EQ(waiting.wait_for(0s), std::future_status::ready) << "a connection is free";
  }(busy, short_ones));
}

TEST_P(ConnectionPool, ACallerThatWaitsForAConnectionCanBeCancelled) {
  auto settings = options();
  settings.pool_size = 1;
  settings.acquire_timeout = 30s;
  auto& narrow = open(settings);
  run([](database& db) -> task<void> {
    auto held = co_await db.begin();
    co_await held.execute("SELECT 1");
    for (int i = 0; i < 3; ++i) {
      std::string how;
      try {
        co_await with_deadline(db.execute("INSERT INTO nowhere VALUES (1)"), deadline::after(5ms));
      } catch (const deadline_exceeded&) {
        how = "late";
      }
      EXPECT_EQ(how, "late");
    }
    co_await held.rollback();
    const auto rows = co_await db.execute("SELECT 1 AS one");  // nobody stands in line any more
    EXPECT_EQ(rows[0]["one"].as<int>(), 1);
  }(narrow));
}

}  // namespace
}  // namespace nestcpp::test
