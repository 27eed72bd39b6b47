// A service and a caller with TLS, both with certificates, for NestJS's `tlsOptions` on the other side. The folder is
// what tests/support/make_certificates.sh has made.
//
//   tls_peer serve <folder>                          answers `echo`; callers must show a certificate
//   tls_peer call <folder> <port> <name> <json>      calls `echo` as <name> ("nobody": without a certificate)

#include <nestcpp/nestcpp.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace nest = nestcpp;

namespace {

using echo_message = nest::message<"echo", nest::json_text, nest::json_text>;

class EchoController {
  NEST_CONTROLLER(EchoController);

 public:
  NEST_MESSAGE_PATTERN(echo, echo_message);
  nest::json_text echo(nest::json_text data) { return data; }
};

struct EchoModule : nest::module {
  EchoModule() { controllers<EchoController>(); }
};

int serve(const std::string& folder) {
  nest::application app{EchoModule{}, {.io_threads = 2}};
  nest::tls_options tls{.cert = folder + "/server.pem", .key = folder + "/server.key", .ca = folder + "/ca.pem"};
  tls.request_cert = true;
  app.connect_microservice(nest::tcp_options{.host = "127.0.0.1", .port = 0, .tls = tls});
  return app.run();
}

int call(const std::string& folder, int port, const std::string& name, std::string json) {
  nest::tls_options tls{.ca = folder + "/ca.pem"};
  if (name != "nobody") {
    tls.cert = folder + "/" + name + ".pem";
    tls.key = folder + "/" + name + ".key";
  }
  nest::runtime loops{{.io_threads = 1}};
  loops.start();
  const auto client = nest::make_tcp_client(
      loops, "echo-service",
      nest::tcp_client_options{.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port), .tls = tls});
  int status = 0;
  try {
    auto answer = boost::asio::co_spawn(loops.loop(0).executor(), client->send_text("echo", std::move(json), {}),
                                        boost::asio::use_future);
    std::puts(std::string{answer.get().text()}.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    status = 1;
  }
  client->close();
  loops.stop();
  loops.join();
  return status;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string mode = count > 2 ? arguments[1] : "";
  if (mode == "serve" && count == 3) return serve(arguments[2]);
  if (mode == "call" && count == 6) return call(arguments[2], std::atoi(arguments[3]), arguments[4], arguments[5]);
  std::fprintf(stderr, "usage: tls_peer serve <folder> | call <folder> <port> <name> <json>\n");
  return 2;
}
