#pragma once
// What has been answered on one route.

#include <nestcpp/core/call_meter.hpp>
#include <nestcpp/observability/metric_sample.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nestcpp::detail {

/// @par Thread safety Safe.
class route_meter {
 public:
  /// @param method "GET"; empty: that of each request @param route the pattern; empty: no route has been found
  route_meter(std::string_view method, std::string route) : method_{method}, route_{std::move(route)} {}

  [[nodiscard]] const std::string& route() const noexcept { return route_; }
  void record(int status, std::chrono::nanoseconds took) noexcept;
  void append_to(std::vector<metric_sample>& samples) const;

 private:
  struct status_count {
    std::atomic<int> status{0};  // 0: not taken
    std::atomic<std::uint64_t> count{0};
  };

  std::string method_;
  std::string route_;
  call_meter durations_;
  std::array<status_count, 24> by_status_;
};

}  // namespace nestcpp::detail
