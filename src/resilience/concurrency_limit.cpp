#include <nestcpp/resilience/concurrency_limit.hpp>

#include <algorithm>

namespace nestcpp {

namespace {

constexpr int warm_up = 10;  // measurements whose plain mean the usual time is at first

const concurrency_limit& checked(const concurrency_limit& options) {
  options.validate();
  return options;
}

}  // namespace

concurrency_limiter::concurrency_limiter(const concurrency_limit& options)
    : options_{checked(options)}, limit_{static_cast<double>(options.initial)} {}

bool concurrency_limiter::try_begin() {
  const std::lock_guard lock{mutex_};
  if (under_way_ >= static_cast<int>(limit_)) return false;
  most_under_way_ = std::max(most_under_way_, ++under_way_);
  return true;
}

void concurrency_limiter::end(std::chrono::nanoseconds took, time_point now) {
  const std::lock_guard lock{mutex_};
  --under_way_;
  if (took.count() < 0) return;
  if (window_ends_ == time_point{}) window_ends_ = now + options_.window;
  sum_ += took;
  ++samples_;
  if (now < window_ends_ || samples_ < options_.minimum_samples) return;
  measure(static_cast<double>(sum_.count()) / samples_);
  sum_ = {};
  samples_ = 0;
  most_under_way_ = under_way_;
  window_ends_ = now + options_.window;
}

void concurrency_limiter::measure(double short_time) {
  if (long_count_ < warm_up) {
    long_time_ += (short_time - long_time_) / ++long_count_;
  } else {
    long_time_ += (short_time - long_time_) * 2 / (options_.long_window + 1);
  }
  // A usual time that was measured under load would take long to come down by itself.
  if (long_time_ > 2 * short_time) long_time_ *= 0.95;
  if (most_under_way_ * 2 < limit_) return;
  const double gradient = std::clamp(options_.tolerance * long_time_ / std::max(short_time, 1.0), 0.5, 1.0);
  const double wanted = limit_ * gradient + options_.queue;
  limit_ = std::clamp(limit_ * (1 - options_.smoothing) + wanted * options_.smoothing,
                      static_cast<double>(options_.min), static_cast<double>(options_.max));
}

int concurrency_limiter::limit() const {
  const std::lock_guard lock{mutex_};
  return static_cast<int>(limit_);
}

int concurrency_limiter::under_way() const {
  const std::lock_guard lock{mutex_};
  return under_way_;
}

}  // namespace nestcpp
