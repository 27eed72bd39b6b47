#pragma once
/// @file nestcpp/messaging/client_health.hpp
/// @brief A service that others depend on, as a health indicator: NestJS Terminus' `MicroserviceHealthIndicator`.

#include <nestcpp/core/task.hpp>
#include <nestcpp/messaging/client_proxy.hpp>
#include <nestcpp/messaging/typed_client.hpp>
#include <nestcpp/observability/health.hpp>

namespace nestcpp {

/// Up while the client has a connection; where it has none, it tries to connect, within its time limit.
///
///     health.add("orders", [this] { return nest::client_health(orders_.proxy()); });
///
/// @par Lifetime The client must outlive the answer.
[[nodiscard]] task<indicator_result> client_health(client_proxy& client);

/// Down while the client's circuit breaker refuses all calls: forced open, or open for less than `open_for`; then up,
/// so that calls come that can be its probes. Up without one. `{"circuit":"closed","status":"up"}`. In a readiness
/// check it takes this service out with the one it depends on: for one that is of no use without it.
[[nodiscard]] indicator_result circuit_health(typed_client& client);

}  // namespace nestcpp
