#pragma once
/// @file nestcpp/resilience/hedging.hpp
/// @brief A second attempt while the first is still under way, against the slowest of the answers: gRPC's hedging
/// (proposal A6) with brpc's limit on how many there may be.

#include <nestcpp/resilience/detail/refuse.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace nestcpp {

/// `hedging{.delay = 50ms}`. The delay is best what 95 of 100 answers take at most: that is 5 % more load.
/// @par Thread safety A value.
struct hedging {
  static constexpr int most_attempts = 5;

  std::chrono::milliseconds delay{100};  ///< Until the next attempt. Default: 100 ms.
  int max_attempts = 2;                  ///< The first included, 2 to 5. Default: 2.
  double max_ratio = 0.1;                ///< Further attempts to calls, above 0 to 1. Default: 0.1.

  /// @par Exceptions startup_error that names the first value that cannot be used and what is accepted.
  constexpr void validate() const {
    constexpr const char* name = "hedging";
    if (delay.count() < 0) detail::refuse_value(name, "delay", delay, "0 or more");
    if (max_attempts < 2 || max_attempts > most_attempts) {
      detail::refuse_value(name, "max_attempts", max_attempts, "2 to 5 (the first call counts)");
    }
    if (!(max_ratio >= 0.001 && max_ratio <= 1)) {
      detail::refuse_value(name, "max_ratio", max_ratio, "0.001 to 1 (of the calls)");
    }
  }
};

/// Each call brings `max_ratio` of a token, each further attempt takes one: of n calls no more than
/// `n * max_ratio + 10` are hedged, so that a service which is slow as a whole is not called twice as often.
/// @par Thread safety Safe, lock free.
class hedge_budget {
 public:
  explicit hedge_budget(double max_ratio);

  void on_call() noexcept;
  /// False: no further attempt.
  [[nodiscard]] bool take() noexcept;
  [[nodiscard]] double tokens() const noexcept;

 private:
  std::int64_t ratio_;  // in thousandths of a token
  std::atomic<std::int64_t> tokens_;
};

}  // namespace nestcpp
