#include <nestcpp/database/outbox.hpp>

#include "support.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/database/migrations.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace nestcpp::test {
namespace {

/// Remembers what it was given; `behave` runs before the acknowledgement and may wait or throw.
class recorder : public outbox_publisher {
 public:
  using behaviour = std::function<task<void>(const outbox_message&)>;
  explicit recorder(behaviour behave = {}) : behave_{std::move(behave)} {}

  task<void> publish(outbox_message message) override {
    {
      const std::lock_guard lock{mutex_};
      ++attempts_[message.sequence];
      most_ = std::max(most_, ++running_);
    }
    const in_flight guard{*this};
    if (behave_) co_await behave_(message);
    const std::lock_guard lock{mutex_};
    acknowledged_.push_back(std::move(message));
  }

  [[nodiscard]] std::vector<outbox_message> acknowledged() const {
    const std::lock_guard lock{mutex_};
    return acknowledged_;
  }
  [[nodiscard]] std::size_t count() const { return acknowledged().size(); }
  [[nodiscard]] int attempts() const {
    const std::lock_guard lock{mutex_};
    int all = 0;
    for (const auto& each : attempts_) all += each.second;
    return all;
  }
  [[nodiscard]] int most_at_a_time() const {
    const std::lock_guard lock{mutex_};
    return most_;
  }

 private:
  struct in_flight {
    explicit in_flight(recorder& r) : owner{r} {}
    ~in_flight() {
      const std::lock_guard lock{owner.mutex_};
      --owner.running_;
    }
    in_flight(const in_flight&) = delete;
    in_flight& operator=(const in_flight&) = delete;
    recorder& owner;
  };

  behaviour behave_;
  mutable std::mutex mutex_;
  std::map<std::int64_t, int> attempts_;
  std::vector<outbox_message> acknowledged_;
  int running_ = 0;
  int most_ = 0;
};

class Outbox : public database_test {
 protected:
  void SetUp() override {
    database_test::SetUp();
    if (IsSkipped()) return;
    run(migrate(db(), "outbox_migrations", {box_.create_table(1)}));
  }

  static task<void> add_in(database& db, outbox box, int number, std::string key, bool commits) {
    auto tx = co_await db.begin();
    co_await box.add(
        tx, {.pattern = "user.created", .payload = "{\"n\":" + std::to_string(number) + "}", .key = std::move(key)});
    if (commits) co_await tx.commit();
  }
  void add(int number, std::string key = {}, bool commits = true) {
    run(add_in(db(), box_, number, std::move(key), commits));
  }
  std::int64_t rows() { return execute("SELECT count(*) FROM user_outbox")[0][0].as<std::int64_t>(); }

  template <class F>
  void wait_until(F done) {
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (!done()) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << "it never happens";
      std::this_thread::sleep_for(1ms);
    }
  }
  /// Stops before it goes.
  struct running_relay {
    running_relay(loops& where, database& db, const outbox& box, outbox_publisher& to,
                  outbox_relay_options options = {})
        : all{where}, relay{where.get(), db, box, to, options} {
      relay.start();
    }
    ~running_relay() {
      if (!stopped) stop();
    }
    void stop() {
      stopped = true;
      all.run(relay.stop());
    }
    loops& all;
    outbox_relay relay;
    bool stopped = false;
  };

  outbox box_{"user_outbox"};
};
NESTCPP_ON_BOTH_DRIVERS(Outbox);

TEST_P(Outbox, HoldsWhatIsCommittedOnly) {
  add(1);
  add(2, {}, false);
  EXPECT_EQ(rows(), 1);
}

TEST_P(Outbox, RelaysWhatIsThereAndWhatComes) {
  add(1, "ada");
  recorder publisher;
  running_relay relay{loops_, db(), box_, publisher, {.poll_interval = 1h}};  // no polling: the commit wakes it up
  wait_until([&] { return publisher.count() == 1; });
  add(2);
  add(3);
  wait_until([&] { return publisher.count() == 3; });
  const auto messages = publisher.acknowledged();
  EXPECT_EQ(messages[0].pattern, "user.created");
  EXPECT_EQ(messages[0].payload, "{\"n\":1}");
  EXPECT_EQ(messages[0].key, "ada");
  EXPECT_EQ(messages[1].key, "");
  EXPECT_EQ(messages[0].event_id.version(), 7);
  EXPECT_LT(timestamp::now() - messages[0].created_at, 1min);
  wait_until([&] { return rows() == 0; });
  EXPECT_EQ(publisher.attempts(), 3);
}

