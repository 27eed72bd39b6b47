#include "shared/migrate_command.hpp"
#include "shared/settings.hpp"
#include "user_service/user_module.hpp"

#include <nestcpp/app/application.hpp>
#include <nestcpp/core/version.hpp>

int main(int argc, char** argv) {
  const Settings settings = load_settings({.service = "user_service", .http_port = 4000, .tcp_port = 4001}, argc, argv);
  if (!settings.command.empty()) {
    return run_migrate_command(settings, users::migrations(nest::outbox{users::outbox_table}));
  }
  nest::application app{users::UserModule{settings}, settings.application()};
  app.use_global_pipes({{.whitelist = true, .forbid_non_whitelisted = true}});
  app.connect_microservice(settings.tcp());
  app.enable_metrics();
  app.setup_swagger("api", nest::document_builder{}
                               .set_title("User service")
                               .set_description("Keeps users, and tells the notification service about new ones.")
                               .set_version(nest::version)
                               .set_license("MIT", "MIT")
                               .add_tag("Users", "Those who are registered"));
  app.listen_http(settings.http(), settings.http_adapter);
  return app.run();
}
