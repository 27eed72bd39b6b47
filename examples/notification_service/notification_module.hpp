#pragma once

#include "notification_service/api/notifications_controller.hpp"
#include "notification_service/data/notification_migrations.hpp"
#include "shared/database_module.hpp"
#include "shared/settings.hpp"

namespace notifications {

struct NotificationModule : nest::module {
  explicit NotificationModule(const Settings& settings) {
    const nest::inbox inbox{"notification_inbox"};
    imports(DatabaseModule{settings.database, migrations(inbox)});
    clients<UserServiceClient>(settings.client(settings.user_service));
    provide_value(inbox);
    provide_value(settings.timeout());
    provide<NotificationsRepository>();
    provide<NotificationAnnouncer>();
    provide<NotificationsService>();
    controllers<NotificationsController>();
  }
};

}  // namespace notifications