TEST_P(Outbox, FindsByPollingWhatNobodyTold) {
  recorder publisher;
  running_relay relay{loops_, db(), box_, publisher, {.poll_interval = 20ms}};
  run(add_in(db(), outbox{"user_outbox"}, 1, {}, true));  // another process: its notify() does not reach us
  wait_until([&] { return publisher.count() == 1; });
}

TEST_P(Outbox, KeepsTheOrderOfEachKey) {
  constexpr int each = 20;
  for (int i = 0; i < each; ++i) {
    for (const auto* key : {"a", "b", "c"}) add(i, key);
  }
  std::atomic<unsigned> random{1};
  recorder publisher{[&random](const outbox_message&) -> task<void> {
    co_await sleep_for(std::chrono::milliseconds{(random += 7) % 5});
    if (random % 5 == 0) throw std::runtime_error{"refused"};
  }};
  running_relay relay{loops_, db(), box_, publisher, {.min_backoff = 1ms, .max_backoff = 2ms}};
  wait_until([&] { return publisher.count() == 3U * each; });
  std::map<std::string, std::int64_t> last;
  for (const auto& message : publisher.acknowledged()) {
    EXPECT_LT(last[message.key], message.sequence) << "of " << message.key;
    last[message.key] = message.sequence;
  }
  EXPECT_LE(publisher.most_at_a_time(), 3);
}

TEST_P(Outbox, BoundsWhatIsInFlight) {
  for (int i = 0; i < 30; ++i) add(i);
  recorder publisher{[](const outbox_message&) -> task<void> { co_await sleep_for(5ms); }};
  running_relay relay{loops_, db(), box_, publisher, {.max_in_flight = 4}};
  wait_until([&] { return publisher.count() == 30; });
  EXPECT_LE(publisher.most_at_a_time(), 4);
  EXPECT_GT(publisher.most_at_a_time(), 1);
}

TEST_P(Outbox, RepeatsUntilItIsAcknowledgedAndNotAfter) {
  std::atomic<bool> away{true};
  recorder publisher{[&away](const outbox_message&) -> task<void> {
    if (away) throw std::runtime_error{"the receiver is away"};
    co_return;
  }};
  for (int i = 0; i < 10; ++i) add(i);
  {
    running_relay relay{loops_, db(), box_, publisher, {.min_backoff = 1ms, .max_backoff = 20ms}};
    wait_until([&] { return publisher.attempts() >= 30; });
    EXPECT_EQ(rows(), 10);
    away = false;
    wait_until([&] { return publisher.count() == 10; });
  }
  EXPECT_EQ(rows(), 0);
  std::set<std::int64_t> different;
  for (const auto& message : publisher.acknowledged()) different.insert(message.sequence);
  EXPECT_EQ(different.size(), 10U);
  recorder later;
  running_relay again{loops_, db(), box_, later};
  again.stop();
  EXPECT_EQ(later.attempts(), 0);
}

TEST_P(Outbox, OneMessageThatAlwaysFailsDoesNotHoldUpTheOthers) {
  recorder publisher{[](const outbox_message& message) -> task<void> {
    if (message.payload == "{\"n\":0}") throw std::runtime_error{"never this one"};
    co_return;
  }};
  running_relay relay{loops_, db(), box_, publisher, {.min_backoff = 5ms, .max_backoff = 50ms}};
  add(0, "bad");
  for (int i = 1; i <= 20; ++i) add(i, "good");
  wait_until([&] { return publisher.count() == 20; });
  relay.stop();
  const auto left = execute("SELECT attempts, last_error, claimed_by FROM user_outbox");
  ASSERT_EQ(left.size(), 1U);
  EXPECT_GE(left[0]["attempts"].as<int>(), 1);
  EXPECT_EQ(left[0]["last_error"].as<std::string>(), "never this one");
  EXPECT_TRUE(left[0]["claimed_by"].is_null());
}

