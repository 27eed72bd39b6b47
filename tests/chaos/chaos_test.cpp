// What must hold, whatever breaks: users that were answered 201 are stored, each is welcomed once, by one mail.
#include "integration/fixture.hpp"
#include "support/tcp_proxy.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

namespace integration {
namespace {

using support::tcp_proxy;
using clock = std::chrono::steady_clock;

unsigned number_of(const char* name, unsigned otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr || *text == '\0' ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

/// Registers until it is told to stop, and remembers who was answered 201.
class load {
 public:
  load(std::uint16_t gateway, int callers) : gateway_{gateway} {
    for (int i = 0; i < callers; ++i) threads_.emplace_back([this] { run(); });
  }
  ~load() { finish(); }
  load(const load&) = delete;
  load& operator=(const load&) = delete;
  void finish() {
    stopping_ = true;
    for (auto& each : threads_) {
      if (each.joinable()) each.join();
    }
  }
  [[nodiscard]] std::size_t count() const { return answered_; }
  [[nodiscard]] const std::set<std::string>& acknowledged() const { return acknowledged_; }
  [[nodiscard]] const std::map<std::string, int>& others() const { return others_; }
  [[nodiscard]] const std::set<std::string>& unexpected() const { return unexpected_; }

 private:
  void run() {
    while (!stopping_) {
      try {
        const http_response answer =
            support::http_client{gateway_}.post("/registration", person{}.json(), {}, milliseconds{15'000});
        const std::scoped_lock lock{mutex_};
        if (answer.status == 201) {
          acknowledged_.insert(at(answer, "/data/user/id"));
          answered_ = acknowledged_.size();
        } else {
          ++others_[std::to_string(answer.status)];
          // While the database is away the user service has no better answer than an error of its own.
          if (answer.status != 503 && answer.status != 504 && answer.body != internal_error) {
            unexpected_.insert(std::to_string(answer.status) + " " + answer.body);
          }
          std::this_thread::sleep_for(milliseconds{2});
        }
      } catch (const std::exception&) {  // the gateway is not there just now, or was killed before it answered
        const std::scoped_lock lock{mutex_};
        ++others_["no answer"];
        std::this_thread::sleep_for(milliseconds{5});
      }
    }
  }

  std::uint16_t gateway_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> answered_{0};
  std::mutex mutex_;
  std::set<std::string> acknowledged_, unexpected_;
  std::map<std::string, int> others_;
  std::vector<std::thread> threads_;
};

class Chaos : public services_test, public testing::WithParamInterface<backend> {
 protected:
  void SetUp() override {
    const environment variables{{"CLIENT_TIMEOUT_MS", "1500"}, {"LOG_LEVEL", "warn"}};
    if (GetParam() == backend::postgres) {
      server_ = std::make_unique<support::private_postgres>();
      make(server_->address(), variables);
      to_database_ = std::make_unique<tcp_proxy>(static_cast<std::uint16_t>(std::stoi(server_->address().port)));
      for (service* each : {&system().users(), &system().notifications()}) {
        each->variables()["DB_HOST"] = "127.0.0.1";
        each->variables()["DB_PORT"] = std::to_string(to_database_->port());
      }
    } else {
      make(backend::sqlite, variables);
    }
    to_users_ = std::make_unique<tcp_proxy>(system().users().tcp_port());
    to_notifications_ = std::make_unique<tcp_proxy>(system().notifications().tcp_port());
    system().gateway().variables()["USER_SERVICE_PORT"] = std::to_string(to_users_->port());
    system().gateway().variables()["NOTIFICATION_SERVICE_PORT"] = std::to_string(to_notifications_->port());
    system().users().variables()["NOTIFICATION_SERVICE_PORT"] = std::to_string(to_notifications_->port());
    system().start();
  }

  struct fault {
    std::string name;
    std::function<void()> inflict;
  };
  std::vector<fault> faults(std::mt19937& random) {
    const auto pause = [&random](int longest) {
      std::this_thread::sleep_for(milliseconds{std::uniform_int_distribution{0, longest}(random)});
    };
    std::vector<fault> all;
    for (service* each : {&system().users(), &system().notifications(), &system().gateway()}) {
      all.push_back({"kill " + each->name(), [each, pause] {
                       each->kill();
                       pause(50);
                       each->start();
                     }});
      all.push_back({"freeze " + each->name(), [each, pause] {
                       each->process().signal(SIGSTOP);
                       pause(300);
                       each->process().signal(SIGCONT);
                     }});
      all.push_back({"stop " + each->name(), [each] {
                       each->stop();
                       each->start();
                     }});
    }
    for (const auto& [name, gate] :
         {std::pair{"users", to_users_.get()}, std::pair{"notifications", to_notifications_.get()},
          std::pair{"database", to_database_.get()}}) {
      if (gate == nullptr) continue;
      for (const auto& [kind, state] :
           {std::pair{"cut ", tcp_proxy::state::cut}, std::pair{"stall ", tcp_proxy::state::stalled},
            std::pair{"slow down ", tcp_proxy::state::slow}}) {
        all.push_back({std::string{kind} + name, [gate = gate, state = state, pause] {
                         gate->set(state);
                         pause(300);
                         gate->set(tcp_proxy::state::open);
                       }});
      }
      all.push_back({std::string{"truncate "} + name, [gate = gate] { gate->truncate_once(); }});
    }
    if (server_) {
      all.push_back({"crash database", [this, pause] {
                       server_->crash();
                       pause(100);
                       server_->resume();
                     }});
    }
    return all;
  }

  /// How long it takes until a registration is answered 201 again.
  milliseconds restored() {
    const auto began = clock::now();
    const bool back = eventually(
        [&] {
          try {
            return system().gateway().http().post("/registration", person{}.json()).status == 201;
          } catch (const std::exception&) {
            return false;
          }
        },
        milliseconds{30'000});
    EXPECT_TRUE(back) << "registrations do not come back";
    return std::chrono::duration_cast<milliseconds>(clock::now() - began);
  }

  std::set<std::string> users() {
    std::set<std::string> ids;
    for (const auto& row : system().database().query("user_service", "SELECT CAST(id AS text) FROM users"))
      ids.insert(*row[0]);
    return ids;
  }
  std::map<std::string, int> welcomes() {
    std::map<std::string, int> found;
    for (const auto& row : system().database().query(
             "notification_service", "SELECT CAST(user_id AS text) FROM notifications WHERE status = 'sent'")) {
      ++found[*row[0]];
    }
    return found;
  }
  std::size_t mails() {
    std::size_t count = 0;
    for (const auto& each : std::filesystem::directory_iterator{system().notifications().directory() / "data/mails"}) {
      if (each.path().extension() == ".eml") ++count;
    }
    return count;
  }

  std::unique_ptr<support::private_postgres> server_;
  std::unique_ptr<tcp_proxy> to_users_, to_notifications_, to_database_;
};
INSTANTIATE_TEST_SUITE_P(On, Chaos, testing::Values(backend::sqlite, backend::postgres), database_name);

TEST_P(Chaos, LosesAndDoublesNothing) {
  const unsigned seed = number_of("NESTCPP_CHAOS_SEED", std::random_device{}());
  const unsigned wanted = number_of("NESTCPP_CHAOS_FAULTS", 40);
  std::printf("seed %u, %u faults\n", seed, wanted);
  std::fflush(stdout);
  SCOPED_TRACE("NESTCPP_CHAOS_SEED=" + std::to_string(seed));
  std::mt19937 random{seed};
  const auto all = faults(random);
  std::map<std::string, int> inflicted;
  std::vector<milliseconds> times;

  load callers{system().gateway().http_port(), 6};
  for (unsigned i = 0; i < wanted; ++i) {
    std::this_thread::sleep_for(milliseconds{std::uniform_int_distribution{0, 150}(random)});
    const fault& next = all[std::uniform_int_distribution<std::size_t>{0, all.size() - 1}(random)];
    next.inflict();
    ++inflicted[next.name];
    if (i % 5 == 4) times.push_back(restored());
  }
  times.push_back(restored());
  callers.finish();

  std::set<std::string> stored;
  std::map<std::string, int> welcomed;
  EXPECT_TRUE(eventually(
      [&] {
        stored = users();
        welcomed = welcomes();
        return welcomed.size() >= stored.size();
      },
      milliseconds{60'000}));
  std::size_t lost = 0;
  for (const auto& id : callers.acknowledged()) lost += stored.contains(id) ? 0 : 1;
  std::size_t missed = 0;
  std::size_t doubled = 0;
  for (const auto& id : stored) {
    missed += welcomed[id] == 0 ? 1 : 0;
    doubled += welcomed[id] > 1 ? 1 : 0;
  }
  EXPECT_EQ(lost, 0U) << "answered 201 and not stored";
  EXPECT_EQ(missed, 0U) << "stored and not welcomed";
  EXPECT_EQ(doubled, 0U) << "welcomed twice";
  EXPECT_EQ(system().database().count("notification_service", "SELECT count(*) FROM notifications"),
            static_cast<long long>(stored.size()));
  EXPECT_EQ(mails(), stored.size());
  EXPECT_THAT(callers.unexpected(), testing::IsEmpty());

  std::ranges::sort(times);
  std::printf("%u faults; %zu answered 201, %zu stored, %zu welcomed; lost %zu, missed %zu, doubled %zu\n", wanted,
              callers.acknowledged().size(), stored.size(), welcomed.size(), lost, missed, doubled);
  std::printf("registrations were back after %lld ms (median), %lld ms (longest)\n",
              static_cast<long long>(times[times.size() / 2].count()), static_cast<long long>(times.back().count()));
  for (const auto& [what, count] : callers.others()) std::printf("  answered %s: %d\n", what.c_str(), count);
  for (const auto& [what, count] : inflicted) std::printf("  %s: %d\n", what.c_str(), count);
}

}  // namespace
}  // namespace integration
