#include "support.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/database/errors.hpp>
#include <nestcpp/database/in_transaction.hpp>

#include <atomic>
#include <future>
#include <vector>

namespace nestcpp::test {
namespace {

class Transactions : public database_test {
 protected:
  void make_people() {
    execute(ddl("CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, email text UNIQUE)"));
  }
  std::int64_t count_people() { return execute("SELECT count(*) AS n FROM people")[0]["n"].as<std::int64_t>(); }
};
NESTCPP_ON_BOTH_DRIVERS(Transactions);

TEST_P(Transactions, CommitsAndRollsBack) {
  make_people();
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    co_await tx.execute("INSERT INTO people VALUES (1, 'kept', NULL)");
    const auto seen = co_await tx.execute("SELECT count(*) FROM people");
    EXPECT_EQ(seen[0][0].as<int>(), 1);
    co_await tx.commit();
    EXPECT_FALSE(tx.is_active());

    auto other = co_await db.begin();
    co_await other.execute("INSERT INTO people VALUES (2, 'gone', NULL)");
    co_await other.rollback();
    EXPECT_FALSE(other.is_active());
  }(db()));
  EXPECT_EQ(count_people(), 1);
}

TEST_P(Transactions, RollsBackWhatIsDropped) {
  make_people();
  auto settings = options();
  settings.pool_size = 1;  // so that the next statement has to wait for the rollback
  auto& narrow = open(settings);
  run([](database& db) -> task<void> {
    {
      auto tx = co_await db.begin();
      co_await tx.execute("INSERT INTO people VALUES (1, 'gone', NULL)");
    }
    const auto rows = co_await db.execute("SELECT count(*) FROM people");
    EXPECT_EQ(rows[0][0].as<int>(), 0);
  }(narrow));
  EXPECT_EQ(count_people(), 0);
}

TEST_P(Transactions, AFailedTransactionCanOnlyBeRolledBack) {
  make_people();
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    co_await tx.execute("INSERT INTO people VALUES (1, 'a', 'same')");
    bool violated = false;
    try {
      co_await tx.execute("INSERT INTO people VALUES (2, 'b', 'same')");
    } catch (const unique_violation&) {
      violated = true;
    }
    EXPECT_TRUE(violated);
    int refused = 0;
    try {
      co_await tx.execute("SELECT 1");
    } catch (const database_error&) {
      ++refused;
    }
    try {
      co_await tx.commit();
    } catch (const database_error&) {
      ++refused;
    }
    EXPECT_EQ(refused, 2);
    co_await tx.rollback();
    try {
      co_await tx.execute("SELECT 1");
    } catch (const database_error&) {
      ++refused;
    }
    EXPECT_EQ(refused, 3);
  }(db()));
  EXPECT_EQ(count_people(), 0);
}

TEST_P(Transactions, AreNotBegunByAStatement) {
  make_people();
  auto settings = options();
  settings.pool_size = 1;
  auto& narrow = open(settings);
  EXPECT_EQ(message_of<database_error>([&] { run(narrow.execute("BEGIN")); }),
            "a transaction is begun by database::begin(), not by a statement");
  run(narrow.execute("INSERT INTO people VALUES (1, 'kept', NULL)"));
  EXPECT_EQ(count_people(), 1);
}

TEST_P(Transactions, RefusesTwoStatementsAtATimeInOneTransaction) {
  run([](database& db) -> task<void> {
    auto tx = std::make_shared<transaction>(co_await db.begin());
    const auto slow = [](std::shared_ptr<transaction> mine) -> task<void> { co_await mine->execute("SELECT 1"); };
    const auto executor = co_await boost::asio::this_coro::executor;
    std::atomic<int> refused{0};
    std::atomic<int> done{0};
    for (int i = 0; i < 2; ++i) {
      boost::asio::co_spawn(executor, slow(tx), [&](const std::exception_ptr& failure) {
        if (failure) ++refused;
        ++done;
      });
    }
    while (done < 2) co_await sleep_for(1ms);
    EXPECT_EQ(refused, 1);
  }(db()));
}

TEST_P(Transactions, ACancelledStatementFailsItsTransaction) {
  make_people();
  const std::string slow =
      is_postgres() ? "SELECT pg_sleep(20)"
                    : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  run([](database& db, std::string sql) -> task<void> {
    auto tx = co_await db.begin();
    co_await tx.execute("INSERT INTO people VALUES (1, 'a', NULL)");
    bool late = false;
    try {
      co_await with_deadline(tx.execute(std::move(sql)), deadline::after(20ms));
    } catch (const deadline_exceeded&) {
      late = true;
    }
    EXPECT_TRUE(late);
    bool refused = false;
    try {
      co_await tx.commit();
    } catch (const database_error&) {
      refused = true;
    }
    EXPECT_TRUE(refused);
    co_await tx.rollback();
  }(db(), slow));
  EXPECT_EQ(count_people(), 0);
}

TEST_P(Transactions, ATransactionMayOutliveItsDatabase) {
  make_people();
  auto mine = make_database(loops_.get(), options());
  auto tx = std::make_unique<transaction>(run(mine->begin()));
  run(tx->execute("INSERT INTO people VALUES (1, 'gone', NULL)"));
  mine.reset();
  tx.reset();
  EXPECT_EQ(count_people(), 0);
}

