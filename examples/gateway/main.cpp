#include "gateway/gateway_module.hpp"
#include "shared/settings.hpp"

#include <nestcpp/app/application.hpp>

int main(int argc, char** argv) {
  const Settings settings = load_settings({.service = "gateway", .http_port = 4004}, argc, argv);
  nest::application app{gateway::GatewayModule{settings}, settings.application()};
  app.use_global_pipes({{.whitelist = true, .forbid_non_whitelisted = true}});
  app.listen_http(settings.http());
  return app.run();
}
