#pragma once
/// @file nestcpp/resilience/exponential_backoff.hpp
/// @brief How often a failed call is repeated, and how long to wait before each time. No timers, no clock.

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace nestcpp {

enum class backoff_jitter : std::uint8_t {
  none,          ///< The limit itself.
  full,          ///< Evenly between 0 and the limit: callers that failed together do not come back together.
  proportional,  ///< The limit times a factor between 0.8 and 1.2, as gRPC does.
};

namespace detail {
/// Evenly distributed in [0, 1), from a generator of this thread's own.
[[nodiscard]] double random_fraction();
}  // namespace detail

/// `exponential_backoff{.attempts = 3}`. The limit of the n-th retry is `min(initial * multiplier^(n-1), max)`.
/// @par Thread safety A value; the random source is the calling thread's.
struct exponential_backoff {
  int attempts = 3;                        ///< Calls in all, the first one included. Default: 3; 1 = never repeat.
  std::chrono::milliseconds initial{100};  ///< Limit of the first wait. Default: 100 ms.
  double multiplier = 2;                   ///< Growth of the limit. Default: 2.
  std::chrono::milliseconds max{2000};     ///< No limit exceeds it. Default: 2 s.
  backoff_jitter jitter = backoff_jitter::full;

  /// @par Exceptions startup_error that names the first value that cannot be used and what is accepted.
  constexpr void validate() const {
    const bool finite = multiplier >= 1 && multiplier <= std::numeric_limits<double>::max();
    if (attempts < 1 || initial.count() < 0 || !finite || max < initial) refuse();
  }

  /// The wait before retry number `retry` (1 = after the first failed call) without jitter.
  [[nodiscard]] std::chrono::nanoseconds limit(int retry) const;

  /// The wait before the next call after `failed` calls have failed; nullopt once all attempts are used.
  /// @param random yields a double in [0, 1).
  template <class Random>
  [[nodiscard]] std::optional<std::chrono::nanoseconds> delay_after(int failed, Random&& random) const {
    if (failed >= attempts) return std::nullopt;
    return jitter == backoff_jitter::none ? limit(failed) : spread(limit(failed), random());
  }
  [[nodiscard]] std::optional<std::chrono::nanoseconds> delay_after(int failed) const {
    return delay_after(failed, &detail::random_fraction);
  }

 private:
  void refuse() const;
  [[nodiscard]] std::chrono::nanoseconds spread(std::chrono::nanoseconds limit, double fraction) const;
};

}  // namespace nestcpp
