#pragma once

#include "shared/clients/notification_service_client.hpp"
#include "shared/microservice_exception_filter.hpp"

#include <nestcpp/app/controller_registrar.hpp>
#include <nestcpp/pipeline/logging_interceptor.hpp>
#include <nestcpp/pipeline/timeout_interceptor.hpp>

namespace gateway {

class NotificationsController {
  NEST_CONTROLLER(NotificationsController, "/notifications", use_filters<MicroserviceExceptionFilter>(),
                  use_interceptors<nest::logging_interceptor, nest::timeout_interceptor>());

 public:
  explicit NotificationsController(NotificationServiceClient& notifications) : notifications_{notifications} {}

  NEST_GET(find, "/:id", api_operation({.summary = "A notification by its id"}), api_response(404),
           api_response(503, "The notification service is unavailable"), api_response(504));
  nest::task<contracts::NotificationDto> find(nest::path<"id", nest::uuid> id) {
    return notifications_.status({.id = *id});
  }

 private:
  NotificationServiceClient& notifications_;
};

}  // namespace gateway
