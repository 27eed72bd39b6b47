#include "notification_service/data/notifications_repository.hpp"

#include <utility>

namespace notifications {

namespace {

// Identifiers ascend with time, also within one millisecond.
nest::find_options<Notification> newest_first() {
  return {.order = {nest::descending(&Notification::createdAt), nest::descending(&Notification::id)}, .limit = 100};
}

}  // namespace

nest::task<void> NotificationsRepository::add(Notification notification) {
  return notifications_.insert(std::move(notification));
}

nest::task<bool> NotificationsRepository::add_once(Notification notification, std::string event) {
  nest::transaction tx = co_await db_.begin();
  if (!co_await inbox_.first_time(tx, std::move(event))) co_return false;
  co_await notifications_.insert(std::move(notification), tx);
  co_await tx.commit();
  co_return true;
}

nest::task<std::optional<Notification>> NotificationsRepository::find(nest::uuid id) {
  return notifications_.find_one_by(&Notification::id, id);
}

nest::task<std::optional<Notification>> NotificationsRepository::newest_of(nest::uuid userId) {
  return notifications_.find_one_by(&Notification::userId, userId, newest_first());
}

nest::task<std::vector<Notification>> NotificationsRepository::newest(std::optional<nest::uuid> userId) {
  if (userId) return notifications_.find_by(&Notification::userId, *userId, newest_first());
  return notifications_.find(newest_first());
}

}  // namespace notifications
