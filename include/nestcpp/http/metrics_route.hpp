#pragma once
/// @file nestcpp/http/metrics_route.hpp
/// @brief `/metrics`, where Prometheus fetches a service's figures.

#include <nestcpp/core/task.hpp>
#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/observability/metrics_registry.hpp>

#include <functional>
#include <string>
#include <vector>

namespace nestcpp {

/// Adds `GET <path>`. It is answered while the service drains, and passes by guards, interceptors and filters.
/// @param more samples that must be waited for; may be null
/// @par Lifetime The registry must outlive the runtime's loops.
/// @throws startup_error where the route exists
void mount_metrics(http_dispatcher& dispatcher, const metrics_registry& metrics,
                   std::function<task<std::vector<metric_sample>>()> more = nullptr,
                   const std::string& path = "/metrics");

}  // namespace nestcpp
