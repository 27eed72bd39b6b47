// The trivial route that HTTP is measured on: `GET /hello` answers a text.
//
//   http_server <port> <httplib|beast>

#include <nestcpp/nestcpp.hpp>

#include <cstdlib>
#include <string>
#include <string_view>

namespace nest = nestcpp;

namespace {

class HelloController {
  NEST_CONTROLLER(HelloController);

 public:
  NEST_GET(hello, "/hello");
  std::string hello() { return "hello"; }
};

struct HelloModule : nest::module {
  HelloModule() { controllers<HelloController>(); }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  nest::configure_logging({.level = nest::log_level::warn});
  nest::application app{HelloModule{}, {.io_threads = 1}};
  app.listen_http({.port = static_cast<std::uint16_t>(std::atoi(argv[1]))},
                  std::string_view{argv[2]} == "beast" ? nest::http_adapter::beast : nest::http_adapter::httplib);
  return app.run();
}
