#pragma once
/// @file nestcpp/resilience/concurrency_limit.hpp
/// @brief How many calls a service can have under way before they only wait for each other: Netflix's Gradient2 limit.
/// No timers; the time is a parameter.

#include <nestcpp/resilience/detail/refuse.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>

namespace nestcpp {

/// @par Thread safety A value.
struct concurrency_limit {
  int initial = 20;                        ///< The limit at first. Default: 20.
  int min = 20;                            ///< Never below. Default: 20.
  int max = 200;                           ///< Never above. Default: 200.
  double tolerance = 1.5;                  ///< Calls may take so many times what they usually take. Default: 1.5.
  double smoothing = 0.2;                  ///< Of a new limit in the one that holds; above 0 to 1. Default: 0.2.
  int queue = 4;                           ///< What is added to find out whether more is possible. Default: 4.
  int long_window = 600;                   ///< Windows in the usual time. Default: 600.
  std::chrono::milliseconds window{1000};  ///< Of one measurement. Default: 1 s.
  int minimum_samples = 10;                ///< Calls that a measurement needs. Default: 10.

  /// @par Exceptions startup_error that names the first value that cannot be used and what is accepted.
  constexpr void validate() const {
    constexpr const char* name = "concurrency_limit";
    if (min < 1) detail::refuse_value(name, "min", min, "1 or more");
    if (max < min) detail::refuse_value(name, "max", max, "min or more");
    if (initial < min || initial > max) detail::refuse_value(name, "initial", initial, "min to max");
    if (!(tolerance >= 1 && tolerance <= 100)) detail::refuse_value(name, "tolerance", tolerance, "1 to 100");
    if (!(smoothing > 0 && smoothing <= 1)) detail::refuse_value(name, "smoothing", smoothing, "above 0 to 1");
    if (queue < 0) detail::refuse_value(name, "queue", queue, "0 or more");
    if (long_window < 1) detail::refuse_value(name, "long_window", long_window, "1 or more");
    if (window.count() < 1) detail::refuse_value(name, "window", window, "1 ms or more");
    if (minimum_samples < 1) detail::refuse_value(name, "minimum_samples", minimum_samples, "1 or more");
  }
};

/// Compares the time that calls take now with what they usually take: where it grows beyond `tolerance`, calls wait for
/// each other, and the limit falls in proportion, at most by half; otherwise it grows by `queue`. It does not grow
/// while less than half of it is used. What calls usually take is an average over `long_window` measurements: an
/// overload that lasts much longer becomes what is usual, and `max` is then what bounds it.
/// @par Thread safety Safe.
class concurrency_limiter {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// @par Exceptions As concurrency_limit::validate.
  explicit concurrency_limiter(const concurrency_limit& options = {});

  /// Begins a call. False: as many as the limit says are under way; the call is to be refused.
  [[nodiscard]] bool try_begin();
  /// Ends a call that had begun. @param took how long it took; negative: it says nothing (it was cancelled)
  void end(std::chrono::nanoseconds took, time_point now);

  [[nodiscard]] int limit() const;
  [[nodiscard]] int under_way() const;

 private:
  void measure(double short_time);

  concurrency_limit options_;
  mutable std::mutex mutex_;
  double limit_;
  int under_way_ = 0;
  int most_under_way_ = 0;  // within the window
  double long_time_ = 0;    // nanoseconds
  int long_count_ = 0;
  std::chrono::nanoseconds sum_{0};
  int samples_ = 0;
  time_point window_ends_{};
};

}  // namespace nestcpp
