#pragma once
/// @file nestcpp/resilience/retry_budget.hpp
/// @brief Keeps repeated calls from finishing off a service that is down: gRPC's retry throttling (proposal A6).

#include <nestcpp/resilience/rate_limit.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace nestcpp {

struct retry_budget_options {
  int max_tokens = 10;       ///< 1 to 1000. Default: 10.
  double token_ratio = 0.1;  ///< What a success gives back; three decimals count, at least 0.001. Default: 0.1.
  /// So many calls a second may be repeated whatever the tokens say, for clients that call seldom (Finagle's
  /// minRetriesPerSec). During an outage they come on top. Default: 0.
  int min_per_second = 0;

  /// @par Exceptions startup_error that names the value that cannot be used and what is accepted.
  constexpr void validate() const {
    constexpr const char* name = "retry_budget";
    if (max_tokens < 1 || max_tokens > 1000) detail::refuse_value(name, "max_tokens", max_tokens, "1 to 1000");
    if (!(token_ratio >= 0.0005 && token_ratio <= 1000)) {
      detail::refuse_value(name, "token_ratio", token_ratio, "0.001 to 1000");
    }
    if (min_per_second < 0 || min_per_second > 1000) {
      detail::refuse_value(name, "min_per_second", min_per_second, "0 to 1000");
    }
  }
};

/// Starts full. A failed call takes one token, a successful one returns `token_ratio`; while no more than half of the
/// tokens are left, nothing is repeated. So of a service that is down no more than `max_tokens / 2` calls are repeated,
/// and of one that works again at most `token_ratio` of its successes. One budget per service, shared by all its
/// callers.
///
/// What counts as failed are the outcomes that would be repeated (no connection, no answer in time); a service that
/// answers, even with an error, is alive: that is a success, unless the error is one that a client repeats for.
/// @par Thread safety Safe, lock free; a success while the budget is full only reads.
class retry_budget {
 public:
  /// @par Exceptions startup_error that names the value that cannot be used and what is accepted.
  explicit retry_budget(retry_budget_options options = {});

  void on_success() noexcept;
  void on_failure() noexcept;
  /// Whether the tokens allow a repetition. Takes nothing.
  [[nodiscard]] bool can_retry() const noexcept;
  /// The same or, where they do not, one of the `min_per_second`, which is taken then. To be asked before a repetition,
  /// after `on_failure()`; never before a first call.
  [[nodiscard]] bool may_retry(std::chrono::steady_clock::time_point now) noexcept;
  /// Tokens left, for metrics.
  [[nodiscard]] double tokens() const noexcept;

 private:
  std::int64_t max_;    // in thousandths of a token
  std::int64_t ratio_;  // in thousandths of a token
  std::atomic<std::int64_t> tokens_;
  std::optional<rate_limiter> floor_;
};

}  // namespace nestcpp
