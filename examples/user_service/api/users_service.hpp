#pragma once

#include "shared/contracts/users.hpp"
#include "user_service/data/password_hasher.hpp"
#include "user_service/data/users_repository.hpp"

namespace users {

class UsersService {
 public:
  UsersService(UsersRepository& users, PasswordHasher& hasher) : users_{users}, hasher_{hasher} {}

  /// @throws EmailTaken
  nest::task<User> create(contracts::CreateUserDto dto);
  /// @throws UserNotFound
  nest::task<User> find(nest::uuid id);

 private:
  UsersRepository& users_;
  PasswordHasher& hasher_;
};

}  // namespace users
