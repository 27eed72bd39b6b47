#pragma once
/// @file nestcpp/messaging/client_policy.hpp
/// @brief Policies of a typed client and of its calls, as values: `NEST_CLIENT(UserClient, "user-service",
/// timeout(5s), retry(exponential_backoff{.attempts = 3}), circuit_breaker{})`.

#include <nestcpp/resilience/adaptive_throttle.hpp>
#include <nestcpp/resilience/bulkhead.hpp>
#include <nestcpp/resilience/circuit_breaker.hpp>
#include <nestcpp/resilience/hedging.hpp>
#include <nestcpp/resilience/rate_limit.hpp>
#include <nestcpp/resilience/retry.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace nestcpp {

/// What is said of a client or of a call; what is not said of a call is the client's.
///
/// Around a call they stand in this order: time limit, bulkhead, retry or hedging, adaptive throttle, circuit breaker,
/// rate limit, time limit of the attempt. So a place in the bulkhead is held while a call waits for its next attempt,
/// and each attempt is asked for, counted and limited by itself.
struct client_policy {
  /// Of a call with all its attempts; of a stream, of each wait: for a value, and for the next attempt.
  std::optional<std::chrono::milliseconds> timeout{};
  /// Of one attempt. Default: what is left of the call's.
  std::optional<std::chrono::milliseconds> attempt_timeout{};
  std::optional<exponential_backoff> retry{};
  std::optional<nestcpp::retry_rules> retry_rules{};
  std::optional<nestcpp::bulkhead> bulkhead{};
  std::optional<nestcpp::hedging> hedging{};
  std::optional<nestcpp::adaptive_throttle> adaptive_throttle{};
  std::optional<nestcpp::circuit_breaker> circuit_breaker{};
  std::optional<nestcpp::rate_limit> rate_limit{};
  std::optional<retry_budget_options> budget{};  ///< of a client only; the default is a budget with its defaults
  bool without_budget = false;                   ///< of a client only
  bool idempotent = false;
  bool acknowledged = false;  ///< of an event

  /// Says something that only a call with an answer can heed.
  [[nodiscard]] constexpr bool needs_answer() const {
    return timeout || attempt_timeout || retry || idempotent || has_state();
  }
  /// Has a part that remembers calls.
  [[nodiscard]] constexpr bool has_state() const {
    return bulkhead || hedging || adaptive_throttle || circuit_breaker || rate_limit;
  }
  /// Says something of all of a client's calls together.
  [[nodiscard]] constexpr bool is_of_client() const { return budget || without_budget; }

  /// @par Exceptions startup_error that names the first value that cannot be used and what is accepted.
  constexpr void validate() const {
    if (timeout && timeout->count() < 1) detail::refuse_value("timeout", "limit", *timeout, "1 ms or more");
    if (attempt_timeout && attempt_timeout->count() < 1) {
      detail::refuse_value("attempt_timeout", "limit", *attempt_timeout, "1 ms or more");
    }
    if (retry) retry->validate();
    if (bulkhead) bulkhead->validate();
    if (hedging) hedging->validate();
    if (adaptive_throttle) adaptive_throttle->validate();
    if (circuit_breaker) circuit_breaker->validate();
    if (rate_limit) rate_limit->validate();
    if (budget) budget->validate();
  }
};

/// A client's name and policies, as NEST_CLIENT states them.
struct client_info {
  std::string_view name;
  client_policy policy;
};

/// The options, written unqualified inside NEST_CLIENT and NEST_SEND, beside `circuit_breaker{…}`, `bulkhead{…}`,
/// `hedging{…}`, `rate_limit{…}` and `adaptive_throttle{…}`.
namespace client_options {

struct timeout {
  explicit constexpr timeout(std::chrono::milliseconds limit) : limit_{limit} {}
  constexpr void apply(client_policy& to) const { to.timeout = limit_; }

 private:
  std::chrono::milliseconds limit_;
};

/// Of one attempt, so that an attempt that hangs leaves time for another.
struct attempt_timeout {
  explicit constexpr attempt_timeout(std::chrono::milliseconds limit) : limit_{limit} {}
  constexpr void apply(client_policy& to) const { to.attempt_timeout = limit_; }

 private:
  std::chrono::milliseconds limit_;
};

/// Calls are repeated only where that is safe: where the request provably never left this process, or where the call is
/// `idempotent()`; never past the call's time limit, and within the client's retry budget.
struct retry {
  explicit constexpr retry(exponential_backoff backoff) : backoff_{backoff} {}
  /// @param rules which answers are worth another attempt
  constexpr retry(exponential_backoff backoff, retry_rules rules) : backoff_{backoff}, rules_{rules} {}
  constexpr void apply(client_policy& to) const {
    to.retry = backoff_;
    to.retry_rules = rules_;
  }

 private:
  exponential_backoff backoff_;
  std::optional<retry_rules> rules_{};
};

/// Of a client: how many of its calls may be repeated while many fail.
struct retry_budget {
  explicit constexpr retry_budget(int max_tokens, double token_ratio = 0.1)
      : options_{.max_tokens = max_tokens, .token_ratio = token_ratio} {}
  explicit constexpr retry_budget(retry_budget_options options) : options_{options} {}
  constexpr void apply(client_policy& to) const {
    to.budget = options_;
    to.without_budget = false;
  }

 private:
  retry_budget_options options_;
};

/// Of a client: repeats without a budget. A service that is down then gets every call as often as `retry` says.
struct no_retry_budget {
  constexpr void apply(client_policy& to) const { to.without_budget = true; }
};

/// Of an event: it is sent as a request, and the call ends when all its handlers have ended.
struct acknowledged {
  constexpr void apply(client_policy& to) const { to.acknowledged = true; }
};

/// Repeating the call has no further effect.
struct idempotent {
  constexpr void apply(client_policy& to) const { to.idempotent = true; }
};

}  // namespace client_options

namespace detail {

constexpr void apply_policy(client_policy& to, const adaptive_throttle& option) { to.adaptive_throttle = option; }
constexpr void apply_policy(client_policy& to, const bulkhead& option) { to.bulkhead = option; }
constexpr void apply_policy(client_policy& to, const circuit_breaker& option) { to.circuit_breaker = option; }
constexpr void apply_policy(client_policy& to, const hedging& option) { to.hedging = option; }
constexpr void apply_policy(client_policy& to, const rate_limit& option) { to.rate_limit = option; }
template <class Option>
  requires requires(const Option& option, client_policy& to) { option.apply(to); }
constexpr void apply_policy(client_policy& to, const Option& option) {
  option.apply(to);
}

template <class Option>
concept client_option = requires(const Option& option, client_policy& to) { apply_policy(to, option); };

}  // namespace detail

/// @par Exceptions As client_policy::validate; where the policy is a constant, as in NEST_SEND, it does not compile.
template <class... Options>
[[nodiscard]] constexpr client_policy make_client_policy(const Options&... options) {
  static_assert((detail::client_option<Options> && ...),
                "nestcpp: options of a client or a call are timeout(5s), attempt_timeout(1s), "
                "retry(exponential_backoff{…}), idempotent(), retry_budget(10, 0.1), no_retry_budget(), "
                "circuit_breaker{…}, bulkhead{…}, hedging{…}, rate_limit{…} and adaptive_throttle{…}");
  client_policy policy;
  if constexpr ((detail::client_option<Options> && ...)) (detail::apply_policy(policy, options), ...);
  policy.validate();
  return policy;
}

}  // namespace nestcpp
