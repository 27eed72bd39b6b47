#pragma once

#include "shared/clients/notification_service_client.hpp"

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/database/outbox.hpp>
#include <nestcpp/observability/metrics_registry.hpp>

namespace users {

/// Takes what is in the outbox to the notification service, each event as a request on its pattern, so that it is
/// acknowledged; what is not, is sent again.
class UserEventsRelay : public nest::outbox_publisher {
 public:
  UserEventsRelay(nest::runtime& loops, nest::database& db, nest::outbox& outbox,
                  NotificationServiceClient& notifications, nest::metrics_registry& metrics)
      : notifications_{notifications}, relay_{loops, db, outbox, *this} {
    metrics.collect_async([outbox, &db] { return outbox.metrics(db); });
  }

  nest::task<void> publish(nest::outbox_message message) override;

  void on_application_bootstrap() { relay_.start(); }
  nest::task<void> on_application_shutdown() { return relay_.stop(std::chrono::seconds{1}); }

 private:
  NotificationServiceClient& notifications_;
  nest::outbox_relay relay_;
};

}  // namespace users
