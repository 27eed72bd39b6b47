#include "user_service/api/users_service.hpp"

#include "user_service/domain/user_errors.hpp"

#include <utility>

namespace users {

nest::task<User> UsersService::create(contracts::CreateUserDto dto) {
  User user;
  user.email = normalized_email(dto.email);
  // Spares the hash where the answer is known already; the unique index decides.
  if (co_await users_.has_email(user.email)) throw EmailTaken{dto.email};

  user.id = nest::uuid::v7();
  user.firstName = std::move(dto.firstName);
  user.lastName = std::move(dto.lastName);
  user.passwordHash = co_await hasher_.hash(std::move(dto.password));
  user.createdAt = user.updatedAt = nest::timestamp::now();
  if (!co_await users_.add(user)) throw EmailTaken{dto.email};
  co_return user;
}

nest::task<User> UsersService::find(nest::uuid id) {
  auto user = co_await users_.find(id);
  if (!user) throw UserNotFound{id};
  co_return *std::move(user);
}

}  // namespace users
