// TLS between our server and our client: who is let in, who is refused and why, and what certificates may do.

#include "shop.hpp"
#include "support/files.hpp"
#include "support/socket.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace shop {
namespace {

namespace fs = std::filesystem;

class Tls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = new support::temporary_directory{};
    const std::string command = std::string{NESTCPP_MAKE_CERTIFICATES} + " " + made_->path().string();
    ASSERT_EQ(std::system(command.c_str()), 0) << support::read_file(made_->path() / "openssl.log");
  }
  static void TearDownTestSuite() { delete made_; }

  void SetUp() override { loops_.start(); }
  void TearDown() override {
    clients_.clear();
    server_.reset();
    loops_.stop();
    loops_.join();
  }

  static std::string file(const std::string& name) { return (made_->path() / name).string(); }
  // A server's certificate, or a caller's.
  static nest::tls_options identity(const std::string& name) {
    return {.cert = file(name + ".pem"), .key = file(name + ".key")};
  }
  static nest::tls_options trusting(const std::string& authority) { return {.ca = file(authority + ".pem")}; }

  void serve(std::optional<nest::tls_options> tls) {
    server_ = std::make_unique<nest::application>(OrdersModule{journal_}, nest::application_options{.io_threads = 2});
    server_->connect_microservice(nest::tcp_options{.host = "127.0.0.1", .port = 0, .tls = std::move(tls)});
    server_->start();
    const std::string& line = server_->listeners().front();
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }
  // Why the server does not start.
  std::string refused_start(nest::tls_options tls) {
    try {
      serve(std::move(tls));
    } catch (const nest::startup_error& error) {
      return error.what();
    }
    return "it started";
  }

  OrdersClient& client(std::optional<nest::tls_options> tls, std::string host = "127.0.0.1",
                       std::chrono::milliseconds connect_timeout = 5s) {
    auto proxy = nest::make_tcp_client(
        loops_, "order-service",
        {.host = std::move(host), .port = port_, .connect_timeout = connect_timeout, .tls = std::move(tls)});
    clients_.push_back(std::make_unique<OrdersClient>(std::move(proxy), OrdersClient::nest_client_().policy));
    return *clients_.back();
  }

  template <class T>
  T run(nest::task<T> work) {
    auto result = boost::asio::co_spawn(loops_.loop(0).executor(), std::move(work), boost::asio::use_future);
    if (result.wait_for(20s) != std::future_status::ready) {
      ADD_FAILURE() << "a call hangs";
      std::abort();
    }
    return result.get();
  }
  bool is_served(OrdersClient& by) { return run(by.create({"tea", 2})).count == 2; }
  // Why a call found no service; "served" where it did.
  std::string refusal(OrdersClient& by) {
    try {
      run(by.create({"tea", 2}));
    } catch (const nest::unavailable_exception& error) {
      return error.what();
    }
    return "served";
  }

  static inline support::temporary_directory* made_ = nullptr;
  Journal journal_;
  std::uint16_t port_ = 0;
  std::unique_ptr<nest::application> server_;
  nest::runtime loops_{{.io_threads = 1}};
  std::vector<std::unique_ptr<OrdersClient>> clients_;
};

using testing::HasSubstr;

TEST_F(Tls, CallsTravel) {
  serve(identity("server"));
  EXPECT_TRUE(is_served(client(trusting("ca"))));
  EXPECT_TRUE(is_served(client(trusting("ca"), "localhost"))) << "by name";
  const std::string item(3 << 20, 'x');
  EXPECT_EQ(run(client(trusting("ca")).create({item, 1})).item, item);
}

TEST_F(Tls, ManyCallsAtOnceAllGetTheirOwnAnswer) {
  serve(identity("server"));
  OrdersClient& caller = client(trusting("ca"));
  std::vector<std::future<Order>> answers;
  for (int i = 1; i <= 1000; ++i) {
    auto call = i % 2 == 0 ? caller.create({std::string(1000, 'n'), i}) : caller.create_later({"n", i});
    answers.push_back(boost::asio::co_spawn(loops_.loop(0).executor(), std::move(call), boost::asio::use_future));
  }
  for (int i = 1; i <= 1000; ++i) EXPECT_EQ(answers[static_cast<std::size_t>(i - 1)].get().count, i);
}

