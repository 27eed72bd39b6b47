#include "notification_service/api/notifications_controller.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iterator>
#include <string>
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

// How long the caller wants to wait; at most a second.
std::chrono::milliseconds patience_of(const nest::rpc_context& context) {
  const std::string told = context.get_metadata(contracts::metadata_wait_ms).value_or("");
  int milliseconds = 0;
  const auto [end, error] = std::from_chars(told.data(), told.data() + told.size(), milliseconds);
  if (error != std::errc{} || end != told.data() + told.size()) return {};
  return std::chrono::milliseconds{std::clamp(milliseconds, 0, 1'000)};
}

}  // namespace

nest::task<NotificationDto> NotificationsController::send(SendNotificationDto dto) {
  co_return to_dto(co_await notifications_.send(std::move(dto)));
}

nest::task<NotificationDto> NotificationsController::status(NotificationStatusDto dto,
                                                            const nest::rpc_context& context) {
  if (dto.id) co_return to_dto(co_await notifications_.find(*dto.id));
  if (dto.userId) co_return to_dto(co_await notifications_.newest_of(*dto.userId, patience_of(context)));
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
