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

TEST_P(Transactions, SendsEnqueuedStatementsWithTheCommit) {
  make_people();
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    int committed = 0;
    tx.after_commit([&] { ++committed; });
    tx.enqueue("INSERT INTO people VALUES ($1, $2, NULL)", {1, "a"});
    tx.enqueue("INSERT INTO people VALUES ($1, $2, NULL)", {2, "b"});
    co_await tx.commit();
    EXPECT_EQ(committed, 1);

    auto failing = co_await db.begin();
    failing.after_commit([&] { ++committed; });
    failing.enqueue("INSERT INTO people VALUES ($1, $2, NULL)", {3, "c"});
    failing.enqueue("INSERT INTO people VALUES ($1, $2, NULL)", {3, "again"});
    bool violated = false;
    try {
      co_await failing.commit();
    } catch (const unique_violation&) {
      violated = true;
    }
    EXPECT_TRUE(violated);
    EXPECT_EQ(committed, 1);
  }(db()));
  EXPECT_EQ(count_people(), 2);
}

// They are sent together, each is prepared where it stands.
TEST_P(Transactions, EnqueuedStatementsBuildOnEachOther) {
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    tx.enqueue("CREATE TABLE fresh (id integer PRIMARY KEY)", {});
    tx.enqueue("INSERT INTO fresh VALUES ($1)", {1});
    tx.enqueue("INSERT INTO fresh VALUES ($1)", {2});
    const auto rows = co_await tx.execute("SELECT count(*) FROM fresh");
    EXPECT_EQ(rows[0][0].as<int>(), 2);
    tx.enqueue("INSERT INTO fresh VALUES ($1)", {3});
    co_await tx.commit();
    const auto all = co_await db.execute("SELECT id FROM fresh ORDER BY id");
    EXPECT_EQ(all.size(), 3);
  }(db()));
}

TEST_P(Transactions, NothingIsExecutedAfterAStatementThatFails) {
  make_people();
  auto settings = options();
  settings.pool_size = 1;  // so that the same connection has to go on
  auto& narrow = open(settings);
  const auto failing = [&](std::vector<std::string> statements, bool commits) {
    return run([](database& db, std::vector<std::string> statements, bool commits) -> task<std::string> {
      auto tx = co_await db.begin();
      for (std::size_t i = 0; i + 1 < statements.size(); ++i) tx.enqueue(statements[i], {});
      std::string failure;
      try {
        if (commits) {
          tx.enqueue(statements.back(), {});
          co_await tx.commit();
        } else {
          co_await tx.execute(statements.back());
        }
      } catch (const database_error& error) {
        failure = error.what();
      }
      co_return failure;
    }(narrow, std::move(statements), commits));
  };
  for (const bool commits : {false, true}) {
    EXPECT_NE(failing({"INSERT INTO people VALUES (1, 'a', NULL)", "INSERT INTO people VALUES (1, 'b', NULL)",
                       "INSERT INTO nowhere VALUES (1)", "INSERT INTO people VALUES (2, 'c', NULL)"},
                      commits)
                  .find(is_postgres() ? "duplicate key" : "UNIQUE"),
              std::string::npos);
    EXPECT_NE(failing({"INSERT INTO people VALUES (1, 'a', NULL)", "no SQL at all"}, commits).find("syntax error"),
              std::string::npos);
    EXPECT_NE(failing({"INSERT INTO nowhere VALUES (1)", "INSERT INTO people VALUES (1, 'a', NULL)"}, commits)
                  .find("nowhere"),
              std::string::npos);
    EXPECT_EQ(count_people(), 0);
  }
  // What was never prepared may be, once it can.
  run(narrow.execute(ddl("CREATE TABLE nowhere (id integer PRIMARY KEY)")));
  EXPECT_EQ(failing({"INSERT INTO nowhere VALUES (1)", "INSERT INTO people VALUES (1, 'a', NULL)"}, true), "");
  EXPECT_EQ(count_people(), 1);
}