TEST_P(Outbox, KeepsWhatIsNeverTakenAsDeadLetters) {
  run(migrate(db(), "outbox_migrations", {box_.create_table(1), box_.add_dead_letters(2)}));
  std::atomic<bool> taken{false};
  recorder to{[&](const outbox_message& message) -> task<void> {
    if (message.payload == "{\"n\":1}" && !taken) throw std::runtime_error{"away"};
    if (message.payload == "{\"n\":2}" && !taken) throw outbox_rejected{"no such pattern"};
    co_return;
  }};
  add(1, "a");
  add(2, "b");
  add(3, "a");  // behind the first
  running_relay relay{
      loops_, db(), box_, to, {.poll_interval = 20ms, .min_backoff = 1ms, .max_backoff = 5ms, .max_attempts = 3}};
  wait_until([&] { return to.count() == 1; });
  EXPECT_EQ(to.acknowledged()[0].payload, "{\"n\":3}");
  wait_until([&] { return run(box_.statistics(db())).dead == 2; });
  const auto letters = run(box_.dead_letters(db()));
  ASSERT_EQ(letters.size(), 2U);
  EXPECT_EQ(letters[0].message.payload, "{\"n\":1}");
  EXPECT_EQ(letters[0].message.attempts, 3);
  EXPECT_EQ(letters[0].reason, "away");
  EXPECT_EQ(letters[1].message.attempts, 1);
  EXPECT_EQ(letters[1].reason, "no such pattern");
  EXPECT_LT(timestamp::now() - letters[1].dead_at, 1min);
  wait_until([&] { return run(box_.statistics(db())).pending == 0; });

  taken = true;
  EXPECT_TRUE(run(box_.revive(db(), letters[0].message.event_id)));
  EXPECT_FALSE(run(box_.revive(db(), uuid::v4())));
  wait_until([&] { return to.count() == 2; });
  EXPECT_EQ(run(box_.remove_dead_letters(db(), 1h)), 0U);
  EXPECT_EQ(run(box_.remove_dead_letters(db(), -1s)), 1U);
  wait_until([&] { return rows() == 0; });
}

TEST_P(Outbox, DeadLettersNeedTheirPlace) {
  recorder to;
  EXPECT_THROW((outbox_relay{loops_.get(), db(), box_, to, {.max_attempts = 3}}), startup_error);
}

TEST_P(Outbox, CountsWhatWaits) {
  EXPECT_EQ(run(box_.statistics(db())).pending, 0U);
  add(1);
  add(2);
  std::this_thread::sleep_for(20ms);
  const outbox_statistics found = run(box_.statistics(db()));
  EXPECT_EQ(found.pending, 2U);
  EXPECT_EQ(found.dead, 0U);
  EXPECT_GE(found.oldest_age, 20ms);
  EXPECT_LT(found.oldest_age, 1min);
}

TEST_P(Outbox, APublisherThatThrowsAtOnceIsAFailureToo) {
  class rude : public outbox_publisher {
   public:
    task<void> publish(outbox_message) override {
      if (++calls < 3) throw std::runtime_error{"no"};
      return nothing();
    }
    std::atomic<int> calls{0};

   private:
    static task<void> nothing() { co_return; }
  } publisher;
  add(1);
  running_relay relay{loops_, db(), box_, publisher, {.min_backoff = 1ms, .max_backoff = 5ms}};
  wait_until([&] { return rows() == 0; });
  EXPECT_EQ(publisher.calls, 3);
}

TEST_P(Outbox, TwoRelaysShareATableWithoutDoubling) {
  constexpr int all = 200;
  auto& other_pool = open();
  recorder publisher{[](const outbox_message&) -> task<void> { co_await sleep_for(2ms); }};
  {
    running_relay first{loops_, db(), box_, publisher, {.max_in_flight = 8, .poll_interval = 5ms}};
    running_relay second{
        loops_, other_pool, outbox{"user_outbox"}, publisher, {.max_in_flight = 8, .poll_interval = 5ms}};
    for (int i = 0; i < all; ++i) add(i, i % 3 == 0 ? "" : "key" + std::to_string(i % 7));
    wait_until([&] { return publisher.count() >= all; });
  }
  EXPECT_EQ(publisher.attempts(), all);
  EXPECT_EQ(rows(), 0);
  std::map<std::string, std::int64_t> last;
  for (const auto& message : publisher.acknowledged()) {
    if (message.key.empty()) continue;
    EXPECT_LT(last[message.key], message.sequence) << "of " << message.key;
    last[message.key] = message.sequence;
  }
}

