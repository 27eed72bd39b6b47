#pragma once

#include "gateway/api/notifications_controller.hpp"
#include "gateway/api/registration_controller.hpp"
#include "gateway/api/users_controller.hpp"
#include "gateway/page/page_controller.hpp"
#include "shared/health_module.hpp"
#include "shared/settings.hpp"

#include <nestcpp/app/idempotency_interceptor.hpp>

#include <memory>

namespace gateway {

struct GatewayModule : nest::module {
  explicit GatewayModule(const Settings& settings) {
    clients<UserServiceClient>(settings.client(settings.user_service));
    clients<NotificationServiceClient>(settings.client(settings.notification_service));
    provide_value(settings.timeout());
    provide_factory<nest::idempotency_store>([] { return std::make_unique<nest::memory_idempotency_store>(); });
    provide<RegistrationService>();
    provide<HealthIndicators>();
    provide<PeerIndicator<UserServiceClient>>();
    provide<PeerIndicator<NotificationServiceClient>>();
    controllers<RegistrationController, UsersController, NotificationsController, PageController>();
  }
};

}  // namespace gateway
