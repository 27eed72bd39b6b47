#include "notification_service/notification_module.hpp"
#include "shared/settings.hpp"

#include <nestcpp/app/application.hpp>

int main(int argc, char** argv) {
  const Settings settings =
      load_settings({.service = "notification_service", .http_port = 4002, .tcp_port = 4003}, argc, argv);
  nest::application app{notifications::NotificationModule{settings}, settings.application()};
  app.connect_microservice(settings.tcp());
  app.listen_http(settings.http());
  return app.run();
}
