#pragma once

#include "shared/database_module.hpp"
#include "shared/health_module.hpp"
#include "shared/settings.hpp"
#include "user_service/api/user_events_relay.hpp"
#include "user_service/api/users_controller.hpp"
#include "user_service/data/user_migrations.hpp"

namespace users {

struct UserModule : nest::module {
  explicit UserModule(const Settings& settings) {
    const nest::outbox outbox{outbox_table};
    imports(DatabaseModule{settings.database, migrations(outbox)});
    clients<NotificationServiceClient>(settings.client(settings.notification_service));
    provide_value(outbox);
    provide_value(settings.password_hashing);
    provide_value(settings.timeout());
    provide<UsersRepository>();
    provide<PasswordHasher>();
    provide<UsersService>();
    provide<UserEventsRelay>();
    provide<HealthIndicators>();
    provide<PeerIndicator<NotificationServiceClient>>();
    controllers<UsersController>();
  }
};

}  // namespace users
