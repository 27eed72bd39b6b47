#pragma once

#include "user_service/data/user_entity.hpp"

#include <nestcpp/database/outbox.hpp>
#include <nestcpp/database/repository.hpp>

#include <optional>
#include <string>

namespace users {

class UsersRepository {
 public:
  UsersRepository(nest::database& db, nest::outbox& outbox) : db_{db}, outbox_{outbox}, users_{db} {}

  /// Stores the user together with the event that tells of it: both or neither.
  /// @return false where the e-mail address is taken
  nest::task<bool> add(User user);
  nest::task<bool> has_email(std::string normalized);
  nest::task<std::optional<User>> find(nest::uuid id);

 private:
  nest::database& db_;
  nest::outbox& outbox_;
  nest::repository<User> users_;
};

}  // namespace users
