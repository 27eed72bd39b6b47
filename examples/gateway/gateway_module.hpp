#pragma once

#include "gateway/api/notifications_controller.hpp"
#include "gateway/api/registration_controller.hpp"
#include "gateway/api/users_controller.hpp"
#include "shared/settings.hpp"

namespace gateway {

struct GatewayModule : nest::module {
  explicit GatewayModule(const Settings& settings) {
    clients<UserServiceClient>(settings.client(settings.user_service));
    clients<NotificationServiceClient>(settings.client(settings.notification_service));
    provide_value(settings.timeout());
    provide<RegistrationService>();
    controllers<RegistrationController, UsersController, NotificationsController>();
  }
};

}  // namespace gateway
