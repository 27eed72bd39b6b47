#pragma once

#include "gateway/api/registration_service.hpp"
#include "shared/microservice_exception_filter.hpp"

#include <nestcpp/app/controller_registrar.hpp>
#include <nestcpp/app/idempotency_interceptor.hpp>
#include <nestcpp/http/http_context.hpp>
#include <nestcpp/pipeline/logging_interceptor.hpp>
#include <nestcpp/pipeline/timeout_interceptor.hpp>

namespace gateway {

using contracts::CreateUserDto;

class RegistrationController {
  NEST_CONTROLLER(RegistrationController, "/registration", use_filters<MicroserviceExceptionFilter>(),
                  use_interceptors<nest::logging_interceptor, nest::timeout_interceptor>());

 public:
  explicit RegistrationController(RegistrationService& registration) : registration_{registration} {}

  NEST_POST(create, "/", use_interceptors<nest::idempotency_interceptor>(),
            api_operation({.summary = "Registers a user",
                           .description = "The user is stored when this is answered; the welcome may follow. With the "
                                          "header Idempotency-Key it may be sent again."}),
            api_response(409, "The e-mail address is taken, or a request with the same key is under way"),
            api_response(422, "The key was used with another request"),
            api_response(503, "The user service is unavailable"), api_response(504));
  nest::task<RegistrationSummaryDto> create(CreateUserDto dto, nest::http_context& context);

  /// What became of the welcome, for those who were answered before it was sent.
  NEST_GET(notification, "/:userId/notification", api_operation({.summary = "The newest notification of a user"}),
           api_response(404), api_response(503, "The notification service is unavailable"), api_response(504));
  nest::task<contracts::NotificationDto> notification(nest::path<"userId", nest::uuid> userId);

 private:
  RegistrationService& registration_;
};

}  // namespace gateway
