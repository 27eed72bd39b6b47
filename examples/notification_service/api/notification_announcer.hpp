#pragma once

#include "notification_service/domain/notification.hpp"
#include "shared/clients/user_service_client.hpp"

#include <nestcpp/core/runtime.hpp>

namespace notifications {

/// Tells the user service of what has been sent: in the background and best effort, nobody waits for it.
class NotificationAnnouncer {
 public:
  NotificationAnnouncer(nest::runtime& loops, UserServiceClient& users) : loops_{loops}, users_{users} {}

  void announce(const Notification& notification);

 private:
  nest::runtime& loops_;
  UserServiceClient& users_;
};

}  // namespace notifications
