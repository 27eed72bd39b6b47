#pragma once

#include "shared/domain_error.hpp"
#include "shared/nest.hpp"

#include <nestcpp/core/uuid.hpp>

#include <string>

namespace users {

struct EmailTaken : ConflictError {
  /// @param email as the caller sent it
  explicit EmailTaken(const std::string& email) : ConflictError{"User with email " + email + " already exists"} {}
};

struct UserNotFound : NotFoundError {
  explicit UserNotFound(const nest::uuid& id) : NotFoundError{"User " + id.to_string() + " not found"} {}
};

}  // namespace users
