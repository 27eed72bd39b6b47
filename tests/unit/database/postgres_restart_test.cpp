// A PostgreSQL of this test's own is killed and started again under the pool. Needs the server's programs.
#include "support.hpp"

#include <nestcpp/database/outbox.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <thread>

// libpqxx 6.4 loses the result (2 KB) of a statement whose connection broke: connection_base::make_result() asks for
// the connection's encoding, which throws, before anything owns it.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpqxx-6"; }

namespace nestcpp::test {
namespace {

class private_postgres {
 public:
  private_postgres() {
    const auto output = shell("start_private_postgres >&2 && echo \"$NESTCPP_PG_HOME\" && echo \"$NESTCPP_TEST_PG\"");
    const auto line = output.find('\n');
    if (line == std::string::npos) return;
    home_ = output.substr(0, line);
    server_ = output.substr(line + 1, output.find('\n', line + 1) - line - 1);
  }
  ~private_postgres() {
    if (started()) shell("stop_private_postgres");
  }
  private_postgres(const private_postgres&) = delete;
  private_postgres& operator=(const private_postgres&) = delete;

  [[nodiscard]] bool started() const { return !home_.empty(); }
  [[nodiscard]] database_options options() const { return parse_postgres_options(server_); }
  void crash() { shell("crash_private_postgres"); }
  void resume() { shell("resume_private_postgres"); }

 private:
  std::string shell(const std::string& command) const {
    const auto line = "NESTCPP_PG_HOME='" + home_ + "' bash -c '. " NESTCPP_POSTGRES_SCRIPT "; " + command + "'";
    std::string output;
    std::array<char, 512> buffer{};
    FILE* pipe = popen(line.c_str(), "r");
    while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
    pclose(pipe);
    return output;
  }

