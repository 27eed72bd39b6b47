#include "shared/settings.hpp"
#include "user_service/user_module.hpp"

#include <nestcpp/app/application.hpp>

int main(int argc, char** argv) {
  const Settings settings = load_settings({.service = "user_service", .http_port = 4000, .tcp_port = 4001}, argc, argv);
  nest::application app{users::UserModule{settings}, settings.application()};
  app.use_global_pipes({{.whitelist = true, .forbid_non_whitelisted = true}});
  app.connect_microservice(settings.tcp());
  app.listen_http(settings.http());
  return app.run();
}
