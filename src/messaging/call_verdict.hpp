#pragma once
// What a failed attempt means: to its retry, to the retry budget, to a circuit breaker and to a throttle.

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/resilience/circuit_breaker.hpp>
#include <nestcpp/resilience/retry.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>

namespace nestcpp::detail {

// How a call has ended, for counting.
enum class call_result : std::uint8_t {
  answered,
  refused,      // the service's err
  late,         // no answer in time
  unavailable,  // no connection, or it broke
  rejected,     // by a policy of the client
  aborted,      // cancelled, or it could not be made
};
inline constexpr int call_results = 6;

struct call_verdict {
  call_result result = call_result::aborted;
  circuit_outcome circuit = circuit_outcome::ignored;
  bool accepted = true;       // the service took it, or nobody knows
  bool repeatable = false;    // another attempt may help
  bool never_sent = false;    // so that it may be repeated whatever the call does
  bool wears_budget = false;  // takes a token of the retry budget
  // What the service asks for: to be called again after so long; negative: not at all.
  std::optional<std::chrono::milliseconds> pushback{};
};

[[nodiscard]] call_verdict judge(const rpc_exception& error, const retry_rules& rules, const circuit_breaker* breaker);
[[nodiscard]] call_verdict judge(const std::exception_ptr& failure, const retry_rules& rules,
                                 const circuit_breaker* breaker);

}  // namespace nestcpp::detail
