#include <nestcpp/database/migrations.hpp>

#include "support.hpp"

#include <nestcpp/core/exceptions.hpp>

namespace nestcpp::test {
namespace {

class Migrations : public database_test {
 protected:
  static std::vector<migration> two() {
    return {migration::both(1, "create a", "CREATE TABLE a (n integer);\nINSERT INTO a VALUES (1);\n"),
            {.version = 2,
             .name = "create b",
             .sqlite = "CREATE TABLE b (n integer PRIMARY KEY AUTOINCREMENT)",
             .postgres = "CREATE TABLE b (n serial PRIMARY KEY); CREATE INDEX b_n ON b (n)"}};
  }
  std::size_t apply(std::vector<migration> list) { return run(migrate(db(), "my_migrations", std::move(list))); }
  std::string refusal(std::vector<migration> list) {
    return message_of<startup_error>([&] { apply(std::move(list)); });
  }
};
NESTCPP_ON_BOTH_DRIVERS(Migrations);

TEST_P(Migrations, ApplyEachOnce) {
  auto list = two();
  list.pop_back();
  EXPECT_EQ(apply(list), 1U);
  EXPECT_EQ(apply(two()), 1U);
  EXPECT_EQ(apply(two()), 0U);
  EXPECT_EQ(execute("SELECT count(*) FROM a")[0][0].as<int>(), 1);
  EXPECT_EQ(execute("SELECT count(*) FROM b")[0][0].as<int>(), 0);
  const auto rows = execute("SELECT version, name, applied_at FROM my_migrations ORDER BY version");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1]["name"].as<std::string>(), "create b");
  EXPECT_LT(timestamp::now() - rows[1]["applied_at"].as<timestamp>(), 1min);
}

TEST_P(Migrations, OfTwoServicesDoNotMeet) {
  EXPECT_EQ(apply(two()), 2U);
  EXPECT_EQ(run(migrate(db(), "other_migrations", {migration::both(1, "create c", "CREATE TABLE c (n integer)")})), 1U);
  EXPECT_EQ(apply(two()), 0U);
}

TEST_P(Migrations, RefuseWhatHasChanged) {
  apply(two());
  auto list = two();
  list[0].sqlite += " ";
  list[0].postgres += " ";
  EXPECT_EQ(
      refusal(list),
      "migration 1 \"create a\" has changed since it was applied (see my_migrations); undo the edit and add a new "
      "migration instead");
  list = two();
  list[0].sqlite = list[0].postgres =
      "CREATE TABLE a (n integer);\r\nINSERT INTO a VALUES (1);\r\n";  // line ends do not count
  EXPECT_EQ(apply(list), 0U);
}

TEST_P(Migrations, RefuseADatabaseThatIsAhead) {
  apply(two());
  auto list = two();
  list.pop_back();
  EXPECT_EQ(
      refusal(list),
      "the database is ahead of this program: my_migrations lists migration 2 \"create b\", this program knows up "
      "to 1; start a newer release");
}

TEST_P(Migrations, RefuseNumbersOutOfOrder) {
  auto list = two();
  std::swap(list[0], list[1]);
  EXPECT_EQ(refusal(list), "migration 1 \"create a\" follows 2: numbers rise from 1");
  apply({migration::both(3, "three", "CREATE TABLE three (n integer)")});
  list = {migration::both(2, "late", "CREATE TABLE late (n integer)"),
          migration::both(3, "three", "CREATE TABLE three (n integer)")};
  EXPECT_EQ(refusal(list).find("migration 2 \"late\" was never applied, but 3 was"), 0U);
  EXPECT_EQ(refusal({{.version = 4, .name = "none"}}).find("migration 4 \"none\" has no SQL for "), 0U);
}

TEST_P(Migrations, KeepNothingOfARunThatFails) {
  auto list = two();
  list.push_back(migration::both(3, "broken", "CREATE TABLE fine (n integer); CREATE TABLE a (n integer)"));
  EXPECT_EQ(refusal(list).find("migration 3 \"broken\" failed: "), 0U);
  EXPECT_THROW(execute("SELECT * FROM b"), database_error);
  EXPECT_EQ(apply(two()), 2U);
}

