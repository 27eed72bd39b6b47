#pragma once

#include "notification_service/api/notifications_controller.hpp"
#include "notification_service/data/notification_migrations.hpp"
#include "notification_service/delivery/delivery_queue.hpp"
#include "notification_service/delivery/make_sender.hpp"
#include "shared/database_module.hpp"
#include "shared/health_module.hpp"
#include "shared/settings.hpp"

namespace notifications {

struct NotificationModule : nest::module {
  explicit NotificationModule(const Settings& settings) {
    const nest::inbox inbox{inbox_table};
    imports(DatabaseModule{settings.database, migrations(inbox)});
    clients<UserServiceClient>(settings.client(settings.user_service));
    provide_value(inbox);
    provide_value(settings.timeout());
    provide<NotificationsRepository>();
    provide<NotificationAnnouncer>();
    provide_value(settings.mail);
    provide_factory<Sender>([mail = settings.mail](nest::runtime& loops) { return make_sender(loops, mail); });
    provide<DeliveryQueue>();
    provide<NotificationsService>();
    provide<HealthIndicators>();
    provide<PeerIndicator<UserServiceClient>>();
    controllers<NotificationsController>();
  }
};

}  // namespace notifications
