#include <nestcpp/resilience/detail/outcome_window.hpp>

namespace nestcpp::detail {

outcome_counts& outcome_counts::operator+=(const outcome_counts& other) {
  total += other.total;
  failed += other.failed;
  slow += other.slow;
  return *this;
}

outcome_counts& outcome_counts::operator-=(const outcome_counts& other) {
  total -= other.total;
  failed -= other.failed;
  slow -= other.slow;
  return *this;
}

outcome_window::outcome_window(sliding_window of) : window_{of} {
  ring_.reserve(static_cast<std::size_t>(window_.count()));
}

void outcome_window::add(bool failed, bool slow, time_point now) {
  const outcome_counts one{.total = 1, .failed = failed ? 1 : 0, .slow = slow ? 1 : 0};
  if (window_.is_time()) {
    advance(now);
    steps_[static_cast<std::size_t>(step_ % sliding_window::buckets)] += one;
  } else {
    const auto bits = static_cast<std::uint8_t>((failed ? 1 : 0) | (slow ? 2 : 0));
    if (ring_.size() < static_cast<std::size_t>(window_.count())) {
      ring_.push_back(bits);
    } else {
      const std::uint8_t old = ring_[at_];
      sum_ -= {.total = 1, .failed = old & 1, .slow = old >> 1};
      ring_[at_] = bits;
      at_ = (at_ + 1) % ring_.size();
    }
  }
  sum_ += one;
}

const outcome_counts& outcome_window::counts(time_point now) {
  if (window_.is_time()) advance(now);
  return sum_;
}

void outcome_window::clear() {
  sum_ = {};
  ring_.clear();
  at_ = 0;
  steps_ = {};
}

// Drops the steps that have left the window. A time before the newest step counts as that step.
void outcome_window::advance(time_point now) {
  const std::int64_t newest = now.time_since_epoch() / window_.step();
  if (newest - step_ >= sliding_window::buckets) {
    steps_ = {};
    sum_ = {};
    step_ = newest;
  }
  while (step_ < newest) {
    ++step_;
    outcome_counts& oldest = steps_[static_cast<std::size_t>(step_ % sliding_window::buckets)];
    sum_ -= oldest;
    oldest = {};
  }
}

}  // namespace nestcpp::detail
