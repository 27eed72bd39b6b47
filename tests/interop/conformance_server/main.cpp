// A service with the handlers that NestJS's sessions were recorded with (tests/data/nestjs_tcp_vectors.jsonl), so that
// they can be replayed.
//
//   conformance_server [--port N] [--host H] [--io-threads K] [--max-buffer-size UNITS]
//                      [--incomplete-message-timeout MILLISECONDS]

#include "errors_controller.hpp"
#include "events_controller.hpp"
#include "filters_controller.hpp"
#include "patterns_controller.hpp"
#include "streams_controller.hpp"
#include "values_controller.hpp"

#include <nestcpp/nestcpp.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

namespace nest = nestcpp;

struct ConformanceModule : nest::module {
  ConformanceModule() {
    provide<conformance::Notes>();
    controllers<conformance::ValuesController, conformance::PatternsController, conformance::StreamsController,
                conformance::ErrorsController, conformance::FiltersController, conformance::EventsController>();
  }
};

template <class Number>
Number number(std::string_view option, std::string_view text, Number max) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > max) {
    std::fprintf(stderr, "%.*s takes a number from 0 to %lld\n", static_cast<int>(option.size()), option.data(),
                 static_cast<long long>(max));
    std::exit(2);
  }
  return value;
}

}  // namespace

int main(int count, char** arguments) {
  nest::tcp_options tcp{.host = "127.0.0.1"};
  std::size_t io_threads = 0;
  for (int i = 1; i < count; i += 2) {
    const std::string_view option = arguments[i];
    const std::string_view value = i + 1 < count ? arguments[i + 1] : "";
    if (option == "--port") {
      tcp.port = static_cast<std::uint16_t>(number<long>(option, value, 65535));
    } else if (option == "--host") {
      tcp.host = value;
    } else if (option == "--io-threads") {
      io_threads = static_cast<std::size_t>(number<long>(option, value, 1024));
    } else if (option == "--max-buffer-size") {
      tcp.max_buffer_size = static_cast<std::size_t>(number<long>(option, value, 1L << 40));
    } else if (option == "--incomplete-message-timeout") {
      tcp.incomplete_message_timeout = std::chrono::milliseconds{number<long>(option, value, 86'400'000)};
    } else {
      std::fprintf(stderr,
                   "usage: conformance_server [--port N] [--host H] [--io-threads K] [--max-buffer-size UNITS] "
                   "[--incomplete-message-timeout MILLISECONDS]\n");
      return 2;
    }
  }
  nest::application app{ConformanceModule{}, {.io_threads = io_threads}};
  nest::validation_pipe validation;
  validation.max_depth = 4000;  // about where Node's JSON.stringify gives up
  app.use_global_pipes(validation).nestjs_compatible_errors().connect_microservice(std::move(tcp));
  return app.run();
}
