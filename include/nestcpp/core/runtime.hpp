#pragma once
/// @file nestcpp/core/runtime.hpp
/// @brief The event loops, one thread and one `io_context` each, and the named pools for blocking work.

#include <nestcpp/core/blocking_pool.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace nestcpp {

struct runtime_options {
  std::size_t io_threads = 0;  ///< Event loops. Default: 0 = number of cores.
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

 private:
  friend class runtime;
  boost::asio::io_context context_{1};
  std::size_t index_;
};

/// Owns loops and pools. `start()` → work → `stop()` → `join()`; the destructor stops and joins.
/// @par Thread safety All members are safe, except that `join()` must not be called on a loop or pool thread.
class runtime {
 public:
  explicit runtime(runtime_options options = {});
  ~runtime();
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  [[nodiscard]] std::size_t loop_count() const noexcept;
  [[nodiscard]] event_loop& loop(std::size_t index);
  /// Round robin.
  [[nodiscard]] event_loop& next_loop() noexcept;
  /// The pool of that name, made at the first call; later calls ignore `threads`.
  [[nodiscard]] blocking_pool& pool(std::string_view name, std::size_t threads);

  void start();
  /// Ends the loops as soon as what runs at this moment returns; pending work is dropped. Pools finish what they run.
  void stop();
  void join();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp
