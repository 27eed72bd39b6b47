#include <nestcpp/module/config_module.hpp>

#include "unit/module/expect_startup_error.hpp"

#include <nestcpp/dto/dto.hpp>
#include <nestcpp/module/container.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using variables = std::map<std::string, std::string, std::less<>>;

struct ServerConfig {
  std::uint16_t port = 4000;
};
NEST_DTO(ServerConfig, NEST_FIELD(port));
struct LimitConfig {
  int limit = 10;
};
NEST_DTO(LimitConfig, NEST_FIELD(limit, min(1)));
struct MailConfig {
  std::string host = "localhost";
};
NEST_DTO(MailConfig, NEST_FIELD(host));

struct Mailer {
  Mailer(const MailConfig& mail, const ServerConfig& server) : host{mail.host}, port{server.port} {}
  std::string host;
  int port;
};
struct MailModule : nestcpp::module {
  MailModule() {
    imports(nestcpp::config_feature<MailConfig>{"MAIL"});
    provide<Mailer>();
    exports<Mailer>();
  }
};
struct AppModule : nestcpp::module {
  explicit AppModule(const variables& environment) {
    imports(nestcpp::config_module<ServerConfig, LimitConfig>{nestcpp::config_source{environment}}, MailModule{});
  }
};

TEST(ConfigModule, ProvidesItsStructsEverywhereAndFeaturesWhereTheyAreImported) {
  nestcpp::container container{AppModule{{{"PORT", "80"}, {"MAIL_HOST", "smtp"}, {"HOST", "other"}}}};
  container.build_all();
  EXPECT_EQ(container.resolve<Mailer>().host, "smtp");
  EXPECT_EQ(container.resolve<Mailer>().port, 80);
  EXPECT_EQ(container.resolve<LimitConfig>().limit, 10);
}

TEST(ConfigModule, NamesAllThatIsWrongInAllStructs) {
  try {
    const AppModule made{{{"PORT", "x"}, {"LIMIT", "0"}}};
    FAIL();
  } catch (const nestcpp::config_error& error) {
    EXPECT_THAT(error.problems(), ElementsAre("PORT=\"x\": a whole number from 0 to 65535 is accepted",
                                              "LIMIT=\"0\": a whole number from 1 to 2147483647 is accepted"));
  }
}

TEST(ConfigModule, AFeatureNeedsIt) {
  nestcpp::container container{MailModule{}};
  EXPECT_THAT(startup_error_of([&] { container.build_all(); }),
              HasSubstr("nestcpp::config_source is not provided in nestcpp::config_feature<MailConfig>(\"MAIL\")"));
}

}  // namespace
