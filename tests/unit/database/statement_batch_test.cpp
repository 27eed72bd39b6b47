// Statements that go to the database together: enqueued ones, with the BEGIN before and the COMMIT behind them.
#include "support.hpp"

#include <nestcpp/database/errors.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp::test {
namespace {

class StatementBatches : public database_test {
 protected:
  void make_people() {
    execute(ddl("CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, email text UNIQUE)"));
  }
  std::int64_t count_people() { return execute("SELECT count(*) AS n FROM people")[0]["n"].as<std::int64_t>(); }
  // With one connection, so that it is the one that has to go on.
  database& open_narrow() {
    auto settings = options();
    settings.pool_size = 1;
    return open(settings);
  }
};
NESTCPP_ON_BOTH_DRIVERS(StatementBatches);

TEST_P(StatementBatches, SendsEnqueuedStatementsWithTheCommit) {
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
TEST_P(StatementBatches, EnqueuedStatementsBuildOnEachOther) {
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

TEST_P(StatementBatches, NothingIsExecutedAfterAStatementThatFails) {
  make_people();
  database& narrow = open_narrow();
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

TEST_P(StatementBatches, WhatIsCheckedAtTheCommitFailsIt) {
  execute(ddl("CREATE TABLE parents (id integer PRIMARY KEY)"));
  execute(
      ddl("CREATE TABLE children (id integer PRIMARY KEY, parent integer REFERENCES parents (id) DEFERRABLE INITIALLY "
          "DEFERRED)"));
  database& narrow = open_narrow();
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
    const bool is_error = std::find(each.labels.begin(), each.labels.end(),
                                    std::pair<std::string, std::string>{"outcome", "error"}) != each.labels.end();
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

TEST_P(StatementBatches, ManyStatementsGoTogether) {
  make_people();
  database& narrow = open_narrow();
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

TEST_P(StatementBatches, CopyIsRefusedAndHoldsNobodyUp) {
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

TEST_P(StatementBatches, ACommitThatIsNotExecutedIsAFailureAndLeavesNothingOpen) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite's prepared statements cannot be taken away";
  make_people();
  database& narrow = open_narrow();
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

TEST_P(StatementBatches, ManyOfTheSameStatementForgetNoOthers) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite does not tell what is prepared";
  make_people();
  database& narrow = open_narrow();
  for (int i = 0; i < 100; ++i) run(narrow.execute("SELECT " + std::to_string(i)));
  run([](database& db) -> task<void> {
    auto tx = co_await db.begin();
    for (int i = 0; i < 300; ++i) tx.enqueue("INSERT INTO people VALUES ($1, 'x', NULL)", {i});
    co_await tx.commit();
  }(narrow));
  const auto prepared = [&] {
    return run(narrow.execute("SELECT count(*) FROM pg_prepared_statements"))[0][0].as<int>();
  };
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

TEST_P(StatementBatches, AStatementMayHaveOtherColumnsTheNextTime) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite has no cursors";
  database& narrow = open_narrow();
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

TEST_P(StatementBatches, WhatHasBegunIsNotRepeatedWhereItsConnectionBreaks) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite's connection is the process itself";
  execute("CREATE SEQUENCE numbers");
  database& narrow = open_narrow();
  run(narrow.execute("SELECT 1"));  // so that the connection is there, and idle
  EXPECT_THROW(run([](database& db) -> task<void> {
                 auto tx = co_await db.begin();
                 co_await tx.execute("SELECT nextval('numbers'), pg_terminate_backend(pg_backend_pid())");
               }(narrow)),
               database_unavailable);
  EXPECT_EQ(execute("SELECT nextval('numbers') AS n")[0]["n"].as<int>(), 2);
}

}  // namespace
}  // namespace nestcpp::test
