#include <nestcpp/resilience/retry_budget.hpp>

#include <algorithm>
#include <cmath>

namespace nestcpp {
namespace {

constexpr std::int64_t scale = 1000;

const retry_budget_options& checked(const retry_budget_options& options) {
  options.validate();
  return options;
}

}  // namespace

retry_budget::retry_budget(retry_budget_options options)
    : max_{checked(options).max_tokens * scale},
      ratio_{static_cast<std::int64_t>(std::round(options.token_ratio * scale))},
      tokens_{max_} {
  if (options.min_per_second > 0) floor_.emplace(rate_limit{.calls = options.min_per_second});
}

void retry_budget::on_success() noexcept {
  std::int64_t now = tokens_.load(std::memory_order_relaxed);
  while (now < max_ && !tokens_.compare_exchange_weak(now, std::min(now + ratio_, max_), std::memory_order_relaxed)) {
  }
}

void retry_budget::on_failure() noexcept {
  std::int64_t now = tokens_.load(std::memory_order_relaxed);
  while (now > 0 &&
         !tokens_.compare_exchange_weak(now, std::max(now - scale, std::int64_t{0}), std::memory_order_relaxed)) {
  }
}

bool retry_budget::can_retry() const noexcept { return tokens_.load(std::memory_order_relaxed) * 2 > max_; }

bool retry_budget::may_retry(std::chrono::steady_clock::time_point now) noexcept {
  return can_retry() || (floor_ && floor_->take(now).has_value());
}

double retry_budget::tokens() const noexcept {
  return static_cast<double>(tokens_.load(std::memory_order_relaxed)) / static_cast<double>(scale);
}

}  // namespace nestcpp
