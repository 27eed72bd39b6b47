#pragma once

#include "shared/clients/user_service_client.hpp"
#include "shared/microservice_exception_filter.hpp"

#include <nestcpp/app/controller_registrar.hpp>
#include <nestcpp/pipeline/logging_interceptor.hpp>
#include <nestcpp/pipeline/timeout_interceptor.hpp>

namespace gateway {

class UsersController {
  NEST_CONTROLLER(UsersController, "/users", use_filters<MicroserviceExceptionFilter>(),
                  use_interceptors<nest::logging_interceptor, nest::timeout_interceptor>());

 public:
  explicit UsersController(UserServiceClient& users) : users_{users} {}

  NEST_GET(find, "/:id", api_operation({.summary = "A user by the id"}), api_response(404),
           api_response(503, "The user service is unavailable"), api_response(504));
  nest::task<contracts::UserDto> find(nest::path<"id", std::string> id) { return users_.get({.id = id}); }

 private:
  UserServiceClient& users_;
};

}  // namespace gateway
