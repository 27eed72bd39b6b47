#pragma once
/// How users are stored; the domain's type does not know.

#include "user_service/domain/user.hpp"

#include <nestcpp/database/entity.hpp>

namespace users {

NEST_ENTITY(User, "users", NEST_COLUMN(id, primary_key()), NEST_COLUMN(firstName), NEST_COLUMN(lastName),
            NEST_COLUMN(email), NEST_COLUMN(passwordHash), NEST_COLUMN(isActive), NEST_COLUMN(createdAt),
            NEST_COLUMN(updatedAt));

}  // namespace users
