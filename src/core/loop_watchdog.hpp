#pragma once
// Notices loops that are blocked: a thread of its own posts to each loop and looks how long the answer takes.

#include <nestcpp/core/runtime.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace nestcpp::detail {

// It must outlive the loops' pending work: what it posted refers to it.
class loop_watchdog {
 public:
  explicit loop_watchdog(std::chrono::milliseconds limit) : limit_{limit} {}
  ~loop_watchdog();
  loop_watchdog(const loop_watchdog&) = delete;
  loop_watchdog& operator=(const loop_watchdog&) = delete;

  void start(const std::vector<std::unique_ptr<event_loop>>& loops);
  // Does not wait; join() does.
  void stop();
  void join();

 private:
  using clock = std::chrono::steady_clock;  // real time: it measures threads
  struct pulse {
    explicit pulse(event_loop& of) : loop{of} {}
    event_loop& loop;
    std::atomic<bool> outstanding{false};
    clock::time_point sent{};
    bool reported = false;
  };

  void run();
  void check(pulse& of, clock::time_point now);

  const std::chrono::milliseconds limit_;
  std::vector<std::unique_ptr<pulse>> pulses_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace nestcpp::detail
