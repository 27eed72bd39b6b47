#pragma once
/// What the notification service is asked, answers and tells.

#include "shared/contracts/notification_kinds.hpp"
#include "shared/contracts/rules.hpp"

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/core/uuid.hpp>
#include <nestcpp/dto/dto.hpp>
#include <nestcpp/macros.hpp>
#include <nestcpp/messaging/contract.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace contracts {

NEST_ENUM(NotificationType, email, sms, push);
NEST_ENUM(NotificationStatus, pending, sent, failed);

struct SendNotificationDto {
  nest::uuid userId;
  NotificationType type = NotificationType::email;
  std::string recipient, subject, content;
};
NEST_DTO(SendNotificationDto, NEST_FIELD(userId, is_uuid()), NEST_FIELD(type, is_enum()),
         NEST_FIELD(recipient, is_string(), is_not_empty(), has_no_nul()),
         NEST_FIELD(subject, is_string(), is_not_empty(), has_no_nul()),
         NEST_FIELD(content, is_string(), is_not_empty(), has_no_nul()));

/// By its own id, or the newest of a user.
struct NotificationStatusDto {
  std::optional<nest::uuid> id{}, userId{};
};
NEST_DTO(NotificationStatusDto, NEST_FIELD(id, is_uuid(), omit_empty()), NEST_FIELD(userId, is_uuid(), omit_empty()));

struct NotificationDto {
  nest::uuid id, userId;
  NotificationType type = NotificationType::email;
  std::string recipient, subject, content;
  NotificationStatus status = NotificationStatus::pending;
  std::optional<nest::timestamp> sentAt;
  nest::timestamp createdAt;
};
NEST_DTO(NotificationDto, NEST_FIELD(id, is_uuid()), NEST_FIELD(userId, is_uuid()), NEST_FIELD(type),
         NEST_FIELD(recipient), NEST_FIELD(subject), NEST_FIELD(content), NEST_FIELD(status), NEST_FIELD(sentAt),
         NEST_FIELD(createdAt));

struct NotificationSentEvent {
  std::string eventId;
  nest::uuid notificationId, userId;
  NotificationType type = NotificationType::email;
  nest::timestamp sentAt;
};
NEST_DTO(NotificationSentEvent, NEST_FIELD(eventId, is_string()), NEST_FIELD(notificationId, is_uuid()),
         NEST_FIELD(userId, is_uuid()), NEST_FIELD(type, is_enum()), NEST_FIELD(sentAt, is_date_string()));

/// In the metadata of a `notification.status` with a `userId`: how many milliseconds its answer may wait until the
/// newest is no longer pending. A peer that does not know it answers at once.
inline constexpr std::string_view metadata_wait_ms = "wait-ms";

using send_notification = nest::message<"notification.send", SendNotificationDto, NotificationDto>;
using notification_status = nest::message<"notification.status", NotificationStatusDto, NotificationDto>;
using notification_sent = nest::event<"notification.sent", NotificationSentEvent>;

}  // namespace contracts
