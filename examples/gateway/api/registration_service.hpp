#pragma once

#include "gateway/api/registration_summary.hpp"
#include "shared/clients/notification_service_client.hpp"
#include "shared/clients/user_service_client.hpp"

#include <nestcpp/core/deadline.hpp>

namespace gateway {

class RegistrationService {
 public:
  RegistrationService(UserServiceClient& users, NotificationServiceClient& notifications)
      : users_{users}, notifications_{notifications} {}

  /// Creates the user, and waits a moment for the welcome that follows by itself.
  /// @param patience when the caller wants an answer
  nest::task<RegistrationDataDto> register_user(contracts::CreateUserDto dto, nest::deadline patience);

  nest::task<contracts::NotificationDto> notification_of(nest::uuid userId) {
    return notifications_.status({.userId = userId});
  }

 private:
  nest::task<WelcomeDto> welcome_of(nest::uuid userId, nest::deadline limit);
  nest::task<WelcomeDto> sent_welcome_of(nest::uuid userId, nest::deadline limit);

  UserServiceClient& users_;
  NotificationServiceClient& notifications_;
};

}  // namespace gateway
