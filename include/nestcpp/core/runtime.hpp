#pragma once
/// @file nestcpp/core/runtime.hpp
/// @brief The event loops, one thread and one `io_context` each, and the named pools for blocking work.

#include <nestcpp/core/blocking_pool.hpp>

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace nestcpp {

struct runtime_options {
  std::size_t io_threads = 0;  ///< Event loops. Default: 0 = number of cores.
  /// A loop that does not turn for this long is logged, once each time, with its activity; always noticed from one and
  /// a half times this on. Default: 100 ms; 0 = off.
  std::chrono::milliseconds blocked_loop_warning{100};
};

/// One loop: what runs on it runs on one thread, so state that belongs to a loop needs no lock.
class event_loop {
 public:
  explicit event_loop(std::size_t index);

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] boost::asio::io_context::executor_type executor() noexcept { return context_.get_executor(); }
  [[nodiscard]] std::size_t index() const noexcept { return index_; }
  /// The loop whose thread this is; null elsewhere.
  [[nodiscard]] static event_loop* current() noexcept;

  /// What the loop is doing, for the log line should it block: the handler's name, say. Empty by default.
  /// @param name must live as long as the loop; setting it is one relaxed store.
  void set_activity(const char* name) noexcept { activity_.store(name, std::memory_order_relaxed); }
  [[nodiscard]] const char* activity() const noexcept { return activity_.load(std::memory_order_relaxed); }

 private:
  friend class runtime;
  struct loop_context : boost::asio::io_context {
    using boost::asio::execution_context::shutdown;
    using boost::asio::io_context::io_context;
  };
  loop_context context_{1};
  std::size_t index_;
  std::atomic<const char*> activity_{""};
};

/// Owns loops and pools. `start()` → work → `stop()` → `join()`; the destructor stops and joins.
/// @par Thread safety All members are safe, except that `join()` must not be called on a loop or pool thread.
class runtime {
 public:
  explicit runtime(runtime_options options = {});
  /// Coroutines that still wait are destroyed, while all loops and pools still exist, so that they may use each
  /// other's.
  ~runtime();
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  [[nodiscard]] std::size_t loop_count() const noexcept;
  /// @throws std::out_of_range
  [[nodiscard]] event_loop& loop(std::size_t index);
  /// Round robin.
  [[nodiscard]] event_loop& next_loop() noexcept;
  /// The pool of that name, made at the first call; later calls ignore `threads`. It lives as long as the runtime.
  [[nodiscard]] blocking_pool& pool(std::string_view name, std::size_t threads);
  /// Those that have been made.
  [[nodiscard]] std::vector<const blocking_pool*> pools() const;

  /// Starts the loops' threads. A second call does nothing, nor does one after `stop()`.
  /// An exception that escapes from something run on a loop is logged, and the loop goes on.
  /// @throws std::system_error where threads cannot be had; the runtime is then stopped.
  void start();
  /// Ends the loops, for good, as soon as what runs at this moment returns; pending work is dropped. Pools finish what
  /// they run; what is queued there is dropped by the destructor. May be called on a loop.
  void stop();
  /// Returns when all loops have ended.
  void join();
  /// Destroys the coroutines that still wait, as the destructor does: for owners of what these use that goes before the
  /// runtime. Waits for what the pools run. Call it after `join()`, on none of their threads.
  void drop_pending();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp
