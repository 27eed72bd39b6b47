#pragma once
/// How notifications are stored; the domain's type does not know. Enumerations are stored by their names.

#include "notification_service/domain/notification.hpp"
#include "shared/contracts/notifications.hpp"

#include <nestcpp/database/entity.hpp>

namespace notifications {

NEST_ENTITY(Notification, "notifications", NEST_COLUMN(id, primary_key()), NEST_COLUMN(userId), NEST_COLUMN(type),
            NEST_COLUMN(recipient), NEST_COLUMN(subject), NEST_COLUMN(content), NEST_COLUMN(status),
            NEST_COLUMN(sentAt), NEST_COLUMN(createdAt));

}  // namespace notifications
