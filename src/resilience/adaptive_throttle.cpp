#include <nestcpp/resilience/adaptive_throttle.hpp>

#include <algorithm>

namespace nestcpp {

namespace {

const adaptive_throttle& checked(const adaptive_throttle& options) {
  options.validate();
  return options;
}

}  // namespace

throttle::throttle(const adaptive_throttle& options) : options_{checked(options)} {}

bool throttle::admit(time_point now, double chance) {
  const std::lock_guard lock{mutex_};
  advance(now);
  const bool pass = chance >= present_probability();
  ++steps_[static_cast<std::size_t>(step_ % buckets)].requests;
  ++sum_.requests;
  return pass;
}

// Where a step has begun since, its count is one too few until the step before it leaves the window.
void throttle::withdraw(time_point now) {
  const std::lock_guard lock{mutex_};
  advance(now);
  --steps_[static_cast<std::size_t>(step_ % buckets)].requests;
  --sum_.requests;
}

void throttle::on_accepted(time_point now) {
  const std::lock_guard lock{mutex_};
  advance(now);
  ++steps_[static_cast<std::size_t>(step_ % buckets)].accepts;
  ++sum_.accepts;
}

double throttle::probability(time_point now) const {
  const std::lock_guard lock{mutex_};
  advance(now);
  return present_probability();
}

double throttle::present_probability() const {
  if (sum_.requests < options_.minimum_requests) return 0;
  const auto requests = static_cast<double>(sum_.requests);
  return std::max(0.0, (requests - options_.k * static_cast<double>(sum_.accepts)) / (requests + 1));
}

// Drops the steps that have left the window. A time before the newest step counts as that step.
void throttle::advance(time_point now) const {
  const std::int64_t newest = now.time_since_epoch() / (std::chrono::nanoseconds{options_.window} / buckets);
  if (newest - step_ >= buckets) {
    steps_ = {};
    sum_ = {};
    step_ = newest;
  }
  while (step_ < newest) {
    ++step_;
    counts& oldest = steps_[static_cast<std::size_t>(step_ % buckets)];
    sum_.requests -= oldest.requests;
    sum_.accepts -= oldest.accepts;
    oldest = {};
  }
}

}  // namespace nestcpp
