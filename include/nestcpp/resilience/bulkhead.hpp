#pragma once
/// @file nestcpp/resilience/bulkhead.hpp
/// @brief How many calls may be under way at a time, so that one slow service cannot take all there is.

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/semaphore.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/resilience/detail/refuse.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace nestcpp {

/// `bulkhead{.max_concurrent = 25}`: the 26th call is refused at once. With `max_waiting` so many more wait, and go
/// first come, first served.
/// @par Thread safety A value.
struct bulkhead {
  int max_concurrent = 25;  ///< Calls under way. Default: 25.
  int max_waiting = 0;      ///< Calls that wait for a place. Default: 0.
  /// How long they wait. Default: as long as the call may take.
  std::chrono::milliseconds max_wait = std::chrono::milliseconds::max();

  /// @par Exceptions startup_error that names the first value that cannot be used and what is accepted.
  constexpr void validate() const {
    constexpr const char* name = "bulkhead";
    if (max_concurrent < 1) detail::refuse_value(name, "max_concurrent", max_concurrent, "1 or more");
    if (max_waiting < 0) detail::refuse_value(name, "max_waiting", max_waiting, "0 or more");
    if (max_wait.count() < 1) {
      detail::refuse_value(name, "max_wait", max_wait, "1 ms or more (for no waiting, max_waiting = 0)");
    }
  }
};

/// @par Thread safety Safe; each waiter resumes on its own loop.
class bulkhead_gate {
 public:
  using permit = async_semaphore::permit;

  /// @par Exceptions As bulkhead::validate.
  explicit bulkhead_gate(const bulkhead& options);

  /// A place if one is free now.
  [[nodiscard]] std::optional<permit> try_enter() { return places_.try_acquire(); }
  /// A place, now or when it is this call's turn; nullopt: too many wait, or none came free within `max_wait` and the
  /// limit.
  /// @par Cancellation Leaves the queue and ends with operation_aborted.
  [[nodiscard]] task<std::optional<permit>> enter(deadline limit);

  [[nodiscard]] std::size_t in_use() const;
  [[nodiscard]] std::size_t waiting() const { return places_.waiting(); }

 private:
  bulkhead options_;
  async_semaphore places_;
  std::shared_ptr<std::atomic<int>> waiting_;  // shared, as a frame that is destroyed late leaves the queue too
};

}  // namespace nestcpp
