#pragma once
/// @file nestcpp/core/semaphore.hpp
/// @brief A number of permits that coroutines of any loop wait for in turn: what bounds a connection pool, or hashing.

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/task.hpp>

#include <cstddef>
#include <memory>
#include <optional>

namespace nestcpp {

/// First come, first served: a permit given back goes to whoever has waited longest, never past them.
///
/// @code
/// auto permit = co_await hashing.acquire(context.deadline());
/// co_return co_await pool.run([&] { return hash(password); });
/// @endcode
/// @par Thread safety Safe; each waiter resumes on its own loop. On an executor with several threads, wait on a strand.
class async_semaphore {
  struct state;

 public:
  /// One permit; gives itself back. May outlive the semaphore, and be given back on any thread.
  class permit {
   public:
    permit() = default;
    permit(permit&&) noexcept = default;
    permit& operator=(permit&& other) noexcept;
    ~permit() { release(); }
    [[nodiscard]] explicit operator bool() const noexcept { return state_ != nullptr; }
    /// Gives it back early; a second call does nothing.
    void release() noexcept;

   private:
    friend class async_semaphore;
    explicit permit(std::shared_ptr<state> of) : state_{std::move(of)} {}
    std::shared_ptr<state> state_;
  };

  explicit async_semaphore(std::size_t permits);
  /// Whoever still waits gets operation_aborted.
  ~async_semaphore();
  async_semaphore(const async_semaphore&) = delete;
  async_semaphore& operator=(const async_semaphore&) = delete;

  /// @throws deadline_exceeded where no permit came free in time.
  /// @par Cancellation Leaves the queue and ends with `boost::system::system_error` (operation_aborted).
  [[nodiscard]] task<permit> acquire(deadline limit = deadline::never());
  /// A permit if one is free now.
  [[nodiscard]] std::optional<permit> try_acquire();

  [[nodiscard]] std::size_t available() const;
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct waiter;
  class place;
  static task<permit> acquire_from(std::shared_ptr<state> from, deadline limit);

  std::shared_ptr<state> state_;
};

}  // namespace nestcpp