  std::string home_;
  std::string server_;
};

#define NESTCPP_START_OR_SKIP(server) \
  if (!(server).started()) GTEST_SKIP() << "PostgreSQL's server programs (initdb, pg_ctl) are not installed"

TEST(PostgresRestart, HealsUnderLoad) {
  private_postgres server;
  NESTCPP_START_OR_SKIP(server);
  loops all;
  auto settings = server.options();
  settings.pool_size = 4;
  settings.acquire_timeout = 2s;
  const auto db = make_database(all.get(), settings);
  all.run(db->connect());
  all.run(db->execute("CREATE TABLE marks (n bigint PRIMARY KEY)"));

  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> next{0};
  std::atomic<int> succeeded{0};
  std::atomic<int> failed{0};
  std::mutex mutex;
  std::vector<std::int64_t> acknowledged;
  std::vector<std::future<void>> workers;
  for (int i = 0; i < 8; ++i) {
    workers.push_back(all.start(
        [](database& on, auto& ends, auto& counter, auto& good, auto& bad, auto& lock, auto& list) -> task<void> {
          while (!ends) {
            const auto n = counter++;
            try {
              auto tx = co_await on.begin();
              co_await tx.execute("INSERT INTO marks VALUES ($1)", n);
              co_await tx.commit();
              ++good;
              const std::lock_guard guard{lock};
              list.push_back(n);
            } catch (const database_unavailable&) {
              ++bad;
            }
            co_await sleep_for(1ms);
          }
        }(*db, stop, next, succeeded, failed, mutex, acknowledged)));
  }
  const auto wait_for_more = [&](const std::atomic<int>& counter) {
    const int before = counter;
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (counter < before + 5 && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(1ms);
    EXPECT_GE(counter, before + 5) << "nothing more happens";
  };
  // NESTCPP_RESTARTS=50 for more of them.
  const char* wanted = std::getenv("NESTCPP_RESTARTS");
  const int rounds = wanted != nullptr ? std::max(std::atoi(wanted), 1) : 3;
  std::chrono::milliseconds longest{0};
  for (int round = 0; round < rounds; ++round) {
    wait_for_more(succeeded);
    server.crash();
    wait_for_more(failed);
    server.resume();
    const auto back = std::chrono::steady_clock::now();  // its start is over: it takes connections
    const int before = succeeded;
    while (succeeded == before && std::chrono::steady_clock::now() < back + 30s) std::this_thread::sleep_for(1ms);
    longest = std::max(longest,
                       std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - back));
    wait_for_more(succeeded);
  }
  // Once it is back, nobody sees an error any more.
  all.run(sleep_for(500ms));
  const int errors = failed;
  wait_for_more(succeeded);
  wait_for_more(succeeded);
  EXPECT_EQ(failed, errors);
  stop = true;
  for (auto& each : workers) each.get();  // any other exception than database_unavailable comes out here

  const auto stored = all.run(db->execute("SELECT n FROM marks"));
  std::set<std::int64_t> there;
  for (const auto& row : stored) there.insert(row["n"].as<std::int64_t>());
  for (const auto n : acknowledged) EXPECT_TRUE(there.contains(n)) << n << " was acknowledged and is lost";
  std::printf(
      "%d crashes: %d transactions, %d refused while it was away, 0 after; back %lld ms after it was, at most\n",
      rounds, succeeded.load(), errors, static_cast<long long>(longest.count()));
}

TEST(PostgresRestart, IdleConnectionsAreReplacedUnseen) {
  private_postgres server;
  NESTCPP_START_OR_SKIP(server);
  loops all;
  const auto db = make_database(all.get(), server.options());
  all.run(db->execute("SELECT 1"));
  {
    auto tx = all.run(db->begin());
    all.run(tx.execute("SELECT 1"));
  }
  server.crash();
  server.resume();
  EXPECT_EQ(all.run(db->execute("SELECT 1 AS one"))[0]["one"].as<int>(), 1);
  auto tx = all.run(db->begin());
  EXPECT_EQ(all.run(tx.execute("SELECT 2 AS two"))[0]["two"].as<int>(), 2);
}

TEST(PostgresRestart, ATransactionThatLosesItsConnectionFails) {
  private_postgres server;
  NESTCPP_START_OR_SKIP(server);
  loops all;
  const auto db = make_database(all.get(), server.options());
  all.run(db->execute("CREATE TABLE t (n integer)"));
  auto tx = all.run(db->begin());
  all.run(tx.execute("INSERT INTO t VALUES (1)"));
  server.crash();
  server.resume();
  EXPECT_THROW(all.run(tx.execute("INSERT INTO t VALUES (2)")), database_unavailable);
  EXPECT_THROW(all.run(tx.commit()), database_error);
  EXPECT_EQ(all.run(db->execute("SELECT count(*) FROM t"))[0][0].as<int>(), 0);
}

TEST(PostgresRestart, ConnectWaitsUntilItIsThere) {
  private_postgres server;
  NESTCPP_START_OR_SKIP(server);
  loops all;
  server.crash();
  const auto db = make_database(all.get(), server.options());
  auto connected = all.start(db->connect());
  EXPECT_EQ(connected.wait_for(200ms), std::future_status::timeout);
  server.resume();
  connected.get();
  all.run(db->ping());
}

TEST(PostgresRestart, TheRelayGoesOnAfterwards) {
  private_postgres server;
  NESTCPP_START_OR_SKIP(server);
  loops all;
  const auto db = make_database(all.get(), server.options());
  outbox box{"user_outbox"};
  all.run(migrate(*db, "migrations", {box.create_table(1)}));

  class counting : public outbox_publisher {
   public:
    task<void> publish(outbox_message) override {
      ++calls;
      co_return;
    }
    std::atomic<int> calls{0};
  } publisher;
  outbox_relay relay{all.get(), *db, box, publisher, {.poll_interval = 20ms}};
  relay.start();
  // For a moment after it is back, callers are still told that it is away.
  const auto add = [](database& on, outbox to) -> task<void> {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    for (;;) {
      try {
        auto tx = co_await on.begin();
        co_await to.add(tx, {.pattern = "p", .payload = "{}"});
        co_await tx.commit();
        co_return;
      } catch (const database_unavailable&) {
        if (std::chrono::steady_clock::now() > limit) throw;
      }
      co_await sleep_for(1ms);
    }
  };
  const auto wait_for = [&](int calls) {
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (publisher.calls < calls && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(publisher.calls, calls);
  };
  all.run(add(*db, box));
  wait_for(1);
  const auto rows = [&] { return all.run(db->execute("SELECT count(*) FROM user_outbox"))[0][0].as<int>(); };
  while (rows() != 0) std::this_thread::sleep_for(1ms);
  server.crash();
  std::this_thread::sleep_for(100ms);  // it polls meanwhile
  server.resume();
  all.run(add(*db, box));
  wait_for(2);
  all.run(relay.stop());
  EXPECT_EQ(rows(), 0);
}

}  // namespace
}  // namespace nestcpp::test
