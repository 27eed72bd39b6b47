#pragma once
/// @file nestcpp/resilience/sliding_window.hpp
/// @brief Which calls a circuit breaker looks back on.

#include <nestcpp/resilience/detail/refuse.hpp>

#include <chrono>

namespace nestcpp {

/// The last so many calls, or the calls of the last so long.
class sliding_window {
 public:
  static constexpr int max_calls = 100'000;
  /// A time window moves in so many steps: it holds between nine tenths of its length and the whole.
  static constexpr int buckets = 10;

  /// @param count 1 to 100,000; each takes a byte
  [[nodiscard]] static constexpr sliding_window calls(int count) { return {count, {}}; }
  /// @param length 10 ms or more
  [[nodiscard]] static constexpr sliding_window time(std::chrono::milliseconds length) { return {0, length}; }

  [[nodiscard]] constexpr bool is_time() const { return length_.count() != 0; }
  /// 0 for a time window.
  [[nodiscard]] constexpr int count() const { return count_; }
  /// Of one of the steps of a time window.
  [[nodiscard]] constexpr std::chrono::nanoseconds step() const { return std::chrono::nanoseconds{length_} / buckets; }

  /// @par Exceptions startup_error that names the value that cannot be used and what is accepted.
  constexpr void validate() const {
    if (is_time() && length_.count() < buckets)
      detail::refuse_value("sliding_window", "time", length_, "10 ms or more");
    if (!is_time() && (count_ < 1 || count_ > max_calls)) {
      detail::refuse_value("sliding_window", "calls", count_, "1 to 100000");
    }
  }

 private:
  constexpr sliding_window(int count, std::chrono::milliseconds length) : count_{count}, length_{length} {}

  int count_;
  std::chrono::milliseconds length_;
};

}  // namespace nestcpp