TEST_P(Migrations, StartingAtOnceIsSafe) {
  constexpr int processes = 6;
  auto settings = options();
  settings.pool_size = 2;
  std::vector<database*> pools;
  for (int i = 0; i < processes; ++i) pools.push_back(&open(settings));
  std::vector<std::future<std::size_t>> all;
  for (auto* each : pools) all.push_back(loops_.start(migrate(*each, "my_migrations", two())));
  std::size_t applied = 0;
  for (auto& each : all) applied += each.get();
  EXPECT_EQ(applied, 2U);
  EXPECT_EQ(execute("SELECT count(*) FROM a")[0][0].as<int>(), 1);
}

TEST_P(Migrations, GoDownAsFarAsThereIsAWay) {
  const std::vector<migration> list{
      migration::both(1, "create a", "CREATE TABLE a (n integer)"),
      migration::both(2, "create b", "CREATE TABLE b (n integer)", "DROP TABLE b"),
      {.version = 4,
       .name = "fill b",
       .run = [](transaction& tx) -> task<void> { co_await tx.execute("INSERT INTO b VALUES ($1)", 7); },
       .run_down = [](transaction& tx) -> task<void> { co_await tx.execute("DELETE FROM b"); }}};
  const auto down = [&](int version) { return run(migrate_down(db(), "my_migrations", list, version)); };
  EXPECT_EQ(down(0), 0U);
  EXPECT_EQ(apply(list), 3U);
  EXPECT_EQ(execute("SELECT n FROM b")[0][0].as<int>(), 7);
  EXPECT_EQ(down(4), 0U);
  EXPECT_EQ(down(2), 1U);
  EXPECT_EQ(execute("SELECT count(*) FROM b")[0][0].as<int>(), 0);
  EXPECT_EQ(apply(list), 1U);
  EXPECT_EQ(message_of<startup_error>([&] { down(0); }),
            "migration 1 \"create a\" has nothing that undoes it; the lowest that can be gone down to is 1");
  EXPECT_EQ(execute("SELECT n FROM b")[0][0].as<int>(), 7) << "a refusal undoes nothing";
  EXPECT_EQ(down(1), 2U);
  EXPECT_THROW(execute("SELECT * FROM b"), database_error);
  EXPECT_EQ(apply(list), 2U);
}

TEST_P(Migrations, TellTheirStatusAndChangeNothing) {
  const auto status = [&](std::vector<migration> list) {
    std::string shown;
    for (const auto& each : run(migrations_status(db(), "my_migrations", std::move(list)))) {
      shown += std::to_string(each.version) + (each.applied_at ? " applied" : " pending");
      if (each.has_changed) shown += " changed";
      if (each.is_unknown) shown += " unknown";
      shown += "; ";
    }
    return shown;
  };
  EXPECT_EQ(status(two()), "1 pending; 2 pending; ");
  EXPECT_THROW(execute("SELECT * FROM my_migrations"), database_error);
  auto first = two();
  first.pop_back();
  apply(first);
  EXPECT_EQ(status(two()), "1 applied; 2 pending; ");
  apply(two());
  first[0].sqlite += "x";
  first[0].postgres += "x";
  EXPECT_EQ(status(first), "1 applied changed; 2 applied unknown; ");
}

TEST_P(Migrations, ThatAreCodeFailAsOthersDo) {
  EXPECT_EQ(refusal({{.version = 1,
                      .name = "code",
                      .run = [](transaction& tx) -> task<void> {
                        co_await tx.execute("CREATE TABLE c (n integer)");
                        throw std::runtime_error{"no"};
                      }}}),
            "migration 1 \"code\" failed: no");
  EXPECT_THROW(execute("SELECT * FROM c"), database_error);
}

TEST_P(Migrations, RefuseATableNameThatIsNone) {
  EXPECT_THROW(run(migrate(db(), "x; DROP TABLE a", two())), database_error);
}

}  // namespace
}  // namespace nestcpp::test