TEST_P(Outbox, ABacklogIsNotReadFromEndToEndForEachMessage) {
  if (!is_postgres()) GTEST_SKIP() << "SQLite reads the table in the order of its key, whatever is in it";
  auto settings = options();
  settings.pool_size = 1;  // whose prepared statements know the table as it was at first
  auto& relays = open(settings);
  recorder all;
  {
    running_relay relay{loops_, relays, box_, all, {.poll_interval = 10ms}};
    for (int i = 0; i < 20; ++i) {
      add(i);
      wait_until([&] { return all.count() == static_cast<std::size_t>(i) + 1; });
    }
    execute(
        "INSERT INTO user_outbox (event_id, pattern, payload, created_at) SELECT gen_random_uuid(), 'user.created', "
        "'{}', "
        "now() FROM generate_series(1, 20000)");
    wait_until([&] { return all.count() >= 1'000; });
  }
  run(relays.close());  // its session tells what it has read
  std::int64_t whole_reads = 0;
  wait_until([&] {
    const auto seen = execute("SELECT seq_scan, idx_scan FROM pg_stat_user_tables WHERE relname = 'user_outbox'");
    whole_reads = seen[0]["seq_scan"].as<std::int64_t>();
    return seen[0]["idx_scan"].as<std::int64_t>() > 30;
  });
  EXPECT_LT(whole_reads, 10);
}

TEST_P(Outbox, TakesOverFromARelayThatDied) {
  add(1, "k");
  add(2, "k");
  // What a process leaves behind that was killed while it published.
  const std::string soon =
      is_postgres() ? "now() + interval '300 milliseconds'" : "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+0.3 seconds')";
  execute("UPDATE user_outbox SET claimed_by = $1, claimed_until = " + soon + " WHERE payload = '{\"n\":1}'",
          uuid::v4());
  recorder publisher;
  running_relay relay{loops_, db(), box_, publisher, {.poll_interval = 10ms}};
  wait_until([&] { return publisher.count() == 2; });
  EXPECT_EQ(publisher.acknowledged()[0].payload, "{\"n\":1}");
}

TEST_P(Outbox, KeepsItsClaimWhilePublishingTakesLong) {
  recorder publisher{[](const outbox_message&) -> task<void> { co_await sleep_for(600ms); }};
  auto& other_pool = open();
  add(1);
  {
    const outbox_relay_options hasty{.poll_interval = 10ms, .claim_duration = 150ms};
    running_relay first{loops_, db(), box_, publisher, hasty};
    running_relay second{loops_, other_pool, outbox{"user_outbox"}, publisher, hasty};
    wait_until([&] { return publisher.count() == 1; });
  }
  EXPECT_EQ(publisher.attempts(), 1);
}

TEST_P(Outbox, CancelsAPublishThatNeverReturns) {
  std::atomic<int> calls{0};
  recorder publisher{[&calls](const outbox_message&) -> task<void> {
    if (++calls == 1) co_await sleep_for(1h);
  }};
  add(1);
  running_relay relay{
      loops_, db(), box_, publisher, {.min_backoff = 1ms, .claim_duration = 60ms, .publish_timeout = 50ms}};
  wait_until([&] { return rows() == 0; });
  EXPECT_EQ(calls, 2);
}

TEST_P(Outbox, StopGivesBackWhatItCouldNotFinish) {
  std::atomic<int> calls{0};
  recorder publisher{[&calls](const outbox_message&) -> task<void> {
    ++calls;
    co_await sleep_for(1h);
  }};
  add(1);
  outbox_relay relay{loops_.get(), db(), box_, publisher};
  relay.start();
  wait_until([&] { return calls == 1; });
  run(relay.stop(10ms));
  const auto left = execute("SELECT claimed_by, attempts FROM user_outbox");
  ASSERT_EQ(left.size(), 1U);
  EXPECT_TRUE(left[0]["claimed_by"].is_null());
  EXPECT_EQ(left[0]["attempts"].as<int>(), 0);
}

TEST_P(Outbox, StopWaitsForTheAcknowledgement) {
  std::atomic<bool> began{false};
  recorder publisher{[&began](const outbox_message&) -> task<void> {
    began = true;
    co_await sleep_for(50ms);
  }};
  add(1);
  outbox_relay relay{loops_.get(), db(), box_, publisher};
  relay.start();
  wait_until([&] { return began.load(); });
  run(relay.stop());
  EXPECT_EQ(publisher.count(), 1U);
  EXPECT_EQ(rows(), 0);
}

TEST_P(Outbox, RefusesTheSameEventTwice) {
  const auto id = uuid::v7();
  const auto once = [](database& db, outbox box, uuid event) -> task<void> {
    auto tx = co_await db.begin();
    co_await box.add(tx, {.pattern = "p", .payload = "{}", .event_id = event});
    co_await tx.commit();
  };
  run(once(db(), box_, id));
  EXPECT_THROW(run(once(db(), box_, id)), unique_violation);
}

}  // namespace
}  // namespace nestcpp::test
