#pragma once
/// @file nestcpp/core/clock.hpp
/// @brief The clock that every time limit of the library runs on, and its timer: a test can put a mock in its place.

#include <boost/asio/basic_waitable_timer.hpp>

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <limits>

namespace nestcpp {

namespace detail {

inline constexpr std::chrono::steady_clock::rep no_mock_time =
    std::numeric_limits<std::chrono::steady_clock::rep>::min();

// The time since the steady clock's epoch that a mock says it is; written by mock_time only.
inline constinit std::atomic<std::chrono::steady_clock::rep> mock_time_now{no_mock_time};

[[nodiscard]] inline bool time_is_mocked() noexcept {
  return mock_time_now.load(std::memory_order_relaxed) != no_mock_time;
}

// Somebody will wait until then: the mock stops there on its way. Only where time is mocked.
void note_expiry(std::chrono::steady_clock::time_point at);

}  // namespace detail

/// `std::chrono::steady_clock`, with its time points, unless a `testing::mock_clock` lives: then the time that one says
/// it is, in the whole process. Time limits, retries, polls and durations in logs use it, and so should a service's own
/// code that its tests want to drive. What measures threads and machines does not: the watchdog of blocked loops,
/// SQLite's statement limit, the grace of a shutdown.
/// @par Thread safety Safe. Without a mock it costs one relaxed load over the steady clock.
struct clock {
  using duration = std::chrono::steady_clock::duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr bool is_steady = true;

  [[nodiscard]] static time_point now() noexcept {
    const rep mocked = detail::mock_time_now.load(std::memory_order_relaxed);
    if (mocked == detail::no_mock_time) [[likely]]
      return std::chrono::steady_clock::now();
    return time_point{duration{mocked}};
  }
};

namespace detail {

// How long a loop sleeps for the earliest of its timers. Where time is mocked, until it is woken.
struct clock_wait_traits {
  [[nodiscard]] static clock::duration to_wait_duration(clock::duration wait) noexcept {
    if (time_is_mocked() && wait > clock::duration::zero()) return std::chrono::hours{1};
    return wait;
  }
  [[nodiscard]] static clock::duration to_wait_duration(clock::time_point until) noexcept {
    return to_wait_duration(until - clock::now());
  }
};

using clock_timer = boost::asio::basic_waitable_timer<clock, clock_wait_traits>;

}  // namespace detail

/// `boost::asio::steady_timer` on `nestcpp::clock`: used just as that.
/// @par Thread safety As Asio's timers: one object from one thread at a time.
class timer : public detail::clock_timer {
 public:
  explicit timer(const executor_type& executor) : basic_waitable_timer{executor} {}
  template <std::derived_from<boost::asio::execution_context> Context>
  explicit timer(Context& context) : basic_waitable_timer{context} {}
  timer(const executor_type& executor, time_point at) : basic_waitable_timer{executor} { expires_at(at); }
  template <std::derived_from<boost::asio::execution_context> Context>
  timer(Context& context, time_point at) : basic_waitable_timer{context} {
    expires_at(at);
  }

  /// @return how many waits it cancelled, as Asio's
  std::size_t expires_at(time_point at) {
    if (detail::time_is_mocked()) [[unlikely]]
      detail::note_expiry(at);
    return basic_waitable_timer::expires_at(at);
  }
  std::size_t expires_after(duration wait) {
    const std::size_t cancelled = basic_waitable_timer::expires_after(wait);
    if (detail::time_is_mocked()) [[unlikely]]
      detail::note_expiry(expiry());
    return cancelled;
  }
};

}  // namespace nestcpp
