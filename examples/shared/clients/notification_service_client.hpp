#pragma once

#include "shared/contracts/notifications.hpp"

#include <nestcpp/app/clients.hpp>
#include <nestcpp/messaging/typed_client.hpp>

class NotificationServiceClient final : public nest::typed_client {
  NEST_CLIENT(NotificationServiceClient, "notification-service",
              retry(exponential_backoff{.attempts = 3, .initial = 20ms}));

 public:
  NEST_SEND(send, contracts::send_notification);
  NEST_SEND(status, contracts::notification_status, idempotent());
};