TEST_F(Tls, ServerOfAnUnknownAuthorityIsRefused) {
  serve(identity("stranger"));
  EXPECT_THAT(refusal(client(trusting("ca"))), HasSubstr("TLS handshake: certificate verify failed"));
  EXPECT_THAT(refusal(client(nest::tls_options{})), HasSubstr("certificate verify failed")) << "the system's";
  EXPECT_TRUE(is_served(client(nest::tls_options{.reject_unauthorized = false})));
}

TEST_F(Tls, ServerOfAnotherNameIsRefused) {
  serve(identity("elsewhere"));
  EXPECT_THAT(refusal(client(trusting("ca"))), HasSubstr("IP address mismatch"));
  EXPECT_THAT(refusal(client(trusting("ca"), "localhost")), HasSubstr("hostname mismatch"));
  auto named = trusting("ca");
  named.server_name = "elsewhere.example";
  EXPECT_TRUE(is_served(client(named)));
}

TEST_F(Tls, CallersAreAskedForTheirCertificate) {
  auto options = identity("server");
  options.ca = file("ca.pem");
  options.request_cert = true;
  serve(options);
  auto known = identity("client");
  known.ca = file("ca.pem");
  EXPECT_TRUE(is_served(client(known)));
  EXPECT_NE(refusal(client(trusting("ca"))), "served") << "without a certificate";
  auto stranger = identity("stranger");
  stranger.ca = file("ca.pem");
  EXPECT_NE(refusal(client(stranger)), "served") << "with one of an unknown authority";
  EXPECT_TRUE(is_served(client(known))) << "others are still served";
}

TEST_F(Tls, CertificatesThatAreAskedForNeedNotBeThere) {
  auto options = identity("server");
  options.request_cert = true;
  options.reject_unauthorized = false;
  serve(options);
  EXPECT_TRUE(is_served(client(trusting("ca"))));
  auto stranger = identity("stranger");
  stranger.ca = file("ca.pem");
  EXPECT_TRUE(is_served(client(stranger)));
}

TEST_F(Tls, PlainPeerOfATlsPortIsClosed) {
  serve(identity("server"));
  auto plain = support::tcp_stream::connect(port_);
  plain.send("36#{\"pattern\":\"order\",\"data\":1,\"id\":\"1\"}");
  EXPECT_NO_THROW(plain.receive_all()) << "ends, without hanging";
  EXPECT_NE(refusal(client(std::nullopt)), "served");
  EXPECT_TRUE(is_served(client(trusting("ca"))));
}

