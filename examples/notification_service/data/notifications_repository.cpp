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
  inbox_.enqueue(tx, std::move(event));
  notifications_.enqueue_insert(std::move(notification), tx);
  co_return co_await inbox_.commit(tx);
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

nest::task<void> NotificationsRepository::record(std::vector<DeliveryOutcome> outcomes) {
  nest::transaction tx = co_await db_.begin();
  for (DeliveryOutcome& each : outcomes) {
    std::optional<std::string> error;
    if (!each.error.empty()) error = each.error.substr(0, 500);
    tx.enqueue(
        "UPDATE notifications SET status = $2, sent_at = $3, attempts = $4, last_error = $5, next_attempt_at = $6 "
        "WHERE id = $1 AND status = 'pending'",
        {each.id, each.status, each.at, each.attempts, error, each.next_attempt});
  }
  co_await tx.commit();
}

nest::task<std::vector<PendingDelivery>> NotificationsRepository::claim_pending(std::size_t limit) {
  const std::string due =
      "SELECT id FROM notifications WHERE status = 'pending' AND (next_attempt_at <= $1 OR (next_attempt_at IS NULL "
      "AND "
      "created_at <= $2)) ORDER BY created_at, id LIMIT $3";
  const nest::timestamp now = nest::timestamp::now();
  const nest::timestamp left_behind = now - std::chrono::seconds{3};
  std::vector<PendingDelivery> claimed;
  // Read first: on SQLite this does not wait for a writer.
  if ((co_await db_.execute(due, now, left_behind, std::int64_t{1})).empty()) co_return claimed;
  const bool postgres = db_.driver() == nest::database_driver::postgres;
  const auto rows =
      co_await db_.execute("UPDATE notifications SET next_attempt_at = $4 WHERE id IN (" + due +
                               (postgres ? " FOR UPDATE SKIP LOCKED" : "") +
                               ") RETURNING id, user_id, type, recipient, subject, content, created_at, attempts",
                           now, left_behind, static_cast<std::int64_t>(limit), now + std::chrono::minutes{1});
  for (const auto& row : rows) {
    claimed.push_back({.notification = {.id = row["id"].as<nest::uuid>(),
                                        .userId = row["user_id"].as<nest::uuid>(),
                                        .type = row["type"].as<NotificationType>(),
                                        .recipient = row["recipient"].as<std::string>(),
                                        .subject = row["subject"].as<std::string>(),
                                        .content = row["content"].as<std::string>(),
                                        .createdAt = row["created_at"].as<nest::timestamp>()},
                       .attempts = row["attempts"].as<int>()});
  }
  co_return claimed;
}

}  // namespace notifications
