#pragma once
/// @file nestcpp/resilience/adaptive_throttle.hpp
/// @brief Refuses a part of the calls here while the service refuses most of them there: client-side throttling of
/// Google's "Site Reliability Engineering", chapter 21. No timers; time and chance are parameters.

#include <nestcpp/resilience/detail/refuse.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace nestcpp {

/// A call is refused with probability `(requests - k * accepts) / (requests + 1)`, counted over the window.
///
/// Not accepted are calls without an answer, and answers that say overload: 429, 503, or a `retryAfterMs`. Not counted
/// are calls that the client's circuit breaker or rate limit refuses.
/// @par Thread safety A value.
struct adaptive_throttle {
  double k = 2;  ///< So many requests for each one that is accepted pass; 1 to 100. Default: 2.
  /// Longer than the longest time limit of a call, or late answers are missed. Default: 2 min.
  std::chrono::milliseconds window{120000};
  int minimum_requests = 100;  ///< With fewer in the window nothing is refused. Default: 100.

  /// @par Exceptions startup_error that names the first value that cannot be used and what is accepted.
  constexpr void validate() const {
    constexpr const char* name = "adaptive_throttle";
    if (!(k >= 1 && k <= 100)) detail::refuse_value(name, "k", k, "1 to 100");
    if (window.count() < 100) detail::refuse_value(name, "window", window, "100 ms or more");
    if (minimum_requests < 0) detail::refuse_value(name, "minimum_requests", minimum_requests, "0 or more");
  }
};

/// Requests are counted when they begin, refused ones too, so that those under way are not overlooked.
/// @par Thread safety Safe.
class throttle {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @par Exceptions As adaptive_throttle::validate.
  explicit throttle(const adaptive_throttle& options);

  /// Counts a request. @param chance evenly distributed in [0, 1) @return whether it may be sent
  [[nodiscard]] bool admit(time_point now, double chance);
  /// Takes back the request that `admit` has just let pass: it was refused here, so it says nothing of the service.
  void withdraw(time_point now);
  /// The service took the request, whatever it answered.
  void on_accepted(time_point now);
  /// The probability with which the next call is refused.
  [[nodiscard]] double probability(time_point now) const;

 private:
  static constexpr int buckets = 40;
  struct counts {
    std::int64_t requests = 0, accepts = 0;
  };
  void advance(time_point now) const;
  [[nodiscard]] double present_probability() const;

  adaptive_throttle options_;
  mutable std::mutex mutex_;
  mutable std::array<counts, buckets> steps_{};
  mutable counts sum_;
  mutable std::int64_t step_ = 0;
};

}  // namespace nestcpp
