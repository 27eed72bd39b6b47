// The server that the message path is measured on: `echo` and `echo.text` behind the exception filter and the logging
// and timeout interceptors, as a service would have them; `echo.plain` with nothing around it.
//
//   echo_server [--port N] [--io-threads K]
//
// echo_server_counting is the same and answers `allocations` with the number of its heap allocations so far.

#include "echo/echo_contract.hpp"

#ifdef BENCH_COUNT_ALLOCATIONS
#include "support/counting_new.hpp"
#endif

#include <nestcpp/nestcpp.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace nest = nestcpp;

namespace {

class MicroserviceExceptionFilter : public nest::exception_filter {
 public:
  nest::error_response catch_exception(const std::exception& exception, nest::execution_context& context) override {
    return nest::default_error_response(exception, context);
  }
};

class EchoController {
  NEST_CONTROLLER(EchoController, use_filters<MicroserviceExceptionFilter>(),
                  use_interceptors<nest::logging_interceptor, nest::timeout_interceptor>());

 public:
  NEST_MESSAGE_PATTERN(echo, bench::echo_message);
  bench::EchoDto echo(bench::EchoDto dto) { return dto; }

  NEST_MESSAGE_PATTERN(text, bench::text_message);
  bench::TextDto text(bench::TextDto dto) { return dto; }
};

class PlainController {
  NEST_CONTROLLER(PlainController);

 public:
  NEST_MESSAGE_PATTERN(echo, bench::plain_message);
  bench::PlainDto echo(bench::PlainDto dto) { return dto; }
};

#ifdef BENCH_COUNT_ALLOCATIONS
class AllocationsController {
  NEST_CONTROLLER(AllocationsController);

 public:
  NEST_MESSAGE_PATTERN(count, bench::allocations_message);
  bench::AllocationsDto count(bench::AllocationsDto) { return {static_cast<double>(bench::allocations())}; }
};
#endif

struct EchoModule : nest::module {
  EchoModule() {
    provide_value(nest::timeout_options{});
    controllers<EchoController, PlainController>();
#ifdef BENCH_COUNT_ALLOCATIONS
    controllers<AllocationsController>();
#endif
  }
};

std::size_t number(const char* option, const char* text, std::size_t max) {
  std::size_t value = 0;
  const std::string_view given = text == nullptr ? "" : text;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
  if (error != std::errc{} || end != given.data() + given.size() || value > max) {
    std::fprintf(stderr, "%s takes a number from 0 to %zu\n", option, max);
    std::exit(2);
  }
  return value;
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t port = 3000;
  std::size_t io_threads = 1;
  for (int i = 1; i < count; i += 2) {
    const std::string_view option = arguments[i];
    const char* value = i + 1 < count ? arguments[i + 1] : nullptr;
    if (option == "--port") {
      port = number("--port", value, 65535);
    } else if (option == "--io-threads") {
      io_threads = number("--io-threads", value, 1024);
    } else {
      std::fprintf(stderr, "usage: echo_server [--port N] [--io-threads K]\n");
      return 2;
    }
  }
  nest::application app{EchoModule{}, {.io_threads = io_threads}};
  app.connect_microservice(nest::tcp_options{.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port)});
  return app.run();
}
