// gRPC's counterpart of echo_server: the callback API, no validation, no interceptors.
//
//   grpc_server --port N

#include "echo.grpc.pb.h"

#include <cstdio>
#include <string>
#include <string_view>

#include <grpcpp/grpcpp.h>

namespace {

class echo_service final : public nestcpp::bench::EchoService::CallbackService {
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const nestcpp::bench::EchoDto* request,
                                 nestcpp::bench::EchoDto* reply) override {
    *reply = *request;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 || std::string_view{arguments[1]} != "--port") {
    std::fprintf(stderr, "usage: grpc_server --port N\n");
    return 2;
  }
  echo_service service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(std::string{"127.0.0.1:"} + arguments[2], grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (!server || port == 0) {
    std::fprintf(stderr, "grpc_server: cannot listen\n");
    return 1;
  }
  std::printf("listening tcp 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  server->Wait();
  return 0;
}
