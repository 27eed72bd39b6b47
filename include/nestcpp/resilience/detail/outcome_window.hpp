#pragma once
// How the last calls ended. Not thread-safe; the time is a parameter.

#include <nestcpp/resilience/sliding_window.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nestcpp::detail {

struct outcome_counts {
  std::int64_t total = 0, failed = 0, slow = 0;

  [[nodiscard]] double failure_rate() const { return percent(failed); }
  [[nodiscard]] double slow_rate() const { return percent(slow); }
  outcome_counts& operator+=(const outcome_counts& other);
  outcome_counts& operator-=(const outcome_counts& other);

 private:
  [[nodiscard]] double percent(std::int64_t part) const {
    return total == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(total);
  }
};

class outcome_window {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit outcome_window(sliding_window of);
  void add(bool failed, bool slow, time_point now);
  [[nodiscard]] const outcome_counts& counts(time_point now);
  void clear();

 private:
  void advance(time_point now);

  sliding_window window_;
  outcome_counts sum_;
  std::vector<std::uint8_t> ring_;  // of a window of calls: bit 0 failed, bit 1 slow
  std::size_t at_ = 0;
  std::array<outcome_counts, sliding_window::buckets> steps_{};  // of a window of time
  std::int64_t step_ = 0;                                        // the newest, counted from the clock's epoch
};

}  // namespace nestcpp::detail
