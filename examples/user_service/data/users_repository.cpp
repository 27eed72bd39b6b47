#include "user_service/data/users_repository.hpp"

#include "shared/contracts/users.hpp"

namespace users {

namespace {

nest::outbox_record user_created(const User& user) {
  const auto event_id = nest::uuid::v7();
  const contracts::UserCreatedEvent event{.eventId = event_id.to_string(),
                                          .userId = user.id,
                                          .email = user.email,
                                          .firstName = user.firstName,
                                          .lastName = user.lastName,
                                          .createdAt = user.createdAt};
  return {.pattern = std::string{contracts::user_created::pattern()},
          .payload = nest::to_json(event),
          .event_id = event_id};
}

}  // namespace

nest::task<bool> UsersRepository::add(User user) {
  try {
    nest::transaction tx = co_await db_.begin();
    users_.enqueue_insert(user, tx);
    co_await outbox_.add(tx, user_created(user));
    co_await tx.commit();
    co_return true;
  } catch (const nest::unique_violation&) {
    co_return false;
  }
}

nest::task<bool> UsersRepository::has_email(std::string normalized) {
  co_return co_await users_.count_by(&User::email, std::move(normalized)) > 0;
}

nest::task<std::optional<User>> UsersRepository::find(nest::uuid id) { return users_.find_one_by(&User::id, id); }

}  // namespace users
