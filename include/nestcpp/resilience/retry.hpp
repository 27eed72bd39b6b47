#pragma once
/// @file nestcpp/resilience/retry.hpp
/// @brief Repeating failed calls: when, and when no longer.

#include <nestcpp/resilience/detail/refuse.hpp>
#include <nestcpp/resilience/exponential_backoff.hpp>
#include <nestcpp/resilience/retry_budget.hpp>

#include <array>
#include <cstddef>
#include <initializer_list>

namespace nestcpp {

class rpc_exception;

/// Up to eight values of an `err`'s `statusCode`: `{429, 503}`.
class status_list {
 public:
  static constexpr std::size_t most = 8;

  constexpr status_list() = default;
  constexpr status_list(std::initializer_list<int> statuses) {
    if (statuses.size() > most) {
      detail::refuse_value("retry", "number of statuses", static_cast<double>(statuses.size()), "0 to 8");
    }
    for (const int each : statuses) {
      if (each < 100 || each > 999) detail::refuse_value("retry", "status", each, "100 to 999");
      values_[size_++] = each;
    }
  }
  [[nodiscard]] constexpr bool contains(int status) const {
    for (std::size_t i = 0; i < size_; ++i) {
      if (values_[i] == status) return true;
    }
    return false;
  }

 private:
  std::array<int, most> values_{};
  std::size_t size_ = 0;
};

/// Which `err`s of a service are worth another attempt, where the call is idempotent. Those with a `retryAfterMs` of 0
/// or more always are, after that wait; those with a negative one never.
/// @par Thread safety A value.
struct retry_rules {
  status_list statuses{429, 503};                      ///< By their `statusCode`. Default: 429 and 503.
  bool (*when)(const rpc_exception& error) = nullptr;  ///< In place of the statuses; if it throws, they decide.
};

}  // namespace nestcpp
