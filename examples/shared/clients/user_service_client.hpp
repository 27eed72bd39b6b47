#pragma once

#include "shared/contracts/notifications.hpp"
#include "shared/contracts/users.hpp"

#include <nestcpp/app/clients.hpp>
#include <nestcpp/messaging/typed_client.hpp>

/// A retry of `create` happens only where the request provably never left this process.
class UserServiceClient final : public nest::typed_client {
  NEST_CLIENT(UserServiceClient, "user-service", retry(exponential_backoff{.attempts = 3, .initial = 20ms}));

 public:
  NEST_SEND(create, contracts::create_user);
  NEST_SEND(get, contracts::get_user, idempotent());
  NEST_EMIT(notification_sent, contracts::notification_sent);
};
