#pragma once
/// @file nestcpp/module/config_module.hpp
/// @brief Configuration as providers: NestJS's ConfigModule.

#include <nestcpp/core/config.hpp>
#include <nestcpp/dto/load_config.hpp>
#include <nestcpp/module/module.hpp>

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace nestcpp {

/// Reads structs from the environment when it is made, and provides each, and the source, to every module:
/// @code
/// imports(nest::config_module<AppConfig>{source});
/// …
/// explicit UsersService(const AppConfig& config);
/// @endcode
template <dto... Configs>
class config_module : public module {
 public:
  /// @throws config_error naming every variable of all of them that cannot be used
  explicit config_module(config_source source) : config_module{source, load(source)} {}
  /// With what has been read already.
  config_module(config_source source, std::tuple<Configs...> configs) {
    global();
    (provide_value(std::get<Configs>(std::move(configs))), ...);
    provide_value(std::move(source));
    exports<Configs..., config_source>();
  }

 private:
  static std::tuple<Configs...> load(const config_source& source) {
    config_loader loader{source};
    std::tuple<Configs...> configs{loader.load<Configs>()...};
    loader.finish();
    return configs;
  }
};

/// The configuration of one feature, under a prefix of its own, for the module that imports it (NestJS's
/// `ConfigModule.forFeature(registerAs('mail', …))`); needs a config_module in the application:
/// `imports(nest::config_feature<MailConfig>{"MAIL"})` reads `MAIL_HOST`.
/// @par Exceptions At start, config_error for what cannot be used.
template <dto Config>
class config_feature : public module {
 public:
  explicit config_feature(std::string prefix = {}) {
    key(prefix);
    provide_factory<Config>(
        [prefix = std::move(prefix)](const config_source& source) { return load_config<Config>(source, {}, prefix); });
    exports<Config>();
  }
};

}  // namespace nestcpp
