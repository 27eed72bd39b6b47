#pragma once

#include "gateway/api/registration_service.hpp"
#include "shared/microservice_exception_filter.hpp"

#include <nestcpp/app/controller_registrar.hpp>
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

  NEST_POST(create, "/");
  nest::task<RegistrationSummaryDto> create(CreateUserDto dto, nest::http_context& context);

 private:
  RegistrationService& registration_;
};

}  // namespace gateway
