#pragma once
/// @file nestcpp/resilience/retry_budget.hpp
/// @brief Keeps repeated calls from finishing off a service that is down: gRPC's retry throttling (proposal A6).

#include <atomic>
#include <cstdint>

namespace nestcpp {

struct retry_budget_options {
  int max_tokens = 10;       ///< 1 to 1000. Default: 10.
  double token_ratio = 0.1;  ///< What a success gives back; three decimals count, at least 0.001. Default: 0.1.
};

/// Starts full. A failed call takes one token, a successful one returns `token_ratio`; while no more than half of the
/// tokens are left, nothing is repeated. So of a service that is down no more than `max_tokens / 2` calls are repeated,
/// and of one that works again at most `token_ratio` of its successes. One budget per service, shared by all its
/// callers.
///
/// What counts as failed are the outcomes that would be repeated (no connection, no answer in time); a service that
/// answers, even with an error, is alive: that is a success.
/// @par Thread safety Safe, lock free; a success while the budget is full only reads.
class retry_budget {
 public:
  /// @par Exceptions startup_error that names the value that cannot be used and what is accepted.
  explicit retry_budget(retry_budget_options options = {});

  void on_success() noexcept;
  void on_failure() noexcept;
  /// To be asked before a repetition, after `on_failure()`; never before a first call. Takes nothing.
  [[nodiscard]] bool can_retry() const noexcept;
  /// Tokens left, for metrics.
  [[nodiscard]] double tokens() const noexcept;

 private:
  std::int64_t max_;    // in thousandths of a token
  std::int64_t ratio_;  // in thousandths of a token
  std::atomic<std::int64_t> tokens_;
};

}  // namespace nestcpp
