#include "http/elastic_pool.hpp"

#include <system_error>
#include <utility>

namespace nestcpp::detail {

elastic_pool::elastic_pool(std::size_t most, std::chrono::milliseconds idle)
    : most_{most == 0 ? 1 : most}, idle_{idle} {}

elastic_pool::~elastic_pool() { finish(); }

void elastic_pool::post(std::function<void()> job) {
  std::unique_lock lock{mutex_};
  jobs_.push_back(std::move(job));
  if (waiting_ < jobs_.size() && threads_.size() < most_) {
    const auto self = threads_.emplace(threads_.end());
    try {
      *self = std::thread{[this, self] { work(self); }};
    } catch (const std::system_error&) {
      threads_.erase(self);
      if (threads_.empty()) {
        jobs_.pop_back();
        throw;
      }
    }
  }
  wake_.notify_one();
  join_leavers(lock);
}

std::size_t elastic_pool::threads() const {
  const std::lock_guard lock{mutex_};
  return threads_.size();
}

void elastic_pool::finish() {
  std::unique_lock lock{mutex_};
  finishing_ = true;
  wake_.notify_all();
  left_.wait(lock, [this] { return threads_.empty(); });
  join_leavers(lock);
}

void elastic_pool::work(std::list<std::thread>::iterator self) {
  std::unique_lock lock{mutex_};
  while (true) {
    ++waiting_;
    const bool woken = wake_.wait_for(lock, idle_, [this] { return finishing_ || !jobs_.empty(); });
    --waiting_;
    if (jobs_.empty()) {
      if (finishing_ || !woken) break;
      continue;
    }
    {
      const auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
    }
    lock.lock();
  }
  leavers_.splice(leavers_.end(), threads_, self);
  left_.notify_all();
}

void elastic_pool::join_leavers(std::unique_lock<std::mutex>& lock) {
  std::list<std::thread> leavers = std::move(leavers_);
  leavers_.clear();
  lock.unlock();
  for (std::thread& each : leavers) each.join();
}

}  // namespace nestcpp::detail
