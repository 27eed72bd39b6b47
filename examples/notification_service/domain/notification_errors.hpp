#pragma once

#include "shared/domain_error.hpp"

namespace notifications {

struct NotificationNotFound : NotFoundError {
  NotificationNotFound() : NotFoundError{"Notification not found"} {}
};

}  // namespace notifications
