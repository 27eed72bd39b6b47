#include "user_service/api/users_controller.hpp"

#include <nestcpp/core/log.hpp>

#include <utility>

namespace users {

namespace {

constexpr nest::logger log{"UsersController"};

UserDto to_dto(const User& user) {
  return {.id = user.id,
          .firstName = user.firstName,
          .lastName = user.lastName,
          .email = user.email,
          .isActive = user.isActive,
          .createdAt = user.createdAt,
          .updatedAt = user.updatedAt};
}

}  // namespace

nest::task<UserDto> UsersController::create(CreateUserDto dto) {
  co_return to_dto(co_await users_.create(std::move(dto)));
}

nest::task<UserDto> UsersController::get(GetUserDto dto) {
  co_return to_dto(co_await users_.find(*nest::uuid::parse(dto.id)));
}

nest::task<UserDto> UsersController::find(nest::path<"id", nest::uuid> id) {
  co_return to_dto(co_await users_.find(id));
}

void UsersController::on_notification_sent(const NotificationSentEvent& event) {
  log.debug("user {} was sent notification {}", event.userId, event.notificationId);
}

}  // namespace users
