#include "notification_service/notification_module.hpp"
#include "shared/migrate_command.hpp"
#include "shared/settings.hpp"

#include <nestcpp/app/application.hpp>
#include <nestcpp/core/version.hpp>

int main(int argc, char** argv) {
  const Settings settings =
      load_settings({.service = "notification_service", .http_port = 4002, .tcp_port = 4003}, argc, argv);
  if (!settings.command.empty()) {
    return run_migrate_command(settings, notifications::migrations(nest::inbox{notifications::inbox_table}));
  }
  nest::application app{notifications::NotificationModule{settings}, settings.application()};
  app.connect_microservice(settings.tcp());
  app.enable_metrics();
  app.setup_swagger("api", nest::document_builder{}
                               .set_title("Notification service")
                               .set_description("Welcomes new users, and sends what other services ask for.")
                               .set_version(nest::version)
                               .set_license("MIT", "MIT")
                               .add_tag("Notifications", "What users are sent"));
  app.listen_http(settings.http(), settings.http_adapter);
  return app.run();
}
