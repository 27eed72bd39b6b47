#pragma once
// How `outbox::notify` reaches the relays of this process.

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <utility>

namespace nestcpp::detail {

/// What copies of an outbox share.
/// @par Thread safety Safe.
struct outbox_signal {
  std::atomic<bool> has_dead_letters{false};  // the table has a place for them

  using listener = std::list<std::function<void()>>::iterator;

  /// @param wake is called on any thread and must only post.
  [[nodiscard]] listener listen(std::function<void()> wake) {
    const std::lock_guard lock{mutex};
    return listeners.insert(listeners.end(), std::move(wake));
  }
  void forget(listener which) {
    const std::lock_guard lock{mutex};
    listeners.erase(which);
  }
  void notify() {
    const std::lock_guard lock{mutex};
    for (const auto& wake : listeners) wake();
  }

 private:
  std::mutex mutex;
  std::list<std::function<void()>> listeners;
};

}  // namespace nestcpp::detail
