#include <nestcpp/resilience/rate_limit.hpp>

#include <algorithm>
#include <limits>

namespace nestcpp {

namespace {

std::int64_t nanoseconds_of(rate_limiter::time_point at) {
  return std::chrono::nanoseconds{at.time_since_epoch()}.count();
}

const rate_limit& checked(const rate_limit& options) {
  options.validate();
  return options;
}

// No further ahead than a time in nanoseconds can be: 73 years.
std::int64_t tolerance_of(std::int64_t interval, std::int64_t burst) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 4;
  return interval > most / burst ? most : interval * burst;
}

}  // namespace

rate_limiter::rate_limiter(const rate_limit& options)
    : interval_{std::max<std::int64_t>(1, std::chrono::nanoseconds{checked(options).per}.count() / options.calls)},
      tolerance_{tolerance_of(interval_, options.burst == 0 ? options.calls : options.burst)},
      max_wait_{options.max_wait},
      next_{std::numeric_limits<std::int64_t>::min()} {}

std::optional<std::chrono::nanoseconds> rate_limiter::take(time_point now, std::chrono::nanoseconds max_wait) {
  const std::int64_t present = nanoseconds_of(now);
  std::int64_t full_at = next_.load(std::memory_order_relaxed);
  for (;;) {
    const std::int64_t mine = std::max(full_at, present) + interval_;
    const std::int64_t wait = std::max<std::int64_t>(0, mine - tolerance_ - present);
    if (wait > max_wait.count()) return std::nullopt;
    if (next_.compare_exchange_weak(full_at, mine, std::memory_order_relaxed)) return std::chrono::nanoseconds{wait};
  }
}

double rate_limiter::available(time_point now) const {
  const std::int64_t present = nanoseconds_of(now);
  const std::int64_t used = std::max(next_.load(std::memory_order_relaxed), present) - present;
  return static_cast<double>(std::max<std::int64_t>(0, tolerance_ - used)) / static_cast<double>(interval_);
}

}  // namespace nestcpp
