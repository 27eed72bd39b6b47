#include "notification_service/api/notifications_controller.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace notifications {

namespace {

NotificationDto to_dto(const Notification& notification) {
  return {.id = notification.id,
          .userId = notification.userId,
          .type = notification.type,
          .recipient = notification.recipient,
          .subject = notification.subject,
          .content = notification.content,
          .status = notification.status,
          .sentAt = notification.sentAt,
          .createdAt = notification.createdAt};
}

}  // namespace

nest::task<NotificationDto> NotificationsController::send(SendNotificationDto dto) {
  co_return to_dto(co_await notifications_.send(std::move(dto)));
}

nest::task<NotificationDto> NotificationsController::status(NotificationStatusDto dto) {
  if (dto.id) co_return to_dto(co_await notifications_.find(*dto.id));
  if (dto.userId) co_return to_dto(co_await notifications_.newest_of(*dto.userId));
  throw nest::bad_request_exception{boost::json::array{"id or userId should be given"}};
}

nest::task<NotificationDto> NotificationsController::find(nest::path<"id", nest::uuid> id) {
  co_return to_dto(co_await notifications_.find(id));
}

nest::task<std::vector<NotificationDto>> NotificationsController::list(
    nest::query<"userId", std::optional<nest::uuid>> userId) {
  const auto found = co_await notifications_.newest(userId);
  std::vector<NotificationDto> answer;
  std::transform(found.begin(), found.end(), std::back_inserter(answer), to_dto);
  co_return answer;
}

nest::task<void> NotificationsController::on_user_created(UserCreatedEvent event) {
  return notifications_.welcome_user(std::move(event));
}

}  // namespace notifications
