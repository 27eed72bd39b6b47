#pragma once

#include "notification_service/data/notification_entity.hpp"

#include <nestcpp/database/inbox.hpp>
#include <nestcpp/database/repository.hpp>

#include <optional>
#include <string>
#include <vector>

namespace notifications {

/// What became of an attempt to send a notification.
struct DeliveryOutcome {
  nest::uuid id{};
  NotificationStatus status = NotificationStatus::pending;
  int attempts = 0;
  std::optional<nest::timestamp> at{};  ///< `sent`: when
  std::string error{};
  std::optional<nest::timestamp> next_attempt{};  ///< `pending`: not before
};

struct PendingDelivery {
  Notification notification;
  int attempts = 0;  ///< that failed
};

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

  /// All in one transaction.
  nest::task<void> record(std::vector<DeliveryOutcome> outcomes);
  /// Takes pending notifications whose time has come, the oldest first, so that no other process takes them for a
  /// minute. What has just been stored is left to the process that stored it.
  nest::task<std::vector<PendingDelivery>> claim_pending(std::size_t limit);

 private:
  nest::database& db_;
  nest::inbox& inbox_;
  nest::repository<Notification> notifications_;
};

}  // namespace notifications
