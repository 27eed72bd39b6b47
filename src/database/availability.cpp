#include "availability.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/database/errors.hpp>

#include <algorithm>
#include <random>

namespace nestcpp::detail {

namespace {

const logger log{"Database"};

}  // namespace

void availability::succeeded() {
  const std::lock_guard lock{mutex_};
  failures_ = 0;
  if (!down_) return;
  down_ = false;
  log.info("{} is available again", description_);
}

void availability::failed(const std::string& reason) {
  using namespace std::chrono_literals;
  const std::lock_guard lock{mutex_};
  reason_ = reason;
  // 25 ms, 50 ms … 250 ms, half of it by chance: short enough to notice its return at once, long enough to spare it a
  // storm.
  const auto longest = std::min(250ms, 25ms * (1 << std::min(failures_++, 4)));
  static thread_local std::minstd_rand random{std::random_device{}()};
  const auto wait = longest / 2 + std::chrono::milliseconds{random() % static_cast<unsigned>(longest.count() / 2 + 1)};
  next_attempt_ = clock::now() + wait;
  if (down_) return;
  down_ = true;
  log.error("{} is unavailable: {}", description_, reason);
}

void availability::check() const {
  const std::lock_guard lock{mutex_};
  if (failures_ > 0 && clock::now() < next_attempt_) throw database_unavailable{reason_};
}

}  // namespace nestcpp::detail
