#include <nestcpp/resilience/hedging.hpp>

#include <algorithm>
#include <cmath>

namespace nestcpp {

namespace {
constexpr std::int64_t scale = 1000;
constexpr std::int64_t most = 10 * scale;  // what calls of a quiet time can leave behind
}  // namespace

hedge_budget::hedge_budget(double max_ratio)
    : ratio_{static_cast<std::int64_t>(std::round(max_ratio * scale))}, tokens_{most} {}

void hedge_budget::on_call() noexcept {
  std::int64_t now = tokens_.load(std::memory_order_relaxed);
  while (now < most && !tokens_.compare_exchange_weak(now, std::min(now + ratio_, most), std::memory_order_relaxed)) {
  }
}

bool hedge_budget::take() noexcept {
  std::int64_t now = tokens_.load(std::memory_order_relaxed);
  while (now >= scale) {
    if (tokens_.compare_exchange_weak(now, now - scale, std::memory_order_relaxed)) return true;
  }
  return false;
}

double hedge_budget::tokens() const noexcept {
  return static_cast<double>(tokens_.load(std::memory_order_relaxed)) / static_cast<double>(scale);
}

}  // namespace nestcpp
