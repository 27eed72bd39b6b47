#include "notification_service/api/notifications_service.hpp"

#include "notification_service/domain/notification_errors.hpp"

#include <nestcpp/core/deadline.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace notifications {

namespace {

// How long callers wait for it to be sent; then they are told that it is pending.
constexpr std::chrono::milliseconds patience{500};
// What is not settled here by then is looked for in the database.
constexpr nest::deadline::clock::duration first_wait = std::chrono::milliseconds{20};

Notification created(Notification notification) {
  notification.id = nest::uuid::v7();
  notification.createdAt = nest::timestamp::now();
  return notification;
}

std::string key_of(const contracts::UserCreatedEvent& event) {
  if (event.eventId && !event.eventId->empty()) return *event.eventId;
  return "user.created:" + event.userId.to_string();
}

Notification or_not_found(std::optional<Notification> found) {
  if (!found) throw NotificationNotFound{};
  return *std::move(found);
}

}  // namespace

nest::task<Notification> NotificationsService::send(contracts::SendNotificationDto dto) {
  Notification notification = created({.userId = dto.userId,
                                       .type = dto.type,
                                       .recipient = std::move(dto.recipient),
                                       .subject = std::move(dto.subject),
                                       .content = std::move(dto.content)});
  co_await notifications_.add(notification);
  co_return co_await deliveries_.deliver(std::move(notification), patience);
}

nest::task<void> NotificationsService::welcome_user(contracts::UserCreatedEvent event) {
  Notification notification = created(welcome(event.userId, event.email, event.firstName, event.lastName));
  const bool first_time = co_await notifications_.add_once(notification, key_of(event));
  if (first_time) deliveries_.add(std::move(notification));
}

nest::task<Notification> NotificationsService::find(nest::uuid id) {
  co_return or_not_found(co_await notifications_.find(id));
}

nest::task<Notification> NotificationsService::newest_of(nest::uuid userId, std::chrono::milliseconds patience) {
  const auto asked_at = nest::timestamp::now();
  const auto limit = nest::deadline::after(patience);
  for (auto wait = first_wait; !limit.expired(); wait *= 2) {
    const auto turn = nest::deadline::after(std::min(wait, limit.remaining()));
    auto settled = co_await deliveries_.next_of(userId, turn.remaining());
    if (settled && settled->createdAt >= asked_at) co_return *std::move(settled);  // newer than all that was there
    if (!settled && !turn.expired()) break;                                        // nothing is sent any more
    // Another process may have sent it, or this one before it was asked.
    auto found = co_await notifications_.newest_of(userId);
    if (found && found->status != contracts::NotificationStatus::pending) co_return *std::move(found);
  }
  co_return or_not_found(co_await notifications_.newest_of(userId));
}

nest::task<std::vector<Notification>> NotificationsService::newest(std::optional<nest::uuid> userId) {
  return notifications_.newest(userId);
}

}  // namespace notifications
