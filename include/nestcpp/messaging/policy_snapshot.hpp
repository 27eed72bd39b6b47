#pragma once
/// @file nestcpp/messaging/policy_snapshot.hpp
/// @brief What a typed client's policies have done so far, to look at and to export.

#include <nestcpp/observability/metric_sample.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace nestcpp {

/// A figure of a policy.
struct policy_value {
  std::string_view name;  ///< `retries_total`: that of the metric, without `nestcpp_client_`
  double value = 0;
  metric_kind kind = metric_kind::counter;
};

/// One policy of a client or of one of its calls.
struct policy_snapshot {
  /// "calls" and "retry" of each client; "circuit_breaker", "bulkhead", "hedging", "rate_limit", "adaptive_throttle"
  /// where they were asked for.
  std::string_view policy;
  /// The pattern of the call that has this policy for itself; empty: the client's.
  std::string call{};
  /// Of a circuit breaker: "closed", "open", "half_open", "disabled", "forced_open"; else empty.
  std::string_view state{};
  std::vector<policy_value> values{};

  /// The figure of that name; 0 where there is none.
  [[nodiscard]] double value(std::string_view name) const noexcept {
    for (const policy_value& each : values) {
      if (each.name == name) return each.value;
    }
    return 0;
  }
};

}  // namespace nestcpp
