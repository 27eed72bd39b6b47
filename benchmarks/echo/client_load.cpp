// A load for `echo_server` through the typed client, as a service would call it: K clients with a connection each, N
// calls at a time on each, all on one loop.
//
//   client_load [--host H] [--port N] [--connections K] [--in-flight N] [--warm-up S] [--seconds S] [--json yes]
//
// Prints messages per second, latency percentiles and heap allocations per call; exit status 1 if a call failed.

#include "echo/echo_contract.hpp"
#include "support/counting_new.hpp"
#include "support/load_options.hpp"

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/transports/tcp/tcp_client.hpp>
#include <nestcpp/messaging/typed_client.hpp>

#include <boost/asio/co_spawn.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <future>
#include <memory>
#include <vector>

namespace {

namespace nest = nestcpp;
using bench_clock = std::chrono::steady_clock;

class EchoClient : public nest::typed_client {
  NEST_CLIENT(EchoClient, "echo-service");

 public:
  NEST_SEND(echo, bench::echo_message);
};

class load {
 public:
  load(const bench::load_options& options, nest::runtime& run) : options_{options}, run_{run}, meter_{options} {
    for (int i = 0; i < options.connections; ++i) {
      auto proxy = nest::make_tcp_client(run, "echo-service",
                                         {.host = options.host, .port = static_cast<std::uint16_t>(options.port)});
      clients_.push_back(std::make_unique<EchoClient>(std::move(proxy), EchoClient::nest_client_().policy));
    }
  }

  void start() {
    for (const auto& client : clients_) {
      for (int i = 0; i < options_.in_flight; ++i) {
        boost::asio::co_spawn(run_.loop(0).executor(), call(*client), [this](const std::exception_ptr& failure) {
          if (failure) failure_ = failure;
          if (--running_ == 0) done_.set_value();
        });
      }
    }
  }

  void report() {
    done_.get_future().get();
    if (failure_) std::rethrow_exception(failure_);
    meter_.report(options_, static_cast<double>(allocations_) / static_cast<double>(meter_.count()));
  }

 private:
  nest::task<void> call(EchoClient& client) {
    const bench::EchoDto sent{"Ada", "Lovelace", "ada.lovelace@example.com", "correct horse"};
    for (auto now = bench_clock::now(); !meter_.over(now);) {
      const auto began = now;
      const bench::EchoDto answer = co_await client.echo(sent);
      if (answer.password != sent.password) throw std::runtime_error{"not an echo"};
      now = bench_clock::now();
      count_allocations(now);
      meter_.answered(began, now);
    }
  }

  // The DTOs of the measured code itself are part of it: a caller has them too.
  void count_allocations(bench_clock::time_point now) {
    if (!meter_.counting(now)) {
      before_ = bench::allocations();
    } else {
      allocations_ = bench::allocations() - before_;
    }
  }

  const bench::load_options& options_;
  nest::runtime& run_;
  bench::load_meter meter_;
  std::vector<std::unique_ptr<EchoClient>> clients_;
  std::uint64_t before_ = 0, allocations_ = 0;
  int running_ = options_.connections * options_.in_flight;
  std::exception_ptr failure_;
  std::promise<void> done_;
};

}  // namespace

int main(int count, char** arguments) {
  bench::load_options options;
  for (int i = 1; i < count; i += 2) {
    if (i + 1 < count && options.take(arguments[i], arguments[i + 1])) continue;
    std::fprintf(stderr, "usage: client_load %s\n", bench::load_options::usage);
    return 2;
  }
  nest::runtime run{{.io_threads = 1}};
  run.start();
  load calls{options, run};
  calls.start();
  try {
    calls.report();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "client_load: %s\n", error.what());
    return 1;
  }
  run.stop();
  run.join();
  return 0;
}
