#pragma once

#include "notification_service/data/notification_entity.hpp"

#include <nestcpp/database/inbox.hpp>
#include <nestcpp/database/repository.hpp>

#include <optional>
#include <string>
#include <vector>

namespace notifications {

class NotificationsRepository {
 public:
  NotificationsRepository(nest::database& db, nest::inbox& inbox) : db_{db}, inbox_{inbox}, notifications_{db} {}

  nest::task<void> add(Notification notification);
  /// Stores the notification, unless one was stored for this event before.
  /// @return whether it was the first time
  nest::task<bool> add_once(Notification notification, std::string event);

  nest::task<std::optional<Notification>> find(nest::uuid id);
  nest::task<std::optional<Notification>> newest_of(nest::uuid userId);
  /// The newest first, at most 100; of all users where none is named.
  nest::task<std::vector<Notification>> newest(std::optional<nest::uuid> userId);

 private:
  nest::database& db_;
  nest::inbox& inbox_;
  nest::repository<Notification> notifications_;
};

}  // namespace notifications
