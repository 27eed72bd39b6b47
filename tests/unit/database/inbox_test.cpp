#include <nestcpp/database/inbox.hpp>

#include "support.hpp"

#include <nestcpp/database/errors.hpp>
#include <nestcpp/database/migrations.hpp>

#include <algorithm>
#include <future>
#include <string>
#include <vector>

namespace nestcpp::test {
namespace {

class Inbox : public database_test {
 protected:
  void SetUp() override {
    database_test::SetUp();
    if (IsSkipped()) return;
    run(migrate(db(), "inbox_migrations", {inbox_.create_table(1)}));
  }

  inbox inbox_{"user_inbox"};
};
NESTCPP_ON_BOTH_DRIVERS(Inbox);

TEST_P(Inbox, KnowsWhatCameBefore) {
  const auto handle = [](database& db, inbox box, std::string key, bool commits) -> task<bool> {
    auto tx = co_await db.begin();
    const bool first = co_await box.first_time(tx, std::move(key));
    if (commits) co_await tx.commit();
    co_return first;
  };
  EXPECT_TRUE(run(handle(db(), inbox_, "a", false)));  // rolled back: not handled
  EXPECT_TRUE(run(handle(db(), inbox_, "a", true)));
  EXPECT_FALSE(run(handle(db(), inbox_, "a", true)));
  EXPECT_TRUE(run(handle(db(), inbox_, "b", true)));
  EXPECT_EQ(run(inbox_.remove_older_than(db(), 1h)), 0U);
  EXPECT_EQ(run(inbox_.remove_older_than(db(), -1h)), 2U);
  EXPECT_TRUE(run(handle(db(), inbox_, "a", true)));
}

TEST_P(Inbox, TakesTheEffectAlong) {
  execute(is_postgres() ? "CREATE TABLE effects (key text, number integer UNIQUE)"
                        : "CREATE TABLE effects (key text, number integer UNIQUE) STRICT");
  const inbox one{"Inbox_" + std::string(57, 'x')};  // as long as names may be, and folded by PostgreSQL
  run(migrate(db(), "long_name", {one.create_table(1)}));
  const auto handle = [](database& db, inbox box, std::string key, int number) -> task<bool> {
    auto tx = co_await db.begin();
    box.enqueue(tx, key);
    tx.enqueue("INSERT INTO effects VALUES ($1, $2)", {key, number});
    co_return co_await box.commit(tx);
  };
  EXPECT_TRUE(run(handle(db(), inbox_, "a", 1)));
  EXPECT_FALSE(run(handle(db(), inbox_, "a", 1)));
  EXPECT_FALSE(run(handle(db(), inbox_, "a", 2)));
  EXPECT_THROW(run(handle(db(), inbox_, "b", 1)), unique_violation);  // the effect's own
  EXPECT_TRUE(run(handle(db(), inbox_, "b", 2)));
  EXPECT_TRUE(run(handle(db(), one, "a", 3)));
  EXPECT_FALSE(run(handle(db(), one, "a", 4)));

  std::vector<std::future<bool>> all;
  for (int i = 0; i < 60; ++i) all.push_back(loops_.start(handle(db(), inbox_, "key" + std::to_string(i % 6), 10 + i)));
  const auto first = std::count_if(all.begin(), all.end(), [](auto& each) { return each.get(); });
  EXPECT_EQ(first, 6);
  EXPECT_EQ(execute("SELECT count(*) FROM effects")[0][0].as<int>(), 9);
}

TEST_P(Inbox, LetsOneOfManyThrough) {
  execute("CREATE TABLE effects (key text)");
  const auto handle = [](database& db, inbox box, std::string key) -> task<void> {
    auto tx = co_await db.begin();
    if (!co_await box.first_time(tx, key)) co_return;
    co_await tx.execute("INSERT INTO effects VALUES ($1)", key);
    co_await tx.commit();
  };
  std::vector<std::future<void>> all;
  for (int i = 0; i < 60; ++i) all.push_back(loops_.start(handle(db(), inbox_, "key" + std::to_string(i % 6))));
  for (auto& each : all) each.get();
  const auto effects = execute("SELECT key, count(*) AS n FROM effects GROUP BY key");
  EXPECT_EQ(effects.size(), 6U);
  for (const auto& each : effects) EXPECT_EQ(each["n"].as<int>(), 1) << each["key"].as<std::string>();
}

}  // namespace
}  // namespace nestcpp::test
