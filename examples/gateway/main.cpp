#include "gateway/gateway_module.hpp"
#include "shared/settings.hpp"

#include <nestcpp/app/application.hpp>
#include <nestcpp/core/version.hpp>

int main(int argc, char** argv) {
  const Settings settings = load_settings({.service = "gateway", .http_port = 4004, .has_database = false}, argc, argv);
  nest::application app{gateway::GatewayModule{settings}, settings.application()};
  app.use_global_pipes({{.whitelist = true, .forbid_non_whitelisted = true}});
  app.enable_metrics();
  app.setup_swagger("api", nest::document_builder{}
                               .set_title("Gateway")
                               .set_description("Registers users and shows what became of their welcome.")
                               .set_version(nest::version)
                               .set_license("MIT", "MIT")
                               .add_tag("Registration", "New users")
                               .add_tag("Users", "Those who are registered")
                               .add_tag("Notifications", "What they were sent"));
  app.listen_http(settings.http(), settings.http_adapter);
  return app.run();
}
