#include "notification_service/api/notification_announcer.hpp"

#include <nestcpp/core/log.hpp>

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace notifications {

namespace {

constexpr nest::logger log{"NotificationAnnouncer"};

void log_failure(const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    log.debug("the user service was not told: {}", error.what());
  }
}

}  // namespace

void NotificationAnnouncer::announce(const Notification& notification) {
  contracts::NotificationSentEvent event{.eventId = nest::uuid::v7().to_string(),
                                         .notificationId = notification.id,
                                         .userId = notification.userId,
                                         .type = notification.type,
                                         .sentAt = notification.sentAt.value_or(notification.createdAt)};
  boost::asio::co_spawn(loops_.next_loop().executor(), users_.notification_sent(std::move(event)), log_failure);
}

}  // namespace notifications
