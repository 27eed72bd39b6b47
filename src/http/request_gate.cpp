#include "http/request_gate.hpp"

#include "http/http_session.hpp"

#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace nestcpp::detail {

bool request_gate::drain(deadline limit) const {
  // Not on `nestcpp::clock`: a thread waits.
  const auto began = std::chrono::steady_clock::now();
  const auto patience = limit.remaining();
  while (begun_.load() != 0) {
    if (!limit.is_never() && std::chrono::steady_clock::now() - began >= patience) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

bool request_gate::enter(const std::shared_ptr<http_session>& waiter) {
  if (taken_.fetch_add(1) < places_) return true;
  {
    const std::lock_guard lock{mutex_};
    waiting_.push_back(waiter);
    waiting_count_.store(waiting_.size());
  }
  // Waits before it gives back what it took too much: who leaves meanwhile sees one or the other.
  taken_.fetch_sub(1);
  let_in();
  return false;
}

void request_gate::leave() {
  taken_.fetch_sub(1);
  if (waiting_count_.load() != 0) let_in();
}

bool request_gate::take_free_place() noexcept {
  std::size_t taken = taken_.load();
  while (taken < places_) {
    if (taken_.compare_exchange_weak(taken, taken + 1)) return true;
  }
  return false;
}

void request_gate::let_in() {
  std::vector<std::shared_ptr<http_session>> next;
  {
    const std::lock_guard lock{mutex_};
    while (!waiting_.empty() && take_free_place()) {
      next.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    waiting_count_.store(waiting_.size());
  }
  for (auto& each : next) http_session::go_on(std::move(each));
}

void request_gate::forget_waiting() {
  std::deque<std::shared_ptr<http_session>> forgotten;
  const std::lock_guard lock{mutex_};
  forgotten.swap(waiting_);
  waiting_count_.store(0);
}

}  // namespace nestcpp::detail
