#pragma once

#include "shared/nest.hpp"

#include <nestcpp/messaging/client_health.hpp>
#include <nestcpp/module/module.hpp>
#include <nestcpp/observability/indicators.hpp>

#include <chrono>
#include <string>

/// Disk and memory at /health, in every service.
class HealthIndicators {
 public:
  explicit HealthIndicators(nest::health_check& health) {
    health.add("storage", nest::disk_health({.path = ".", .threshold_percent = 0.98}));
    health.add("memory_rss", nest::memory_rss_health(std::uint64_t{1} << 30U));
  }
};

/// A service that this one calls, at /health. It is of use without it: `degraded` where it cannot be reached.
template <class Client>
class PeerIndicator {
 public:
  PeerIndicator(nest::health_check& health, Client& client) {
    health.add(std::string{client.proxy().name()}, [&client] { return nest::client_health(client.proxy()); },
               {.timeout = std::chrono::seconds{1}, .required = false});
  }
};
