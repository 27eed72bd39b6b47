#pragma once
/// What `POST /registration` answers.

#include "shared/contracts/notifications.hpp"
#include "shared/contracts/users.hpp"

namespace gateway {

using contracts::NotificationDto;
using contracts::NotificationStatus;
using contracts::NotificationType;
using contracts::UserDto;

/// The welcome notification; of one that is not there yet only `status`.
struct WelcomeDto {
  std::optional<nest::uuid> id, userId;
  std::optional<NotificationType> type;
  std::optional<std::string> recipient, subject, content;
  NotificationStatus status = NotificationStatus::pending;
  std::optional<nest::timestamp> sentAt, createdAt;
};
NEST_DTO(WelcomeDto, NEST_FIELD(id, omit_empty()), NEST_FIELD(userId, omit_empty()), NEST_FIELD(type, omit_empty()),
         NEST_FIELD(recipient, omit_empty()), NEST_FIELD(subject, omit_empty()), NEST_FIELD(content, omit_empty()),
         NEST_FIELD(status), NEST_FIELD(sentAt, omit_empty()), NEST_FIELD(createdAt, omit_empty()));

struct RegistrationDataDto {
  UserDto user;
  WelcomeDto notification;
};
NEST_DTO(RegistrationDataDto, NEST_FIELD(user), NEST_FIELD(notification));

struct RegistrationMetaDto {
  std::string requestId;
  double durationMs = 0;
};
NEST_DTO(RegistrationMetaDto, NEST_FIELD(requestId), NEST_FIELD(durationMs));

struct RegistrationSummaryDto {
  bool success = true;
  std::string message;
  RegistrationDataDto data;
  RegistrationMetaDto meta;
};
NEST_DTO(RegistrationSummaryDto, NEST_FIELD(success), NEST_FIELD(message), NEST_FIELD(data), NEST_FIELD(meta));

}  // namespace gateway
