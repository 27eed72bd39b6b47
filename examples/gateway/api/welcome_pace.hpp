#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

namespace gateway {

/// How long welcomes take at present, so that they are asked for when they are there: every earlier question is in vain
/// and delays the rest. Learns from each welcome that was found, a little less patient after each first question that
/// was late enough.
/// @par Thread safety Safe; of two that learn at once one may be forgotten.
class WelcomePace {
 public:
  /// From the user's creation to the first question.
  [[nodiscard]] std::chrono::microseconds first_wait() const noexcept {
    return std::chrono::microseconds{microseconds_.load(std::memory_order_relaxed)};
  }

  /// @param after how long after the user's creation the welcome was found
  /// @param questions how many that took, 1 or more
  void found(std::chrono::microseconds after, int questions) noexcept {
    const auto before = first_wait().count();
    const auto now = questions == 1 ? before - before / 32 : before + (after.count() - before) / 4;
    microseconds_.store(std::clamp(now, shortest, longest), std::memory_order_relaxed);
  }

 private:
  using rep = std::chrono::microseconds::rep;
  static constexpr rep shortest = 1'000;
  static constexpr rep longest = 50'000;

  std::atomic<rep> microseconds_{4'000};
};

}  // namespace gateway
