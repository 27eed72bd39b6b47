#pragma once
// Connections of one kind: a thread each, borrowed fairly, opened and replaced on the pool's threads when they are
// needed.

#include "driver.hpp"
#include "interruption.hpp"

#include <nestcpp/core/blocking_pool.hpp>
#include <nestcpp/core/call_meter.hpp>
#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/task.hpp>

#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp::detail {

/// Whether the database can be reached, shared by a database's pools: logs each change once, and lets callers fail at
/// once for a moment after an attempt failed instead of queueing for the next one.
class availability {
 public:
  explicit availability(std::string description) : description_{std::move(description)} {}

  void succeeded();
  void failed(const std::string& reason);
  /// @throws database_unavailable during the moment after a failed attempt.
  void check() const;

 private:
  std::string description_;
  mutable std::mutex mutex_;
  bool down_ = false;
  int failures_ = 0;
  std::string reason_;
  std::chrono::steady_clock::time_point next_attempt_{};
};

class connection_pool;

/// One borrowed place in the pool, with its connection once it has been opened.
class lease {
 public:
  lease() = default;
  lease(std::shared_ptr<connection_pool> pool, std::unique_ptr<database_connection> connection)
      : pool_{std::move(pool)}, connection_{std::move(connection)} {}
  lease(lease&&) noexcept = default;
  lease& operator=(lease&& other) noexcept;
  ~lease() { release(); }

  [[nodiscard]] explicit operator bool() const noexcept { return pool_ != nullptr; }
  [[nodiscard]] connection_pool& pool() const noexcept { return *pool_; }
  void release() noexcept;

  /// On a pool thread: the connection, validated and opened where needed at the first call.
  [[nodiscard]] database_connection& prepare();
  /// On a pool thread: a new connection in place of one that broke while it was idle.
  [[nodiscard]] database_connection& reopen();
  /// On a pool thread: drops a broken connection.
  void drop_if_broken() noexcept;
  [[nodiscard]] bool has_connection() const noexcept { return connection_ != nullptr; }

 private:
  std::shared_ptr<connection_pool> pool_;
  std::unique_ptr<database_connection> connection_;
  bool prepared_ = false;
};

/// @par Thread safety Safe. @par Lifetime Shared by its leases; `shut_down()` ends its threads and comes before the
/// end.
class connection_pool : public std::enable_shared_from_this<connection_pool> {
 public:
  struct options {
    database_backend::role role;
    std::size_t size;
    std::string name;  ///< of its threads, and in metrics
    std::chrono::milliseconds acquire_timeout;
    std::chrono::milliseconds max_lifetime;          ///< of connections; 0 = no limit
    std::chrono::milliseconds slow_query_threshold;  ///< 0 = none is told
  };
  connection_pool(std::shared_ptr<database_backend> backend, std::shared_ptr<availability> state, options with);

  /// First come, first served. @throws database_unavailable after the acquire timeout, or once closed.
  [[nodiscard]] task<lease> acquire();

  /// Runs `work` on a pool thread.
  template <class F>
  [[nodiscard]] task<std::invoke_result_t<F>> run(F work) {
    return threads().run(std::move(work));
  }
  /// The same for work that passes what it is given to `execute`: when the caller is cancelled, the statement is.
  template <class F>
  [[nodiscard]] task<std::invoke_result_t<F, interruption&>> run_interruptibly(F work) {
    const auto stop = std::make_shared<interruption>();
    auto slot = (co_await boost::asio::this_coro::cancellation_state).slot();
    if (slot.is_connected()) {
      slot.assign([stop, weak = weak_from_this()](boost::asio::cancellation_type) {
        if (const auto self = weak.lock()) self->interrupt(stop);
      });
    }
    co_return co_await threads().run([stop, work = std::move(work)] { return work(*stop); });
  }
  /// On a pool thread: statements, counted and, where they are slow, logged.
  /// @throws boost::system::system_error (operation_aborted) where they were interrupted.
  [[nodiscard]] rows execute(database_connection& connection, statement_batch batch, interruption* stop = nullptr);
  [[nodiscard]] bool is_too_old(const database_connection& connection) const noexcept;
  void append_metrics(std::vector<metric_sample>& to) const;

  /// Queues `job`, or runs it here where the threads are gone.
  void post(std::function<void()> job);

  [[nodiscard]] std::unique_ptr<database_connection> open();
  [[nodiscard]] availability& state() noexcept { return *state_; }

  /// Refuses what waits and what comes; waits for the leases until `limit`, then closes what is idle.
  [[nodiscard]] task<void> close(deadline limit);
  void shut_down();

 private:
  friend class lease;
  struct waiter;
  class waiting;

  void interrupt(const std::shared_ptr<interruption>& what);
  void record(const statement& one, clock::duration took, bool failed);
  void give_back(std::unique_ptr<database_connection> connection) noexcept;
  void release_place(std::unique_lock<std::mutex>& lock) noexcept;
  [[nodiscard]] task<lease> acquire_until(deadline limit, bool closing);
  [[nodiscard]] blocking_pool& threads();
  [[noreturn]] void throw_closed() const;

  const std::shared_ptr<database_backend> backend_;
  const std::shared_ptr<availability> state_;
  const options options_;
  call_meter statements_;

  mutable std::mutex mutex_;
  std::size_t free_;
  std::vector<std::unique_ptr<database_connection>> idle_;  // the last returned is the next used
  std::deque<std::shared_ptr<waiter>> waiters_;
  bool closed_ = false;
  blocking_pool interrupters_;  // outlives the threads, as those wait for it
  std::unique_ptr<blocking_pool> threads_;
};

}  // namespace nestcpp::detail
