#include "http/route_meter.hpp"

namespace nestcpp::detail {

void route_meter::record(int status, std::chrono::nanoseconds took) noexcept {
  durations_.record(took, status >= 500);
  for (status_count& each : by_status_) {
    int known = each.status.load(std::memory_order_relaxed);
    if (known == 0 && each.status.compare_exchange_strong(known, status, std::memory_order_relaxed)) known = status;
    if (known == status || &each == &by_status_.back()) {
      each.count.fetch_add(1, std::memory_order_relaxed);
      return;
    }
  }
}

void route_meter::append_to(std::vector<metric_sample>& samples) const {
  metric_labels labels{{"method", method_}, {"route", route_}};
  for (const status_count& each : by_status_) {
    const std::uint64_t count = each.count.load(std::memory_order_relaxed);
    if (count == 0) continue;
    metric_labels own = labels;
    own.emplace_back("status", std::to_string(each.status.load(std::memory_order_relaxed)));
    samples.push_back({"http_server_requests_total", std::move(own), static_cast<double>(count), metric_kind::counter,
                       "HTTP requests that were answered"});
  }
  const call_meter::durations taken = durations_.taken();
  samples.push_back({"http_server_request_duration_seconds",
                     std::move(labels),
                     0,
                     metric_kind::histogram,
                     "From a request's arrival to its answer",
                     {{call_meter::bounds.begin(), call_meter::bounds.end()},
                      {taken.counts.begin(), taken.counts.end()},
                      taken.seconds}});
}

}  // namespace nestcpp::detail
