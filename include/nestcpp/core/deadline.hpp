#pragma once
/// @file nestcpp/core/deadline.hpp
/// @brief A point in time until which somebody is willing to wait.

#include <nestcpp/core/clock.hpp>

#include <chrono>
#include <compare>

namespace nestcpp {

/// A value on `nestcpp::clock`. Overflow-safe: a limit too far away to be represented is "never".
class deadline {
 public:
  using clock = nestcpp::clock;

  /// Never expires.
  constexpr deadline() = default;
  constexpr explicit deadline(clock::time_point at) : at_{at} {}

  [[nodiscard]] static constexpr deadline never() { return {}; }

  /// `wait` from now; negative waits are expired at once.
  template <class Rep, class Period>
  [[nodiscard]] static deadline after(std::chrono::duration<Rep, Period> wait) {
    const auto now = clock::now();
    using seconds = std::chrono::duration<double>;
    if (seconds{wait} <= seconds::zero()) return deadline{now};
    if (!(seconds{wait} < seconds{clock::time_point::max() - now})) return {};
    return deadline{now + std::chrono::duration_cast<clock::duration>(wait)};
  }

  [[nodiscard]] constexpr bool is_never() const { return at_ == clock::time_point::max(); }
  [[nodiscard]] bool expired() const { return !is_never() && clock::now() >= at_; }
  [[nodiscard]] constexpr clock::time_point at() const { return at_; }

  /// Time left, never negative; `duration::max()` where there is no limit.
  [[nodiscard]] clock::duration remaining() const {
    if (is_never()) return clock::duration::max();
    const auto now = clock::now();
    return at_ <= now ? clock::duration::zero() : at_ - now;
  }

  friend constexpr deadline earlier(deadline a, deadline b) { return a.at_ < b.at_ ? a : b; }
  friend constexpr auto operator<=>(deadline, deadline) = default;

 private:
  clock::time_point at_ = clock::time_point::max();
};

}  // namespace nestcpp
