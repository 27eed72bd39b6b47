// The circuit breaker against a specification that is slow and obviously right: it keeps every result with its time and
// counts them anew at each step. Random sequences of calls that overlap, with options drawn at random.

#include <nestcpp/resilience/circuit_breaker.hpp>

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using nestcpp::circuit;
using nestcpp::circuit_breaker;
using nestcpp::circuit_outcome;
using nestcpp::circuit_state;
using nestcpp::sliding_window;
using time_point = circuit::time_point;

class specification {
 public:
  explicit specification(const circuit_breaker& options) : options_{options} {}

  bool enter(int id, time_point now) {
    if (state == circuit_state::open && now >= since_ + options_.open_for) become(circuit_state::half_open, now);
    if (state == circuit_state::half_open && options_.max_half_open != 0ms && now >= since_ + options_.max_half_open) {
      become(circuit_state::open, now);
    }
    bool admitted = state == circuit_state::closed;
    if (state == circuit_state::half_open) admitted = probes_under_way_or_counted() < options_.half_open_calls;
    if (admitted) under_way_[id] = epoch_;
    return admitted;
  }

  void leave(int id, circuit_outcome outcome, std::chrono::nanoseconds took, time_point now) {
    const int began_in = under_way_.at(id);
    under_way_.erase(id);
    if (began_in != epoch_ || outcome == circuit_outcome::ignored) return;
    results_.push_back({now, outcome == circuit_outcome::failure, took >= options_.slow_call});
    const bool probing = state == circuit_state::half_open;
    int total = 0, failed = 0, slow = 0;
    for (std::size_t i = 0; i < results_.size(); ++i) {
      const bool counts = probing || in_window(i, now);
      total += counts;
      failed += counts && results_[i].failed;
      slow += counts && results_[i].slow;
    }
    int needed = options_.minimum_calls;
    if (probing) needed = std::min(needed, options_.half_open_calls);
    if (!probing && !options_.window.is_time()) needed = std::min(needed, options_.window.count());
    if (total < needed) return;
    if (failed * 100 >= options_.failure_rate * total || slow * 100 >= options_.slow_call_rate * total) {
      become(circuit_state::open, now);
    } else if (probing) {
      become(circuit_state::closed, now);
    }
  }

  circuit_state state = circuit_state::closed;
  int transitions = 0;

 private:
  struct result {
    time_point at;
    bool failed, slow;
  };

  void become(circuit_state next, time_point now) {
    state = next;
    since_ = now;
    results_.clear();
    ++epoch_;
    ++transitions;
  }
  int probes_under_way_or_counted() const {
    int count = static_cast<int>(results_.size());
    for (const auto& [id, epoch] : under_way_) count += epoch == epoch_;
    return count;
  }
  bool in_window(std::size_t i, time_point now) const {
    if (!options_.window.is_time()) return i + static_cast<std::size_t>(options_.window.count()) >= results_.size();
    const auto step = options_.window.step();
    return now.time_since_epoch() / step - results_[i].at.time_since_epoch() / step < sliding_window::buckets;
  }

  circuit_breaker options_;
  time_point since_{};
  int epoch_ = 0;
  std::vector<result> results_;
  std::map<int, int> under_way_;  // call → epoch
};

circuit_breaker random_options(std::mt19937& random) {
  const auto between = [&](int low, int high) { return std::uniform_int_distribution{low, high}(random); };
  circuit_breaker options{.failure_rate = static_cast<double>(between(1, 10) * 10),
                          .slow_call_rate = static_cast<double>(between(1, 10) * 10),
                          .slow_call = 50ms,
                          .minimum_calls = between(1, 30),
                          .open_for = std::chrono::milliseconds{between(1, 300)},
                          .half_open_calls = between(1, 10),
                          .max_half_open = std::chrono::milliseconds{between(0, 2) * 150}};
  options.window = between(0, 1) == 0 ? sliding_window::calls(between(1, 40))
                                      : sliding_window::time(std::chrono::milliseconds{between(10, 1000)});
  return options;
}

TEST(CircuitModel, BehavesAsSpecified) {
  int transitions = 0, opened = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    std::mt19937 random{seed};
    const auto below = [&](int limit) { return std::uniform_int_distribution{0, limit - 1}(random); };
    const circuit_breaker options = random_options(random);
    circuit real{options};
    specification model{options};
    time_point now{std::chrono::milliseconds{100000 + below(1000)}};
    std::map<int, std::uint64_t> under_way;
    int next_id = 0, told = 0;
    int bad_percent = 20;
    for (int step = 0; step < 2000; ++step) {
      if (step % 200 == 0) bad_percent = below(101);
      now += std::chrono::microseconds{below(4) == 0 ? below(60000) : below(2000)};
      const std::string where = "seed " + std::to_string(seed) + ", step " + std::to_string(step);
      if (under_way.empty() || below(2) == 0) {
        const int id = next_id++;
        const auto entry = real.enter(now);
        told += entry.transition.has_value();
        ASSERT_EQ(entry.admitted, model.enter(id, now)) << where;
        if (entry.admitted) under_way[id] = entry.generation;
      } else {
        auto chosen = under_way.begin();
        std::advance(chosen, below(static_cast<int>(under_way.size())));
        const auto outcome = below(10) == 0             ? circuit_outcome::ignored
                             : below(100) < bad_percent ? circuit_outcome::failure
                                                        : circuit_outcome::success;
        const auto took = std::chrono::milliseconds{below(100) < bad_percent / 2 ? 50 : 49};
        told += real.leave(chosen->second, outcome, took, now).has_value();
        model.leave(chosen->first, outcome, took, now);
        under_way.erase(chosen);
      }
      ASSERT_EQ(real.state(), model.state) << where;
      ASSERT_EQ(told, model.transitions) << where << ": each transition is told once";
    }
    transitions += model.transitions;
    opened += static_cast<int>(real.snapshot(now).opened);
  }
  EXPECT_GT(transitions, 4000) << "the sequences reach too little";
  EXPECT_GT(opened, 1500);
}

}  // namespace