TEST_P(Transactions, WhatIsCheckedAtTheCommitFailsIt) {
  execute(ddl("CREATE TABLE parents (id integer PRIMARY KEY)"));
  execute(ddl("CREATE TABLE children (id integer PRIMARY KEY, parent integer REFERENCES parents (id) DEFERRABLE INITIALLY "
              "DEFERRED)"));
  auto settings = options();
  settings.pool_size = 1;
  auto& narrow = open(settings);
  // Also where the statement is its own transaction.
  EXPECT_THROW(run(narrow.execute("INSERT INTO children VALUES (1, 7)")), foreign_key_violation);
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    tx.enqueue("INSERT INTO children VALUES (1, 7)", {});
    bool violated = false;
    try {
      co_await tx.commit();
    } catch (const foreign_key_violation&) {
      violated = true;
    }
    EXPECT_TRUE(violated);
  }(narrow));
  double failed = 0;
  for (const auto& each : narrow.metrics()) {
    const bool is_error = std::find(each.labels.begin(), each.labels.end(), std::pair<std::string, std::string>{
                                                                                "outcome", "error"}) != each.labels.end();
    if (each.name == "database_statements_total" && is_error) failed += each.value;
  }
  EXPECT_EQ(failed, 2);
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    tx.enqueue("INSERT INTO children VALUES (1, 7)", {});
    tx.enqueue("INSERT INTO parents VALUES (7)", {});
    co_await tx.commit();
  }(narrow));
  EXPECT_EQ(execute("SELECT count(*) FROM children")[0][0].as<int>(), 1);
}

TEST_P(Transactions, ManyStatementsGoTogether) {
  make_people();
  auto settings = options();
  settings.pool_size = 1;
  auto& narrow = open(settings);
  // More than a socket holds, and more different ones than are kept prepared.
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    for (int i = 0; i < 3000; ++i) {
      tx.enqueue("INSERT INTO people VALUES ($1, $2, NULL)", {i, std::string(1000, 'x')});
    }
    for (int i = 0; i < 600; ++i) tx.enqueue("UPDATE people SET name = 'y' WHERE id = " + std::to_string(i), {});
    co_await tx.commit();
  }(narrow));
  EXPECT_EQ(execute("SELECT count(*) FROM people WHERE name = 'y'")[0][0].as<int>(), 600);
  for (int i = 0; i < 300; ++i) run(narrow.execute("SELECT " + std::to_string(i)));
  EXPECT_EQ(count_people(), 3000);
}

TEST_P(Transactions, CopyIsRefusedAndHoldsNobodyUp) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite has no COPY";
  make_people();
  EXPECT_EQ(message_of<database_error>([&] { execute("COPY people FROM STDIN"); }),
            "COPY cannot be executed as a statement");
  EXPECT_EQ(message_of<database_error>([&] { execute("COPY people TO STDOUT"); }),
            "COPY cannot be executed as a statement");
  EXPECT_THROW(run([](database& db) -> task<void> {
                 auto tx = co_await db.begin();
                 tx.enqueue("INSERT INTO people VALUES (1, 'a', NULL)", {});
                 tx.enqueue("COPY people TO STDOUT", {});
                 co_await tx.commit();
               }(db())),
               database_error);
  EXPECT_EQ(count_people(), 0);
}