TEST_F(Tls, TlsPeerOfAPlainPortIsClosed) {
  serve(std::nullopt);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(refusal(client(trusting("ca"), "127.0.0.1", 15s)), HasSubstr("TLS handshake"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s) << "not only by the time limit";
  EXPECT_TRUE(is_served(client(std::nullopt)));
}

TEST_F(Tls, PeerThatDoesNotShakeHandsIsCut) {
  auto options = identity("server");
  options.handshake_timeout = 100ms;
  serve(options);
  auto silent = support::tcp_stream::connect(port_);
  auto halfway = support::tcp_stream::connect(port_);
  halfway.send(std::string{"\x16\x03\x01\x02\x00\x01\x00", 7});
  EXPECT_EQ(silent.receive_all(), "");
  EXPECT_EQ(halfway.receive_all(), "");
  EXPECT_TRUE(is_served(client(trusting("ca"))));
}

TEST_F(Tls, ServerThatDoesNotShakeHandsIsGivenUp) {
  support::tcp_listener silent;
  port_ = silent.port();
  EXPECT_THAT(refusal(client(trusting("ca"), "127.0.0.1", 100ms)), HasSubstr("no connection in time"));
}

TEST_F(Tls, ChangedFilesAreReadAgain) {
  const support::temporary_directory live;
  const auto install = [&live](const std::string& name) {
    fs::copy_file(file(name + ".pem"), live.path() / "tls.pem", fs::copy_options::overwrite_existing);
    fs::copy_file(file(name + ".key"), live.path() / "tls.key", fs::copy_options::overwrite_existing);
  };
  install("server");
  serve(nest::tls_options{.cert = live.path() / "tls.pem", .key = live.path() / "tls.key"});
  OrdersClient& before = client(trusting("ca"));
  ASSERT_TRUE(is_served(before));

  // Half of a change, or rubbish: the former certificates stay.
  std::ofstream{live.path() / "tls.pem"} << "rubbish";
  std::this_thread::sleep_for(1100ms);
  EXPECT_TRUE(is_served(client(trusting("ca"))));

  install("stranger");
  EXPECT_TRUE(support::eventually([&] { return refusal(client(trusting("stranger-ca"))) == "served"; }));
  EXPECT_THAT(refusal(client(trusting("ca"))), HasSubstr("certificate verify failed"));
  EXPECT_TRUE(is_served(before)) << "connections that exist go on";
}

TEST_F(Tls, PemMayStandInTheOptions) {
  serve(
      nest::tls_options{.cert = support::read_file(file("server.pem")), .key = support::read_file(file("server.key"))});
  EXPECT_TRUE(is_served(client(nest::tls_options{.ca = support::read_file(file("ca.pem"))})));
}

TEST_F(Tls, EncryptedKeyNeedsItsPassphrase) {
  nest::tls_options options{.cert = file("server.pem"), .key = file("encrypted.key")};
  EXPECT_THAT(refused_start(options), HasSubstr("the key is encrypted, and there is no passphrase"));
  options.passphrase = "open barley";
  EXPECT_THAT(refused_start(options), HasSubstr("is the passphrase right?"));
  options.passphrase = "open sesame";
  serve(options);
  EXPECT_TRUE(is_served(client(trusting("ca"))));
}

TEST_F(Tls, WhatIsWrongIsSaidAtStart) {
  const auto with = [](auto change) {
    auto options = identity("server");
    change(options);
    return options;
  };
  EXPECT_EQ(refused_start({}), "tls: cert is missing: a server needs a certificate and its key");
  EXPECT_EQ(refused_start({.cert = file("server.pem")}), "tls: key is missing: cert is given without its private key");
  EXPECT_EQ(refused_start(with([](auto& o) { o.cert = "/nowhere/cert.pem"; })),
            "tls: cert (/nowhere/cert.pem): No such file or directory");
  EXPECT_EQ(refused_start(with([](auto& o) { o.key = NESTCPP_MAKE_CERTIFICATES; })),
            "tls: key (" NESTCPP_MAKE_CERTIFICATES "): is not PEM, there is no \"-----BEGIN\" in it");
  EXPECT_EQ(
      refused_start(with([](auto& o) { o.cert = o.key; })),
      "tls: cert (" + file("server.key") + "): certificate 1 cannot be read: there is no \"-----BEGIN CERTIFICATE\"");
  EXPECT_EQ(
      refused_start(with([](auto& o) { o.key = file("client.key"); })),
      "tls: key (" + file("client.key") + "): does not belong to the certificate of cert (" + file("server.pem") + ")");
  EXPECT_EQ(refused_start(with([](auto& o) { o.request_cert = true; })),
            "tls: ca is missing: request_cert needs the authorities whose certificates are accepted");
  EXPECT_THAT(refused_start(with([](auto& o) { o.ciphers = "no such cipher"; })), HasSubstr("no such cipher"));
  EXPECT_THROW(client(trusting("nobody")), nest::startup_error);
}

}  // namespace
}  // namespace shop
