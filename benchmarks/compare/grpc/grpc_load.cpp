// The load of client_load.cpp with gRPC's callback API: K channels with a connection each, N calls at a time on each.

#include "echo.grpc.pb.h"
#include "support/load_options.hpp"

#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

namespace {

using bench_clock = std::chrono::steady_clock;
using nestcpp::bench::EchoDto;
using nestcpp::bench::EchoService;

class load {
 public:
  explicit load(const bench::load_options& options)
      : meter_{options}, running_{options.connections * options.in_flight} {
    for (int i = 0; i < options.connections; ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // or all channels would share one connection
      stubs_.push_back(EchoService::NewStub(grpc::CreateCustomChannel(options.host + ":" + std::to_string(options.port),
                                                                      grpc::InsecureChannelCredentials(), arguments)));
    }
    request_.set_first_name("Ada");
    request_.set_last_name("Lovelace");
    request_.set_email("ada.lovelace@example.com");
    request_.set_password("correct horse");
    for (auto& stub : stubs_) {
      for (int i = 0; i < options.in_flight; ++i) call(*stub);
    }
  }

  void report(const bench::load_options& options) {
    done_.get_future().get();
    meter_.report(options);
  }

 private:
  struct one_call {
    grpc::ClientContext context;
    EchoDto reply;
    bench_clock::time_point began = bench_clock::now();
  };

  void call(EchoService::Stub& stub) {
    auto started = std::make_shared<one_call>();
    stub.async()->Echo(
        &started->context, &request_, &started->reply, [this, &stub, started](const grpc::Status& status) {
          if (!status.ok() || started->reply.password() != request_.password()) {
            std::fprintf(stderr, "grpc_load: %s\n", status.ok() ? "not an echo" : status.error_message().c_str());
            std::_Exit(1);
          }
          const auto now = bench_clock::now();
          {
            const std::lock_guard lock{meter_mutex_};  // gRPC's callbacks run on several threads
            meter_.answered(started->began, now);
            if (meter_.over(now)) {
              if (--running_ == 0) done_.set_value();
              return;
            }
          }
          call(stub);
        });
  }

  EchoDto request_;
  std::vector<std::unique_ptr<EchoService::Stub>> stubs_;
  std::mutex meter_mutex_;
  bench::load_meter meter_;
  int running_;
  std::promise<void> done_;
};

}  // namespace

int main(int count, char** arguments) {
  bench::load_options options;
  for (int i = 1; i < count; i += 2) {
    if (i + 1 < count && options.take(arguments[i], arguments[i + 1])) continue;
    std::fprintf(stderr, "usage: grpc_load %s\n", bench::load_options::usage);
    return 2;
  }
  load{options}.report(options);
  return 0;
}
