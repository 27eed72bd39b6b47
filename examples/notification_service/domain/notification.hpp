#pragma once

#include "shared/contracts/notification_kinds.hpp"
#include "shared/nest.hpp"

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/core/uuid.hpp>

#include <optional>
#include <string>

namespace notifications {

using contracts::NotificationStatus;
using contracts::NotificationType;

struct Notification {
  nest::uuid id{}, userId{};
  NotificationType type = NotificationType::email;
  std::string recipient, subject, content;
  NotificationStatus status = NotificationStatus::pending;
  std::optional<nest::timestamp> sentAt{};
  nest::timestamp createdAt{};
};

/// What a new user is told.
inline Notification welcome(const nest::uuid& userId, const std::string& email, const std::string& firstName,
                            const std::string& lastName) {
  return {.userId = userId,
          .type = NotificationType::email,
          .recipient = email,
          .subject = "Welcome, " + firstName + "!",
          .content = "Hi " + firstName + " " + lastName + ", your account is ready."};
}

}  // namespace notifications
