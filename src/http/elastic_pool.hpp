#pragma once
// Threads that come when there is work for them and leave when there is none.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace nestcpp::detail {

/// @par Thread safety Safe; `finish()` must not be called by a job.
class elastic_pool {
 public:
  /// @param most threads at a time; further jobs wait for one
  /// @param idle how long a thread waits for its next job before it leaves
  elastic_pool(std::size_t most, std::chrono::milliseconds idle);
  /// Finishes.
  ~elastic_pool();
  elastic_pool(const elastic_pool&) = delete;
  elastic_pool& operator=(const elastic_pool&) = delete;

  /// @throws std::system_error where there is no thread at all and none can be made
  void post(std::function<void()> job);
  [[nodiscard]] std::size_t threads() const;
  /// Runs what is queued and ends all threads.
  void finish();

 private:
  void work(std::list<std::thread>::iterator self);
  void join_leavers(std::unique_lock<std::mutex>& lock);

  const std::size_t most_;
  const std::chrono::milliseconds idle_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable left_;
  std::deque<std::function<void()>> jobs_;
  std::list<std::thread> threads_;
  std::list<std::thread> leavers_;  // ended or about to, not yet joined
  std::size_t waiting_ = 0;         // threads without a job
  bool finishing_ = false;
};

}  // namespace nestcpp::detail
