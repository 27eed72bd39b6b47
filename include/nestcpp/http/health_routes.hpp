#pragma once
/// @file nestcpp/http/health_routes.hpp
/// @brief `/health`, `/health/live` and `/health/ready`, as NestJS' Terminus answers them.

#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/observability/health.hpp>

namespace nestcpp {

/// Adds `GET /health`, `GET /health/live` and `GET /health/ready`. They are not cached
/// (`Cache-Control: no-cache, no-store, must-revalidate`), answered while the service drains, and pass by guards and
/// interceptors; a failed check is answered with its body and not through filters.
/// @par Lifetime The health_check must outlive the runtime's loops.
/// @throws startup_error where one of the routes exists
void mount_health(http_dispatcher& dispatcher, const health_check& health);

}  // namespace nestcpp
