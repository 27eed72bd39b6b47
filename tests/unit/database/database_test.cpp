#include "core/log_capture.hpp"
#include "support.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/database/errors.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstring>
#include <fstream>
#include <limits>
#include <map>

namespace nestcpp::test {
namespace {

class Database : public database_test {
 protected:
  void make_people() {
    execute(ddl("CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, email text UNIQUE)"));
  }
  std::int64_t count_people() { return execute("SELECT count(*) AS n FROM people")[0]["n"].as<std::int64_t>(); }
};
NESTCPP_ON_BOTH_DRIVERS(Database);

TEST_P(Database, StoresEveryTypeAndReadsItBack) {
  execute(
      ddl("CREATE TABLE things (id {uuid}, flag {bool}, small integer, large bigint, ratio {real}, words text, at "
          "{time}, missing text)"));
  const auto id = uuid::v7();
  const auto at = timestamp::from_unix_ms(1'795'384'475'342);
  const auto result = execute("INSERT INTO things VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", id, true, -7,
                              std::numeric_limits<std::int64_t>::max(), 0.1, "text", at, nullptr);
  EXPECT_EQ(result.affected_rows(), 1U);
  EXPECT_TRUE(result.empty());

  const auto rows = execute("SELECT * FROM things WHERE id = $1", id);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.affected_rows(), 0U);
  const auto row = rows[0];
  EXPECT_EQ(row["id"].as<uuid>(), id);
  EXPECT_EQ(row["id"].as<std::string>(), id.to_string());
  EXPECT_TRUE(row["flag"].as<bool>());
  EXPECT_EQ(row["small"].as<int>(), -7);
  EXPECT_EQ(row["large"].as<std::int64_t>(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(row["ratio"].as<double>(), 0.1);
  EXPECT_EQ(row["words"].as<std::string_view>(), "text");
  EXPECT_EQ(row["at"].as<timestamp>(), at);
  EXPECT_EQ(row["at"].as<std::optional<timestamp>>(), at);
  EXPECT_TRUE(row["missing"].is_null());
  EXPECT_EQ(row["missing"].as<std::optional<std::string>>(), std::nullopt);
}

TEST_P(Database, StoresJson) {
  execute(is_postgres() ? "CREATE TABLE things (id integer, data jsonb)"
                        : "CREATE TABLE things (id integer, data text)");
  const boost::json::value document{{"name", "Zoë \" \\"}, {"list", {1, 2.5, nullptr, true}}};
  execute("INSERT INTO things VALUES (1, $1), (2, $2), (3, $3)", document, boost::json::value{nullptr},
          std::optional<boost::json::value>{});
  const auto rows = execute("SELECT data FROM things ORDER BY id");
  EXPECT_EQ(rows[0]["data"].as<boost::json::value>(), document);
  EXPECT_EQ(rows[1]["data"].as<boost::json::value>(), boost::json::value{nullptr});
  EXPECT_EQ(rows[2]["data"].as<std::optional<boost::json::value>>(), std::nullopt);
  if (is_postgres()) {
    EXPECT_EQ(execute("SELECT data ->> 'name' AS name FROM things WHERE id = 1")[0]["name"].as<std::string>(),
              "Zoë \" \\");
  }
}

TEST_P(Database, StoresArrays) {
  const auto array = [](const char* of) { return is_postgres() ? std::string{of} + "[]" : std::string{"text"}; };
  execute("CREATE TABLE things (texts " + array("text") + ", numbers " + array("bigint") + ", flags " +
          array("boolean") + ", reals " + array("double precision") + ", ids " + array("uuid") + ", times " +
          array("timestamptz") + ", documents " + array("jsonb") + ")");
  const std::vector<std::optional<std::string>> texts{"",
                                                      "a,b",
                                                      "{\"x\"}",
                                                      "back\\slash",
                                                      "NULL",
                                                      " spaces ",
                                                      "null",
                                                      "Zoë",
                                                      "line\nfeed",
                                                      std::nullopt,
                                                      "'; DROP TABLE things; --"};
  const std::vector<std::int64_t> numbers{-1, 0, std::numeric_limits<std::int64_t>::max()};
  const std::vector<bool> flags{true, false};
  const std::vector<double> reals{0.1, -1e300, std::numeric_limits<double>::infinity()};
  const std::vector<uuid> ids{uuid::v7(), uuid::v4()};
  const std::vector<timestamp> times{timestamp::from_unix_ms(1'795'384'475'342), timestamp::from_unix_ms(0)};
  const std::vector<boost::json::value> documents{{{"a", 1}}, "text", 5, {1, 2}};
  execute("INSERT INTO things VALUES ($1, $2, $3, $4, $5, $6, $7)", texts, numbers, flags, reals, ids, times,
          documents);
  const auto row = execute("SELECT * FROM things")[0];
  EXPECT_EQ(row["texts"].as<std::vector<std::optional<std::string>>>(), texts);
  EXPECT_EQ(row["numbers"].as<std::vector<std::int64_t>>(), numbers);
  EXPECT_EQ(row["flags"].as<std::vector<bool>>(), flags);
  EXPECT_EQ(row["reals"].as<std::vector<double>>(), reals);
  EXPECT_EQ(row["ids"].as<std::vector<uuid>>(), ids);
  EXPECT_EQ(row["times"].as<std::vector<timestamp>>(), times);
  EXPECT_EQ(row["documents"].as<std::vector<boost::json::value>>(), documents);

  EXPECT_EQ(message_of<database_error>([&] { static_cast<void>(row["texts"].as<std::vector<std::string>>()); }),
            "column \"texts\" is null where a text is wanted; read it as std::optional");
  EXPECT_EQ(message_of<database_error>([&] { static_cast<void>(row["texts"].as<std::vector<int>>()); }),
            "column \"texts\" holds a text, which is not an integer");
  EXPECT_EQ(
      message_of<database_error>([&] { static_cast<void>(execute("SELECT 'x' AS x")[0]["x"].as<std::vector<int>>()); }),
      "column \"x\" holds a text, which is not an array");
  EXPECT_EQ(message_of<database_error>(
                [&] { execute("SELECT 1 WHERE $1 = '1'", std::vector<std::string>{std::string{"a\0b", 3}}); }),
            "parameter $1 contains a NUL character, which a database cannot store in text");

  execute("DELETE FROM things");
  execute("INSERT INTO things (texts) VALUES ($1)", std::vector<std::string>{});
  EXPECT_TRUE(execute("SELECT texts FROM things")[0]["texts"].as<std::vector<std::string>>().empty());
  if (!is_postgres()) return;
  const auto read = [&](const char* sql) { return execute(sql)[0][0].as<std::vector<int>>(); };
  EXPECT_EQ(read("SELECT '[2:3]={7,8}'::int[]"), (std::vector<int>{7, 8}));
  EXPECT_EQ(message_of<database_error>([&] { read("SELECT '{{1,2},{3,4}}'::int[]"); }),
            "column \"int4\" holds a text, which is not an array");
  EXPECT_EQ(
      execute("SELECT count(*) FROM generate_series(1, 9) AS n WHERE n = ANY($1::int[])", std::vector<int>{2, 4})[0][0]
          .as<int>(),
      2);
}

TEST_P(Database, KeepsTextAsItIs) {
  make_people();
  const std::string texts[] = {"",
                               "'; DROP TABLE people; --",
                               "Robert'); DELETE FROM people; --",
                               "$1 ? ?1 :a @b \\ \" ' `",
                               "Zoë 😀 \"q\" \\",
                               "line\nfeed\ttab\x01\x7f",
                               "%s %d {}",
                               std::string(200'000, 'x')};
  int id = 0;
  for (const auto& text : texts) {
    execute("INSERT INTO people VALUES ($1, $2, NULL)", ++id, text);
    EXPECT_EQ(execute("SELECT name FROM people WHERE id = $1", id)[0]["name"].as<std::string>(), text);
    EXPECT_EQ(execute("SELECT id FROM people WHERE name = $1", text).size(), 1U);
  }
  EXPECT_EQ(count_people(), id);
}

TEST_P(Database, ReplacesInvalidUtf8) {
  make_people();
  execute("INSERT INTO people VALUES (1, $1, NULL)", "a\xFF\xC0\xAFz");  // never valid, overlong
  execute("INSERT INTO people VALUES (2, $1, NULL)",
          "a\xED\xA0\x80z\xE2\x82");  // a lone surrogate is one character; cut off
  EXPECT_EQ(execute("SELECT name FROM people WHERE id = 1")[0][0].as<std::string>(),
            "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(execute("SELECT name FROM people WHERE id = 2")[0][0].as<std::string>(), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
}

TEST_P(Database, RefusesNulInText) {
  make_people();
  const std::string evil{"a\0b", 3};
  EXPECT_EQ(message_of<database_error>([&] { execute("INSERT INTO people VALUES ($1, $2, NULL)", 1, evil); }),
            "parameter $2 contains a NUL character, which a database cannot store in text");
  EXPECT_EQ(count_people(), 0);
}

TEST_P(Database, NumbersParametersByTheirNumber) {
  make_people();
  execute("INSERT INTO people (name, email, id) VALUES ($2, $2, $1)", 5, "twice");
  const auto row = execute("SELECT * FROM people")[0];
  EXPECT_EQ(row["id"].as<int>(), 5);
  EXPECT_EQ(row["name"].as<std::string>(), "twice");
  EXPECT_EQ(row["email"].as<std::string>(), "twice");
}

TEST_P(Database, UniqueViolationNamesItsColumn) {
  make_people();
  execute("INSERT INTO people VALUES (1, 'a', 'a@x.io')");
  try {
    execute("INSERT INTO people VALUES (2, 'b', $1)", "a@x.io");
    FAIL() << "no exception";
  } catch (const unique_violation& violation) {
    EXPECT_EQ(violation.columns(), std::vector<std::string>{"email"});
    EXPECT_EQ(violation.constraint(), is_postgres() ? "people_email_key" : "people.email");
    EXPECT_EQ(std::string{violation.what()}.find("a@x.io"), std::string::npos)
        << "quotes a value: " << violation.what();
  }
  EXPECT_THROW(execute("INSERT INTO people VALUES (1, 'b', NULL)"), unique_violation);
}

TEST_P(Database, UniqueViolationOfSeveralColumnsAndOfAnExpression) {
  execute("CREATE TABLE places (city text, street text, note text, UNIQUE (city, street))");
  execute("CREATE UNIQUE INDEX places_note ON places (lower(note))");
  execute("INSERT INTO places VALUES ('a', 'b', 'N')");
  try {
    execute("INSERT INTO places VALUES ('a', 'b', 'o')");
    FAIL() << "no exception";
  } catch (const unique_violation& violation) {
    EXPECT_EQ(violation.columns(), (std::vector<std::string>{"city", "street"}));
  }
  try {
    execute("INSERT INTO places VALUES ('c', 'd', 'n')");
    FAIL() << "no exception";
  } catch (const unique_violation& violation) {
    EXPECT_EQ(violation.constraint(), "places_note");
  }
}

TEST_P(Database, ForeignKeyViolation) {
  make_people();
  execute("CREATE TABLE pets (owner integer NOT NULL CONSTRAINT pets_owner REFERENCES people (id))");
  try {
    execute("INSERT INTO pets VALUES (99)");
    FAIL() << "no exception";
  } catch (const foreign_key_violation& violation) {
    EXPECT_EQ(violation.constraint(), is_postgres() ? "pets_owner" : "");
  }
}

TEST_P(Database, RefusesWhatIsWrongWithAStatement) {
  make_people();
  EXPECT_THROW(execute("SELEKT 1"), database_error);
  EXPECT_THROW(execute("SELECT * FROM nowhere"), database_error);
  EXPECT_THROW(execute("SELECT id FROM people WHERE id = $1"), database_error);
  EXPECT_THROW(execute("SELECT id FROM people WHERE id = $1", 1, 2), database_error);
  EXPECT_THROW(execute("INSERT INTO people VALUES (1, 'a', NULL); INSERT INTO people VALUES (2, 'b', NULL)"),
               database_error);
  EXPECT_EQ(count_people(), 0);
  EXPECT_EQ(message_of<database_error>([&] { static_cast<void>(execute("SELECT 1 AS a, 2 AS b")[0]["c"]); }),
            "the result has no column \"c\"; it has: a, b");
  EXPECT_EQ(message_of<database_error>([&] {
              static_cast<void>(execute("SELECT NULL AS a")[0]["a"].as<std::string>());
            }).find("column \"a\" is null"),
            0U);
  EXPECT_THROW(static_cast<void>(execute("SELECT 300 AS a")[0]["a"].as<std::int8_t>()), database_error);
  EXPECT_THROW(static_cast<void>(execute("SELECT 'x' AS a")[0]["a"].as<int>()), database_error);
}

TEST_P(Database, CancelsStatementsThatTakeTooLong) {
  auto settings = options();
  settings.statement_timeout = 100ms;
  auto& impatient = open(settings);
  const std::string slow =
      is_postgres() ? "SELECT pg_sleep(30)"
                    : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  EXPECT_EQ(message_of<statement_timeout>([&] { run(impatient.execute(slow)); }),
            "the statement was cancelled after 100 ms");
  EXPECT_EQ(run(impatient.execute("SELECT 1 AS one"))[0]["one"].as<int>(), 1);
}

TEST_P(Database, ACancelledCallerEndsItsStatement) {
  auto settings = options();
  settings.pool_size = 1;
  settings.statement_timeout = 30s;
  auto& one = open(settings);
  const std::string slow =
      is_postgres() ? "SELECT pg_sleep(20)"
                    : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(run([](database& db, std::string sql, std::chrono::milliseconds patience) -> task<std::string> {
                try {
                  co_await with_deadline(db.execute(std::move(sql)), deadline::after(patience));
                } catch (const deadline_exceeded&) {
                  co_return "late";
                }
                co_return "ended";
              }(one, slow, std::chrono::milliseconds{i})),
              "late");
    // The connection is free again, and what comes next is not cut short by a cancellation that came late.
    EXPECT_EQ(run(one.execute("SELECT 1 AS one"))[0]["one"].as<int>(), 1);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 15s);
}

TEST_P(Database, SeesTablesThatChangeUnderPreparedStatements) {
  make_people();
  execute("INSERT INTO people VALUES (1, 'a', NULL)");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(execute("SELECT * FROM people").columns().size(), 3U);
  execute("ALTER TABLE people ADD COLUMN age integer");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(execute("SELECT * FROM people").columns().size(), 4U);
}

TEST_P(Database, MoreStatementsThanTheCacheHolds) {
  for (int i = 0; i < 600; ++i) {
    EXPECT_EQ(execute("SELECT " + std::to_string(i) + " AS n")[0]["n"].as<int>(), i);
  }
}

TEST_P(Database, ClosesAfterWhatRuns) {
  make_people();
  auto& mine = open();
  run([](database& db) -> task<void> {
    auto tx = std::make_shared<transaction>(co_await db.begin());
    const auto executor = co_await boost::asio::this_coro::executor;
    auto finish = [](std::shared_ptr<transaction> last) -> task<void> {
      co_await sleep_for(20ms);
      co_await last->execute("INSERT INTO people VALUES (1, 'last', NULL)");
      co_await last->commit();
    };
    auto done = boost::asio::co_spawn(executor, finish(std::move(tx)), boost::asio::use_future);
    co_await db.close();
    EXPECT_EQ(done.wait_for(0s), std::future_status::ready) << "close() did not wait";
    done.get();
    bool refused = false;
    try {
      co_await db.execute("SELECT 1");
    } catch (const database_unavailable&) {
      refused = true;
    }
    EXPECT_TRUE(refused);
  }(mine));
  EXPECT_EQ(count_people(), 1);
}

TEST_P(Database, PingsAndDescribesItself) {
  run(db().ping());
  EXPECT_EQ(db().driver(), GetParam());
  EXPECT_EQ(db().description().find(is_postgres() ? "PostgreSQL at 127.0.0.1:" : "SQLite "), 0U);
}

TEST(PostgresDatabase, SaysThatItCannotBeReached) {
  loops all;
  database_options settings;
  settings.driver = database_driver::postgres;
  settings.port = 1;
  settings.connect_timeout = 200ms;
  const auto unreachable = make_database(all.get(), settings);
  const auto message = message_of<startup_error>([&] { all.run(unreachable->connect()); });
  EXPECT_EQ(message.find("cannot reach PostgreSQL at 127.0.0.1:1 within 200 ms: "), 0U) << message;
  EXPECT_NE(message.find("refused"), std::string::npos) << message;
  EXPECT_THROW(all.run(unreachable->execute("SELECT 1")), database_unavailable);
}

TEST(SqliteDatabase, SaysWhatItCannotOpen) {
  loops all;
  const temporary_folder folder;
  std::ofstream{folder.path() / "file"} << "not a folder";
  database_options settings;
  settings.path = (folder.path() / "file/data.sqlite3").string();
  settings.connect_timeout = 60s;  // not waited for
  auto impossible = make_database(all.get(), settings);
  EXPECT_NE(message_of<startup_error>([&] { all.run(impossible->connect()); }).find(settings.path), std::string::npos);

  settings.path = (folder.path() / "text.sqlite3").string();
  std::ofstream{settings.path} << std::string(5000, 'x');
  auto text = make_database(all.get(), settings);
  EXPECT_NE(message_of<startup_error>([&] { all.run(text->connect()); }).find("not a database"), std::string::npos);
}

TEST(SqliteDatabase, LivesInMemoryAsWell) {
  loops all;
  database_options settings;
  settings.path = ":memory:";
  const auto db = make_database(all.get(), settings);
  all.run(db->execute("CREATE TABLE t (n integer)"));
  all.run(db->execute("INSERT INTO t VALUES ($1)", 4));
  EXPECT_EQ(all.run(db->execute("SELECT n FROM t"))[0][0].as<int>(), 4);
}

TEST(SqliteDatabase, ReadersDoNotWaitForTheWriter) {
  loops all;
  const temporary_folder folder;
  database_options settings;
  settings.path = (folder.path() / "db.sqlite3").string();
  const auto db = make_database(all.get(), settings);
  all.run(db->execute("CREATE TABLE t (n integer)"));
  auto tx = all.run(db->begin());
  all.run(tx.execute("INSERT INTO t VALUES (1)"));
  EXPECT_EQ(all.run(db->execute("SELECT count(*) FROM t"))[0][0].as<int>(), 0);
  all.run(tx.commit());
  EXPECT_EQ(all.run(db->execute("SELECT count(*) FROM t"))[0][0].as<int>(), 1);
}

TEST_P(Database, ReplacesConnectionsThatAreOld) {
  auto wanted = options();
  wanted.pool_size = 2;
  wanted.max_lifetime = 50ms;
  database& aging = open(wanted);
  if (!is_postgres()) {
    for (int i = 0; i < 3; ++i) {
      std::this_thread::sleep_for(60ms);
      EXPECT_EQ(run(aging.execute("SELECT 1"))[0][0].as<int>(), 1);
    }
    return;
  }
  const auto pid = [&] { return run(aging.execute("SELECT pg_backend_pid()"))[0][0].as<int>(); };
  const int first = pid();
  EXPECT_EQ(pid(), first);
  std::this_thread::sleep_for(60ms);
  EXPECT_NE(pid(), first);
}

TEST_P(Database, LogsSlowStatementsWithoutTheirValues) {
  auto wanted = options();
  wanted.slow_query_threshold = 1ms;
  database& slow = open(wanted);
  const detail::log_capture log{log_level::warn};
  const std::string text = is_postgres() ? "SELECT pg_sleep(0.01), $1::text"
                                         : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                                           "300000) SELECT max(i), $1 FROM n";
  run(slow.execute(text, "a secret"));
  EXPECT_TRUE(log.contains("slow statement, "));
  EXPECT_TRUE(log.contains("$1"));
  EXPECT_FALSE(log.contains("a secret"));
}

TEST_P(Database, HasMetrics) {
  execute("SELECT 1");
  EXPECT_THROW(execute("SELECT nonsense"), database_error);
  std::map<std::string, double> found;
  for (const auto& each : db().metrics()) {
    std::string name = each.name;
    for (const auto& [label, value] : each.labels) {
      if (label != "pool") name += " " + value;
    }
    found[name] += each.kind == metric_kind::histogram ? each.distribution.sum : each.value;
  }
  EXPECT_EQ(found.at("database_connections in_use"), 0);
  EXPECT_GE(found.at("database_connections idle"), 1);
  EXPECT_EQ(found.at("database_connections_max"), 4);
  EXPECT_EQ(found.at("database_waiting_callers"), 0);
  EXPECT_GE(found.at("database_statements_total ok"), 1);
  EXPECT_EQ(found.at("database_statements_total error"), 1);
  EXPECT_GT(found.at("database_statement_duration_seconds"), 0);
}

}  // namespace
}  // namespace nestcpp::test
