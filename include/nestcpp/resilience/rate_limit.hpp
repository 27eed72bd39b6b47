#pragma once
/// @file nestcpp/resilience/rate_limit.hpp
/// @brief How many calls may begin in a time: a token bucket, kept as one number (GCRA). No timers; the time is a
/// parameter.

#include <nestcpp/resilience/detail/refuse.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace nestcpp {

/// `rate_limit{.calls = 100, .per = 1s}`: a hundred calls a second, and a hundred at once after a pause.
/// @par Thread safety A value.
struct rate_limit {
  int calls = 50;                         ///< So many in `per`. Default: 50.
  std::chrono::milliseconds per{1000};    ///< Default: 1 s.
  int burst = 0;                          ///< At once after a pause; 0 = as many as `calls`. Default: 0.
  std::chrono::milliseconds max_wait{0};  ///< A call may wait for its turn so long. Default: 0, it is refused at once.

  /// @par Exceptions startup_error that names the first value that cannot be used and what is accepted.
  constexpr void validate() const {
    constexpr const char* name = "rate_limit";
    if (calls < 1 || calls > 1'000'000) detail::refuse_value(name, "calls", calls, "1 to 1000000");
    if (per.count() < 1 || per > std::chrono::hours{24}) detail::refuse_value(name, "per", per, "1 ms to 24 h");
    if (burst < 0 || burst > 1'000'000) detail::refuse_value(name, "burst", burst, "0 (as calls) to 1000000");
    if (max_wait.count() < 0 || max_wait > std::chrono::hours{24}) {
      detail::refuse_value(name, "max_wait", max_wait, "0 to 24 h");
    }
  }
};

/// Between any two times no more calls begin than `burst` and the rate's share of the time between them; a clock that
/// jumps ahead fills the bucket and no more, one that goes back fills nothing.
/// @par Thread safety Safe, lock free.
class rate_limiter {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @par Exceptions As rate_limit::validate.
  explicit rate_limiter(const rate_limit& options);

  /// Takes the next turn. @return how long to wait for it, 0 = now; nullopt: longer than `max_wait`, and no turn is
  /// taken
  [[nodiscard]] std::optional<std::chrono::nanoseconds> take(time_point now, std::chrono::nanoseconds max_wait);
  [[nodiscard]] std::optional<std::chrono::nanoseconds> take(time_point now) { return take(now, max_wait_); }
  [[nodiscard]] std::chrono::nanoseconds max_wait() const noexcept { return max_wait_; }

  /// Calls that could begin now, for metrics.
  [[nodiscard]] double available(time_point now) const;

 private:
  std::int64_t interval_;   // nanoseconds a call
  std::int64_t tolerance_;  // how far ahead of now the next free turn may be, itself included
  std::chrono::nanoseconds max_wait_;
  std::atomic<std::int64_t> next_;  // the time from which on the bucket is full
};

}  // namespace nestcpp
