// What must hold, whatever is killed: users that were answered 201 are stored, and each stored user is welcomed once.
#include "integration/fixture.hpp"

#include <boost/json/array.hpp>

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

namespace integration {
namespace {

using support::table_row;

class Killed : public each_database {
 protected:
  [[nodiscard]] support::http_client gateway() { return system().gateway().http(); }

  /// Every stored user has one welcome that was sent, and there are no others.
  void expect_one_welcome_each() {
    auto& database = system().database();
    std::set<std::string> users;
    for (const auto& row : database.query("user_service", "SELECT CAST(id AS text) FROM users")) users.insert(*row[0]);
    std::map<std::string, int> welcomes;
    EXPECT_TRUE(eventually([&] {
      welcomes.clear();
      for (const auto& row :
           database.query("notification_service",
                          "SELECT CAST(user_id AS text), status FROM notifications WHERE status = 'sent'")) {
        ++welcomes[*row[0]];
      }
      return welcomes.size() >= users.size();
    })) << welcomes.size()
        << " of " << users.size() << " users were welcomed";
    for (const auto& id : users) EXPECT_EQ(welcomes[id], 1) << "user " << id;
    EXPECT_EQ(database.count("notification_service", "SELECT count(*) FROM notifications"),
              static_cast<long long>(users.size()));
  }

  void expect_stored(const std::set<std::string>& ids) {
    std::set<std::string> users;
    for (const auto& row : system().database().query("user_service", "SELECT CAST(id AS text) FROM users")) {
      users.insert(*row[0]);
    }
    for (const auto& id : ids)
      EXPECT_TRUE(users.contains(id)) << "user " << id << " was answered 201 and is not stored";
  }
};
TEST_ON_EACH_DATABASE(Killed);

TEST_P(Killed, NotificationServiceMakesUpForItOnceItIsBack) {
  make_and_start();
  system().notifications().kill();
  const http_response summary = gateway().post("/registration", person{}.json());
  EXPECT_EQ(summary.status, 201);
  EXPECT_EQ(at(summary, "/data/notification"), R"({"status":"pending"})");
  system().notifications().start();
  expect_one_welcome_each();

  // Nothing is sent a second time after it: the next registration's welcome is the only other one.
  EXPECT_EQ(gateway().post("/registration", person{}.json()).status, 201);
  expect_one_welcome_each();
}

TEST_P(Killed, UserServiceIsMissedAndFoundAgain) {
  make_and_start();
  const http_response before = gateway().post("/registration", person{}.json());
  ASSERT_EQ(before.status, 201);
  system().users().kill();
  EXPECT_THAT(gateway().post("/registration", person{}.json()), AnswersWith(503, user_service_unavailable));
  EXPECT_THAT(gateway().get("/users/" + at(before, "/data/user/id")), AnswersWith(503, user_service_unavailable));
  system().users().start();
  EXPECT_EQ(gateway().get("/users/" + at(before, "/data/user/id")).status, 200);
  EXPECT_EQ(gateway().post("/registration", person{}.json()).status, 201);
  expect_one_welcome_each();
}

/// Registrations from several callers while services are killed and started again.
class load {
 public:
  load(registration_system& system, int callers, int registrations) {
    for (int i = 0; i < callers; ++i) {
      threads_.emplace_back([this, &system, registrations] {
        while (begun_++ < registrations) register_one(system.gateway().http());
      });
    }
  }
  ~load() { finish(); }
  load(const load&) = delete;
  load& operator=(const load&) = delete;

  void finish() {
    for (auto& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  [[nodiscard]] int done() const { return done_; }
  /// Ids of those that were answered 201.
  [[nodiscard]] const std::set<std::string>& stored() const { return stored_; }
  /// All other answers that came, none of which may be anything but 503 and 504.
  [[nodiscard]] const std::set<std::string>& unexpected() const { return unexpected_; }

 private:
  void register_one(const support::http_client& gateway) {
    try {
      const http_response answer = gateway.post("/registration", person{}.json());
      const std::scoped_lock lock{mutex_};
      if (answer.status == 201) {
        stored_.insert(at(answer, "/data/user/id"));
      } else if (answer.status != 503 && answer.status != 504) {
        unexpected_.insert(std::to_string(answer.status) + " " + answer.body);
      }
    } catch (const std::system_error&) {
      std::this_thread::sleep_for(milliseconds{10});  // the gateway is not there just now
    }
    ++done_;
  }

  std::atomic<int> begun_ = 0, done_ = 0;
  std::mutex mutex_;
  std::set<std::string> stored_, unexpected_;
  std::vector<std::thread> threads_;
};

TEST_P(Killed, AnyServiceAtAnyTimeLosesAndDoublesNothing) {
  const unsigned seed = std::random_device{}();
  RecordProperty("seed", std::to_string(seed));
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};

  make_and_start({{"CLIENT_TIMEOUT_MS", "2000"}});
  constexpr int registrations = 120;
  load callers{system(), 4, registrations};
  std::array<service*, 3> services{&system().users(), &system().notifications(), &system().gateway()};
  // Each is killed three times, in any order, between any two registrations, and is away for a while.
  for (int round = 0; round < 3; ++round) {
    std::ranges::shuffle(services, random);
    for (service* victim : services) {
      const int when = callers.done() + std::uniform_int_distribution{1, 9}(random);
      ASSERT_TRUE(eventually([&] { return callers.done() >= std::min(when, registrations); }, milliseconds{60'000}));
      std::this_thread::sleep_for(std::chrono::microseconds{std::uniform_int_distribution{0, 5000}(random)});
      victim->kill();
      std::this_thread::sleep_for(milliseconds{std::uniform_int_distribution{0, 50}(random)});
      victim->start();
    }
  }
  callers.finish();

  EXPECT_THAT(callers.unexpected(), testing::IsEmpty());
  EXPECT_GT(callers.stored().size(), 0U);
  expect_stored(callers.stored());
  expect_one_welcome_each();
  RecordProperty("answered_201", std::to_string(callers.stored().size()));
}

TEST_P(Killed, AllAtOnceLoseAndDoubleNothing) {
  make_and_start();
  load callers{system(), 4, 40};
  ASSERT_TRUE(eventually([&] { return callers.done() >= 15; }));
  for (service* each : {&system().users(), &system().notifications(), &system().gateway()})
    each->process().signal(SIGKILL);
  for (service* each : {&system().users(), &system().notifications(), &system().gateway()}) each->kill();
  system().start();
  callers.finish();
  EXPECT_THAT(callers.unexpected(), testing::IsEmpty());
  expect_stored(callers.stored());
  expect_one_welcome_each();
}

TEST_P(Killed, StoppedServicesLoseAndDoubleNothing) {
  make_and_start();
  load callers{system(), 4, 40};
  for (service* each : {&system().notifications(), &system().users(), &system().gateway()}) {
    const int before = callers.done();
    ASSERT_TRUE(eventually([&] { return callers.done() >= std::min(before + 8, 40); }));
    EXPECT_EQ(each->stop(), (process_end{.status = 0, .signal = {}})) << each->name();
    each->start();
  }
  callers.finish();
  EXPECT_THAT(callers.unexpected(), testing::IsEmpty());
  expect_stored(callers.stored());
  expect_one_welcome_each();
}

}  // namespace
}  // namespace integration
