#pragma once

#include "shared/contracts/notifications.hpp"
#include "shared/contracts/users.hpp"
#include "shared/microservice_exception_filter.hpp"
#include "user_service/api/users_service.hpp"

#include <nestcpp/app/controller_registrar.hpp>
#include <nestcpp/pipeline/logging_interceptor.hpp>
#include <nestcpp/pipeline/timeout_interceptor.hpp>

namespace users {

using contracts::CreateUserDto;
using contracts::GetUserDto;
using contracts::NotificationSentEvent;
using contracts::UserDto;

class UsersController {
  NEST_CONTROLLER(UsersController, "/users", use_filters<MicroserviceExceptionFilter>(),
                  use_interceptors<nest::logging_interceptor, nest::timeout_interceptor>());

 public:
  explicit UsersController(UsersService& users) : users_{users} {}

  NEST_MESSAGE_PATTERN(create, contracts::create_user);
  NEST_POST(create, "/", api_operation({.summary = "Stores a user"}), api_response(409, "The e-mail address is taken"));
  nest::task<UserDto> create(CreateUserDto dto);

  NEST_MESSAGE_PATTERN(get, contracts::get_user);
  nest::task<UserDto> get(GetUserDto dto);

  NEST_GET(find, "/:id", api_operation({.summary = "A user by the id"}), api_response(404));
  nest::task<UserDto> find(nest::path<"id", nest::uuid> id);

  NEST_EVENT_PATTERN(on_notification_sent, contracts::notification_sent, use_pipes(validation_pipe{}));
  void on_notification_sent(const NotificationSentEvent& event);

 private:
  UsersService& users_;
};

}  // namespace users
