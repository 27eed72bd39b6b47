#pragma once
// A statement that may be interrupted from another thread, and nothing else than it.

#include "driver.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace nestcpp::detail {

/// One statement's. Its thread calls `begin` and `end`; who waits for it calls `request`, and somebody with time
/// `interrupt`.
/// @par Thread safety Safe.
class interruption {
 public:
  /// @return false: it is not wanted any more.
  [[nodiscard]] bool begin(database_connection& connection) {
    const std::lock_guard lock{mutex_};
    if (requested_) return false;
    running_ = &connection;
    return true;
  }
  /// Returns once nobody touches the connection. @return whether an interruption was asked for.
  bool end() {
    std::unique_lock lock{mutex_};
    running_ = nullptr;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !interrupting_; });
    return requested_;
  }

  /// @return whether there is a statement to interrupt.
  [[nodiscard]] bool request() {
    const std::lock_guard lock{mutex_};
    requested_ = true;
    return running_ != nullptr;
  }
  /// Blocks until the statement has ended. Says it again and again, as a database does not hear what comes before the
  /// statement does.
  void interrupt() {
    std::unique_lock lock{mutex_};
    for (auto pause = std::chrono::milliseconds{5}; running_ != nullptr; pause = std::min(pause * 2, longest_pause)) {
      auto& connection = *running_;
      interrupting_ = true;
      lock.unlock();
      connection.cancel();
      lock.lock();
      interrupting_ = false;
      changed_.notify_all();
      changed_.wait_for(lock, pause, [this] { return running_ == nullptr; });
    }
  }

 private:
  static constexpr std::chrono::milliseconds longest_pause{1'000};

  std::mutex mutex_;
  std::condition_variable changed_;
  database_connection* running_ = nullptr;
  bool interrupting_ = false;
  bool requested_ = false;
};

}  // namespace nestcpp::detail
