#include <nestcpp/resilience/retry_budget.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nestcpp {
namespace {

constexpr std::int64_t scale = 1000;

std::int64_t checked_max(int max_tokens) {
  if (max_tokens < 1 || max_tokens > 1000) {
    throw startup_error{fmt::format("retry_budget: max_tokens is {}; 1 to 1000 is accepted.", max_tokens)};
  }
  return max_tokens * scale;
}

std::int64_t checked_ratio(double ratio) {
  const double scaled = std::round(ratio * scale);
  if (!(scaled >= 1) || !(ratio <= 1000)) {
    throw startup_error{fmt::format("retry_budget: token_ratio is {}; 0.001 to 1000 is accepted.", ratio)};
  }
  return static_cast<std::int64_t>(scaled);
}

}  // namespace

retry_budget::retry_budget(retry_budget_options options)
    : max_{checked_max(options.max_tokens)}, ratio_{checked_ratio(options.token_ratio)}, tokens_{max_} {}

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

double retry_budget::tokens() const noexcept {
  return static_cast<double>(tokens_.load(std::memory_order_relaxed)) / static_cast<double>(scale);
}

}  // namespace nestcpp