TEST_P(Transactions, ADeadlockIsASerializationFailure) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite has one writer at a time, so that there is no deadlock";
  make_people();
  execute("INSERT INTO people VALUES (1, 'a', NULL), (2, 'b', NULL)");
  const std::string update = "UPDATE people SET name = 'x' WHERE id = $1";
  auto first = run(db().begin());
  auto second = run(db().begin());
  run(first.execute(update, 1));
  run(second.execute(update, 2));
  auto waiting = loops_.start(first.execute(update, 2));
  auto closing = loops_.start(second.execute(update, 1));
  int victims = 0;
  const auto finish = [&victims](std::future<result_set>& statement, transaction& tx) {
    try {
      statement.get();
    } catch (const serialization_failure& failure) {
      EXPECT_EQ(failure.code(), "40P01");
      ++victims;
    }
    tx = transaction{};  // lets the other one go on
  };
  while (waiting.wait_for(1ms) != std::future_status::ready && closing.wait_for(1ms) != std::future_status::ready) {
  }
  const bool first_is_ready = waiting.wait_for(0s) == std::future_status::ready;
  finish(first_is_ready ? waiting : closing, first_is_ready ? first : second);
  finish(first_is_ready ? closing : waiting, first_is_ready ? second : first);
  EXPECT_EQ(victims, 1);
}

TEST_P(Transactions, ACollisionOfSerializableTransactionsIsASerializationFailure) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite's transactions are serialised by its one writer";
  make_people();
  execute("INSERT INTO people VALUES (1, 'a', NULL)");
  auto first = run(db().begin());
  run(first.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
  run(first.execute("SELECT * FROM people"));
  execute("UPDATE people SET name = 'b'");
  EXPECT_THROW(run(first.execute("UPDATE people SET name = 'c'")), serialization_failure);
}

TEST_P(Transactions, SavepointsUndoAPart) {
  make_people();
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    co_await tx.execute("INSERT INTO people VALUES (1, 'a', 'a@x.io')");
    co_await tx.savepoint("one");
    co_await tx.execute("INSERT INTO people VALUES (2, 'b', NULL)");
    tx.enqueue("INSERT INTO people VALUES (3, 'c', NULL)", {});
    co_await tx.rollback_to("one");
    bool violated = false;
    try {
      co_await tx.execute("INSERT INTO people VALUES (4, 'd', 'a@x.io')");
    } catch (const unique_violation&) {
      violated = true;
    }
    EXPECT_TRUE(violated);
    co_await tx.rollback_to("one");  // an error ends there
    co_await tx.execute("INSERT INTO people VALUES (5, 'e', NULL)");
    co_await tx.release("one");
    co_await tx.commit();
  }(db()));
  std::string ids;
  for (const auto& row : execute("SELECT id FROM people ORDER BY id")) ids += std::to_string(row[0].as<int>());
  EXPECT_EQ(ids, "15");
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    EXPECT_THROW(static_cast<void>(tx.savepoint("a; DROP TABLE people")), std::exception);
    bool refused = false;
    try {
      co_await tx.rollback_to("none");
    } catch (const database_error&) {
      refused = true;
    }
    EXPECT_TRUE(refused);
  }(db()));
}

TEST_P(Transactions, TransactionsHaveLevels) {
  make_people();
  run([](database& db, bool postgres) -> task<void> {
    auto reading = co_await db.begin({.isolation = isolation_level::repeatable_read, .read_only = true});
    const auto before = co_await reading.execute("SELECT count(*) FROM people");
    co_await db.execute("INSERT INTO people VALUES (1, 'a', NULL)");
    const auto after = co_await reading.execute("SELECT count(*) FROM people");
    EXPECT_EQ(before[0][0].as<int>(), 0);
    EXPECT_EQ(after[0][0].as<int>(), 0) << "it sees one moment";
    bool refused = false;
    try {
      co_await reading.execute("INSERT INTO people VALUES (2, 'b', NULL)");
    } catch (const database_error&) {
      refused = true;
    }
    EXPECT_TRUE(refused);
    static_cast<void>(postgres);
  }(db(), is_postgres()));
  EXPECT_EQ(count_people(), 1);
}

TEST_P(Transactions, CollisionsAreRepeated) {
  execute("CREATE TABLE counters (id integer PRIMARY KEY, n integer NOT NULL)");
  execute("INSERT INTO counters VALUES (1, 0)");
  std::vector<std::future<int>> all;
  for (int i = 0; i < 12; ++i) {
    all.push_back(loops_.start(in_transaction(
        db(),
        [](transaction& tx) -> task<int> {
          const auto rows = co_await tx.execute("SELECT n FROM counters WHERE id = 1");
          const int next = rows[0][0].as<int>() + 1;
          co_await tx.execute("UPDATE counters SET n = $1 WHERE id = 1", next);
          co_return next;
        },
        {.isolation = isolation_level::serializable}, 100)));
  }
  std::set<int> seen;
  for (auto& each : all) seen.insert(each.get());
  EXPECT_EQ(seen.size(), 12U);
  EXPECT_EQ(execute("SELECT n FROM counters")[0][0].as<int>(), 12);
  EXPECT_THROW(run(in_transaction(db(),
                                  [](transaction& tx) -> task<void> {
                                    co_await tx.execute("UPDATE counters SET n = 0");
                                    throw std::runtime_error{"no"};
                                  })),
               std::runtime_error);
  EXPECT_EQ(execute("SELECT n FROM counters")[0][0].as<int>(), 12);
}

}  // namespace
}  // namespace nestcpp::test
