// HTTPS on both adapters, with cpp-httplib's client as the other end.
#include "support.hpp"
#include "support/files.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <cstdlib>
#include <thread>

namespace nestcpp::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class HttpServerTls : public adapter_test {
 protected:
  static void SetUpTestSuite() {
    made_ = new support::temporary_directory{};
    const std::string command = std::string{NESTCPP_MAKE_CERTIFICATES} + " " + made_->path().string();
    ASSERT_EQ(std::system(command.c_str()), 0) << support::read_file(made_->path() / "openssl.log");
  }
  static void TearDownTestSuite() { delete made_; }
  static std::string file(const std::string& name) { return (made_->path() / name).string(); }

  void SetUp() override {
    s.dispatcher.add_route(http_method::get, "/hello", text([](auto&) { return "hello"; }));
    s.dispatcher.add_route(http_method::post, "/size",
                           text([](http_context& c) { return std::to_string(c.request().body.size()); }));
    s.dispatcher.add_route(http_method::get, "/large", text([](auto&) { return std::string(3'000'000, 'x'); }));
  }
  void listen(std::chrono::milliseconds handshake_timeout = 10s) {
    http_server_options options;
    options.tls =
        tls_options{.cert = file("server.pem"), .key = file("server.key"), .handshake_timeout = handshake_timeout};
    s.listen(std::move(options), GetParam());
  }
  [[nodiscard]] std::unique_ptr<httplib::SSLClient> client(const std::string& authority = "ca.pem") const {
    auto made = std::make_unique<httplib::SSLClient>("127.0.0.1", s.server->port());
    made->set_ca_cert_path(file(authority).c_str());
    made->enable_server_certificate_verification(true);
    made->set_keep_alive(true);
    return made;
  }
  static inline support::temporary_directory* made_ = nullptr;
  service s{{.body_limit = 4'000'000}};
};

TEST_P(HttpServerTls, ServesSeveralRequestsOnAConnection) {
  listen();
  const auto caller = client();
  for (int i = 0; i < 20; ++i) {
    const auto got = caller->Get("/hello");
    ASSERT_TRUE(got) << httplib::to_string(got.error());
    EXPECT_EQ(got->body, "hello");
  }
}

TEST_P(HttpServerTls, TakesAndGivesLargeBodies) {
  listen();
  const auto caller = client();
  const auto sent = caller->Post("/size", std::string(3'000'000, 'y'), "text/plain");
  ASSERT_TRUE(sent) << httplib::to_string(sent.error());
  EXPECT_EQ(sent->body, "3000000");
  const auto got = caller->Get("/large");
  ASSERT_TRUE(got) << httplib::to_string(got.error());
  EXPECT_EQ(got->body.size(), 3'000'000U);
}

TEST_P(HttpServerTls, IsNotTrustedByStrangers) {
  listen();
  EXPECT_EQ(client("stranger-ca.pem")->Get("/hello").error(), httplib::Error::SSLServerVerification);
  EXPECT_TRUE(client()->Get("/hello"));
}

TEST_P(HttpServerTls, ClosesOnThoseWhoSpeakNoTlsOrNothingAtAll) {
  listen(100ms);
  auto plain = s.connect();
  plain.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_FALSE(plain.answers());
  auto silent = s.connect();
  EXPECT_FALSE(silent.answers());
  EXPECT_TRUE(client()->Get("/hello"));
}

TEST_P(HttpServerTls, NamesTheCertificateThatItCannotRead) {
  http_server_options options;
  options.tls = tls_options{.cert = file("none.pem"), .key = file("server.key")};
  s.kind = GetParam();
  const auto server = s.make_server(options);
  try {
    server->start();
    FAIL() << "it started";
  } catch (const startup_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("none.pem"));
  }
}

TEST_P(HttpServerTls, ClosesAtAnyTime) {
  listen();
  const auto idle = client();
  ASSERT_TRUE(idle->Get("/hello"));
  auto half = s.connect();
  s.server->close();
  EXPECT_FALSE(half.answers());
  EXPECT_FALSE(idle->Get("/hello"));
}

NESTCPP_ON_EACH_ADAPTER(HttpServerTls);

}  // namespace
}  // namespace nestcpp::test
