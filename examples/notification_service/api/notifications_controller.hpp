#pragma once

#include "notification_service/api/notifications_service.hpp"
#include "shared/microservice_exception_filter.hpp"

#include <nestcpp/app/controller_registrar.hpp>
#include <nestcpp/messaging/rpc_context.hpp>
#include <nestcpp/pipeline/logging_interceptor.hpp>
#include <nestcpp/pipeline/timeout_interceptor.hpp>

#include <optional>
#include <vector>

namespace notifications {

using contracts::NotificationDto;
using contracts::NotificationStatusDto;
using contracts::SendNotificationDto;
using contracts::UserCreatedEvent;

class NotificationsController {
  NEST_CONTROLLER(NotificationsController, "/notifications", use_filters<MicroserviceExceptionFilter>(),
                  use_interceptors<nest::logging_interceptor, nest::timeout_interceptor>());

 public:
  explicit NotificationsController(NotificationsService& notifications) : notifications_{notifications} {}

  NEST_MESSAGE_PATTERN(send, contracts::send_notification);
  NEST_POST(send, "/", api_operation({.summary = "Sends a notification"}));
  nest::task<NotificationDto> send(SendNotificationDto dto);

  NEST_MESSAGE_PATTERN(status, contracts::notification_status);
  nest::task<NotificationDto> status(NotificationStatusDto dto, const nest::rpc_context& context);

  NEST_GET(find, "/:id", api_operation({.summary = "A notification by its id"}), api_response(404));
  nest::task<NotificationDto> find(nest::path<"id", nest::uuid> id);

  NEST_GET(list, "/", api_operation({.summary = "The newest notifications, at most 100, of a user or of all"}));
  nest::task<std::vector<NotificationDto>> list(nest::query<"userId", std::optional<nest::uuid>> userId);

  NEST_EVENT_PATTERN(on_user_created, contracts::user_created);
  nest::task<void> on_user_created(UserCreatedEvent event);

 private:
  NotificationsService& notifications_;
};

}  // namespace notifications
