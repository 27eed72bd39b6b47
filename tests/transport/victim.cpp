// victim [--port N] [--io-threads K]: see victim.hpp.

#include "victim.hpp"

#include <cstdlib>
#include <cstring>

int main(int count, char** arguments) {
  int port = 0, threads = 1;
  for (int i = 1; i + 1 < count; i += 2) {
    if (std::strcmp(arguments[i], "--port") == 0) port = std::atoi(arguments[i + 1]);
    if (std::strcmp(arguments[i], "--io-threads") == 0) threads = std::atoi(arguments[i + 1]);
  }
  victim::Counters counters;
  nestcpp::application app{victim::Service{counters}, {.io_threads = static_cast<std::size_t>(threads)}};
  app.connect_microservice(nestcpp::tcp_options{.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port)});
  return app.run();
}
