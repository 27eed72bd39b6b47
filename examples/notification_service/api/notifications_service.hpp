#pragma once

#include "notification_service/data/notifications_repository.hpp"
#include "notification_service/delivery/delivery_queue.hpp"
#include "shared/contracts/notifications.hpp"
#include "shared/contracts/users.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace notifications {

class NotificationsService {
 public:
  NotificationsService(NotificationsRepository& notifications, DeliveryQueue& deliveries)
      : notifications_{notifications}, deliveries_{deliveries} {}

  /// Stored when this returns; mostly sent, too.
  nest::task<Notification> send(contracts::SendNotificationDto dto);
  /// One welcome per event, however often it arrives.
  nest::task<void> welcome_user(contracts::UserCreatedEvent event);

  /// @throws NotificationNotFound, also the next
  nest::task<Notification> find(nest::uuid id);
  /// Where the newest is pending, or not stored yet: once it is settled, or what there is after `patience`.
  nest::task<Notification> newest_of(nest::uuid userId, std::chrono::milliseconds patience);
  nest::task<std::vector<Notification>> newest(std::optional<nest::uuid> userId);

 private:
  NotificationsRepository& notifications_;
  DeliveryQueue& deliveries_;
};

}  // namespace notifications
