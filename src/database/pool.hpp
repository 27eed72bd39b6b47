#pragma once
// Connections of one kind: a thread each, lent fairly, opened and replaced on the pool's threads when they are needed.

#include "availability.hpp"
#include "driver.hpp"
#include "interruption.hpp"

#include <nestcpp/core/blocking_pool.hpp>
#include <nestcpp/core/call_meter.hpp>
#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp::detail {

class connection_pool;

/// One borrowed place in the pool, with its connection once it has been opened.
class lease {
 public:
  lease() = default;
  lease(std::shared_ptr<connection_pool> pool, std::unique_ptr<database_connection> connection)
      : pool_{std::move(pool)}, connection_{std::move(connection)}, since_{std::chrono::steady_clock::now()} {}
  lease(lease&&) noexcept = default;
  lease& operator=(lease&& other) noexcept;
  ~lease() { release(); }

  [[nodiscard]] explicit operator bool() const noexcept { return pool_ != nullptr; }
  [[nodiscard]] connection_pool& pool() const noexcept { return *pool_; }
  [[nodiscard]] std::chrono::steady_clock::time_point since() const noexcept { return since_; }
  /// On a pool thread at the end of its job, who waits goes on there at once.
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
  std::chrono::steady_clock::time_point since_;
  bool prepared_ = false;
};

/// @par Thread safety Safe. @par Lifetime Shared by its leases; `shut_down()` ends its threads and comes before the
/// end.
class connection_pool : public std::enable_shared_from_this<connection_pool> {
 public:
  struct options {
    database_backend::role role;
    std::size_t size;
    /// How many may be lent for short work at a time: more are when some have been out for `short_work`.
    std::size_t size_for_short_work;
    std::string name;  ///< of its threads, and in metrics
    std::chrono::milliseconds acquire_timeout;
    std::chrono::milliseconds max_lifetime;          ///< of connections; 0 = no limit
    std::chrono::milliseconds slow_query_threshold;  ///< 0 = none is told
  };
  connection_pool(std::shared_ptr<database_backend> backend, std::shared_ptr<availability> state, options with);

  /// A place, first come, first served. @throws database_unavailable after the acquire timeout, or once closed.
  [[nodiscard]] task<lease> acquire();
  /// The same for the time of `work(lease&, interruption&)`, which runs on a pool thread: its end there serves who
  /// waits. When the caller is cancelled, so are the wait and the statement.
  template <class F>
  [[nodiscard]] task<std::invoke_result_t<F&, lease&, interruption&>> lend(F work) {
    return lend_until(deadline::after(options_.acquire_timeout), std::move(work));
  }

  /// Runs `work` on a pool thread, for who has a place.
  template <class F>
  [[nodiscard]] task<std::invoke_result_t<F&>> run(F work) {
    return threads().run(std::move(work));
  }
  /// The same for `work(interruption&)` that passes it to `execute`: when the caller is cancelled, the statement is.
  template <class F>
  [[nodiscard]] task<std::invoke_result_t<F&, interruption&>> run_interruptibly(F work) {
    const auto call = std::make_shared<caller>();
    co_await call_off_when_cancelled(call);
    co_return co_await threads().run([call, work = std::move(work)]() mutable { return work(call->stop); });
  }
  /// On a pool thread: statements, counted and, where they are slow, logged.
  /// @throws boost::system::system_error (operation_aborted) where they were interrupted.
  [[nodiscard]] rows execute(database_connection& connection, statement_batch batch, interruption* stop = nullptr);
  [[nodiscard]] bool is_too_old(const database_connection& connection) const noexcept;
  void append_metrics(std::vector<metric_sample>& to) const;

  /// Queues `job`, or runs it here where the threads are gone.
  void post(std::function<void()> job);

  [[nodiscard]] std::unique_ptr<database_connection> open();
  /// For who is about to open a connection. @throws database_unavailable during the moment after that has failed
  void check_availability() const { state_->check(); }

  /// Refuses what waits and what comes; waits for the leases until `limit`, then closes what is idle.
  [[nodiscard]] task<void> close(deadline limit);
  void shut_down();

 private:
  friend class lease;

  /// Who wants a connection, or has one: waits with a job, is served with a lease.
  struct caller {
    interruption stop;
    std::optional<timer> alarm;     // the caller's loop's
    std::unique_ptr<pool_job> job;  // while it waits; under the pool's mutex
    lease place;
  };
  using caller_ptr = std::shared_ptr<caller>;

  /// Leaves nothing of a call behind, however its coroutine ends.
  class call_scope {
   public:
    call_scope(connection_pool& pool, caller_ptr call) : pool_{pool.shared_from_this()}, call_{std::move(call)} {}
    ~call_scope() {
      call_->alarm.reset();
      static_cast<void>(pool_->stop_waiting(call_));
    }
    call_scope(const call_scope&) = delete;
    call_scope& operator=(const call_scope&) = delete;

   private:
    std::shared_ptr<connection_pool> pool_;
    caller_ptr call_;
  };

  template <class F>
  [[nodiscard]] task<std::invoke_result_t<F&, lease&, interruption&>> lend_until(deadline limit, F work,
                                                                                 bool closing = false) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto call = std::make_shared<caller>();
    const call_scope scope{*this, call};
    co_await call_off_when_cancelled(call);
    co_return co_await await_job(
        [call, work = std::move(work)]() mutable {
          lease place = std::move(call->place);
          return work(place, call->stop);
        },
        [&](std::unique_ptr<pool_job> job) { wait_in_line(call, std::move(job), executor, limit, closing); });
  }
  [[nodiscard]] task<void> call_off_when_cancelled(caller_ptr call);
  void wait_in_line(caller_ptr call, std::unique_ptr<pool_job> job, const boost::asio::any_io_executor& executor,
                    deadline limit, bool closing);
  /// @return the job of one that waited, which is the caller's to end
  [[nodiscard]] std::unique_ptr<pool_job> stop_waiting(const caller_ptr& call) noexcept;
  void expire(const caller_ptr& call);
  void call_off(const caller_ptr& call);

  [[nodiscard]] task<lease> acquire_until(deadline limit, bool closing);
  [[nodiscard]] bool may_lend() const noexcept;
  [[nodiscard]] lease lend_now() noexcept;
  /// @return what the next in line wants to be run, null where nobody can be served. The mutex is held.
  [[nodiscard]] std::unique_ptr<pool_job> serve_next() noexcept;
  /// All who can be served; of the others takes care who gives a connection back, or the watch.
  void serve(std::unique_lock<std::mutex>& lock, bool at_end_of_job) noexcept;
  /// On a pool thread while callers wait though not all connections are lent: serves them when work turns out long.
  void watch() noexcept;
  void give_back(std::unique_ptr<database_connection> connection, std::chrono::steady_clock::time_point since) noexcept;

  void record(const statement& one, clock::duration took, bool failed);
  [[nodiscard]] blocking_pool& threads();
  [[nodiscard]] database_unavailable closed_error() const;

  const std::shared_ptr<database_backend> backend_;
  const std::shared_ptr<availability> state_;
  const options options_;
  call_meter statements_;

  mutable std::mutex mutex_;
  std::vector<std::chrono::steady_clock::time_point> lent_;  // since when
  std::vector<std::unique_ptr<database_connection>> idle_;   // the last returned is the next used
  std::deque<caller_ptr> waiting_;
  bool watched_ = false;
  bool closed_ = false;
  blocking_pool interrupters_;  // outlives the threads, as those wait for it
  std::unique_ptr<blocking_pool> threads_;
};

}  // namespace nestcpp::detail