TEST_P(Transactions, ACommitThatIsNotExecutedIsAFailureAndLeavesNothingOpen) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite's prepared statements cannot be taken away";
  make_people();
  auto settings = options();
  settings.pool_size = 1;
  auto& narrow = open(settings);
  const auto fails = [](database& db, std::string script) -> task<bool> {
    auto tx = co_await db.begin();
    co_await tx.execute("INSERT INTO people VALUES (1, 'a', NULL)");
    try {
      co_await tx.execute_script(script);
    } catch (const database_error&) {
      // the server's transaction has failed: so has ours
    }
    try {
      co_await tx.commit();
      co_return false;
    } catch (const database_error&) {
      co_return true;
    }
  };
  run([](database& db) -> task<void> {  // so that COMMIT is prepared
    auto tx = co_await db.begin();
    co_await tx.execute("SELECT 1");
    co_await tx.commit();
  }(narrow));
  EXPECT_TRUE(run(fails(narrow, "DEALLOCATE ALL")));
  EXPECT_EQ(run(narrow.execute("SELECT count(*) FROM people"))[0][0].as<int>(), 0);
  EXPECT_TRUE(run(fails(narrow, "DEALLOCATE nosuch")));
  EXPECT_EQ(run(narrow.execute("SELECT count(*) FROM people"))[0][0].as<int>(), 0);
  EXPECT_THROW(run(narrow.execute("EXECUTE nosuch")), database_error);
  EXPECT_EQ(run(narrow.execute("SELECT count(*) FROM people"))[0][0].as<int>(), 0);
}

TEST_P(Transactions, WhatHasBegunIsNotRepeatedWhereItsConnectionBreaks) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite's connection is the process itself";
  execute("CREATE SEQUENCE numbers");
  auto settings = options();
  settings.pool_size = 1;
  auto& narrow = open(settings);
  run(narrow.execute("SELECT 1"));  // so that the connection is there, and idle
  EXPECT_THROW(run([](database& db) -> task<void> {
                 auto tx = co_await db.begin();
                 co_await tx.execute("SELECT nextval('numbers'), pg_terminate_backend(pg_backend_pid())");
               }(narrow)),
               database_unavailable);
  EXPECT_EQ(execute("SELECT nextval('numbers') AS n")[0]["n"].as<int>(), 2);
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

TEST_P(Transactions, ManyOfTheSameStatementForgetNoOthers) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite does not tell what is prepared";
  make_people();
  auto settings = options();
  settings.pool_size = 1;
  auto& narrow = open(settings);
  for (int i = 0; i < 100; ++i) run(narrow.execute("SELECT " + std::to_string(i)));
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    for (int i = 0; i < 300; ++i) tx.enqueue("INSERT INTO people VALUES ($1, 'x', NULL)", {i});
    co_await tx.commit();
  }(narrow));
  const auto prepared = [&] { return run(narrow.execute("SELECT count(*) FROM pg_prepared_statements"))[0][0].as<int>(); };
  EXPECT_GE(prepared(), 103);
  for (int i = 100; i < 400; ++i) run(narrow.execute("SELECT " + std::to_string(i)));
  EXPECT_LE(prepared(), 256);
  run([](database& db) -> task<void> {  // what is to be forgotten may be gone
    auto tx = co_await db.begin();
    co_await tx.execute_script("DEALLOCATE ALL");
    co_await tx.rollback();
  }(narrow));
  for (int i = 400; i < 700; ++i) EXPECT_EQ(run(narrow.execute("SELECT " + std::to_string(i)))[0][0].as<int>(), i);
}

TEST_P(Transactions, AStatementMayHaveOtherColumnsTheNextTime) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite has no cursors";
  auto settings = options();
  settings.pool_size = 1;
  auto& narrow = open(settings);
  const auto fetch = [](database& db, std::string query) -> task<result_set> {
    auto tx = co_await db.begin();
    co_await tx.execute("DECLARE c CURSOR FOR " + query);
    auto rows = co_await tx.execute("FETCH 10 FROM c");
    co_await tx.commit();
    co_return rows;
  };
  EXPECT_EQ(run(fetch(narrow, "SELECT 1 AS a"))[0]["a"].as<int>(), 1);
  EXPECT_EQ(run(fetch(narrow, "SELECT 'x' AS b, 2 AS c, true AS d"))[0]["c"].as<int>(), 2);
  EXPECT_EQ(run(fetch(narrow, "SELECT 'y' AS e"))[0]["e"].as<std::string>(), "y");
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
