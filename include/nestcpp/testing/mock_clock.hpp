#pragma once
/// @file nestcpp/testing/mock_clock.hpp
/// @brief Time that passes only when a test says so: timeouts, retries, polls and sleeps take none of the test's own.

#include <nestcpp/core/clock.hpp>

#include <chrono>

namespace nestcpp::testing {

/// While one lives, `nestcpp::clock` stands still, in the whole process, from the moment it is made; `advance` moves
/// it.
/// ```
/// mock_clock clock;                  // first: before the applications whose timers it drives
/// testing_module app{UserModule{}};
/// clock.advance(5s);                 // what is due in these 5 s has happened when this returns
/// ```
/// Deterministic with in-memory transports, HTTP without sockets, and databases, whose work on blocking pools is waited
/// for. Real sockets and threads of a test's own go their own pace: what they bring later is not waited for.
/// `std::chrono`'s clocks, and with them `timestamp::now()`, are not touched.
/// @par Thread safety Safe, but for one `advance` at a time. May be used on an event loop, as in a coroutine test.
/// @par Lifetime Must outlive the timers that were set while it lived: those of an application, by being made before.
class mock_clock {
 public:
  /// @throws std::logic_error where there is one already
  mock_clock();
  /// The real time again.
  ~mock_clock();
  mock_clock(const mock_clock&) = delete;
  mock_clock& operator=(const mock_clock&) = delete;

  [[nodiscard]] clock::time_point now() const noexcept { return clock::now(); }
  /// What has passed since it was made.
  [[nodiscard]] clock::duration elapsed() const noexcept { return now() - began_; }

  /// Moves time on, stopping at each moment that somebody waits for, in order, until all that it starts has run as far
  /// as it can: handlers and coroutines on all event loops, work on all blocking pools. `advance(0s)` only waits for
  /// these.
  /// @throws std::invalid_argument for a negative `by` · std::runtime_error where something runs on for 10 s of real
  /// time · std::logic_error from what an `advance` itself has started
  void advance(clock::duration by);

 private:
  clock::time_point began_;
};

}  // namespace nestcpp::testing
