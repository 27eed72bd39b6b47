#pragma once
/// @file nestcpp/dto/load_config.hpp
/// @brief Configuration as a struct: a DTO whose fields are read from the environment, with the rules of any DTO.
///
/// @code
/// struct DatabaseConfig {
///   std::string host = "127.0.0.1";
///   std::uint16_t port = 5432;
///   nest::secret<std::string> password;
/// };
/// NEST_DTO(DatabaseConfig, NEST_FIELD(host), NEST_FIELD(port, min(1)), NEST_FIELD(password, is_not_empty()));
/// struct AppConfig {
///   std::uint16_t httpPort = 4000;             // HTTP_PORT
///   std::chrono::milliseconds timeout{5000};   // TIMEOUT=5s
///   DatabaseConfig db;                         // DB_HOST, DB_PORT, DB_PASSWORD or DB_PASSWORD_FILE
/// };
/// NEST_DTO(AppConfig, NEST_FIELD(httpPort), NEST_FIELD(timeout, env_min(1ms)), NEST_FIELD(db));
///
/// auto config = nest::load_config<AppConfig>(source);
/// @endcode
///
/// A variable is called as its field in JSON, in capitals with `_` between words, with its struct's in front;
/// `env("…")` says another name. What is not set keeps its initialiser's value, which must fit the rules too;
/// `is_defined()` and `is_not_empty()` make a variable necessary. Types: see nestcpp/dto/config_codec.hpp,
/// `std::optional`, `secret`, and structs with a NEST_DTO. A duration whose variable ends in `_MS` is digits alone.
/// Where `NAME` is not set and `NAME_FILE` is, the value is that file's text.

#include <nestcpp/core/config.hpp>
#include <nestcpp/dto/config_codec.hpp>
#include <nestcpp/dto/detail/config_field.hpp>
#include <nestcpp/dto/dto.hpp>
#include <nestcpp/dto/secret.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp {

/// Reads several structs, and reports all that is wrong with them at once. `load_config` is the short form for one.
class config_loader {
 public:
  /// @param source must outlive the loader
  explicit config_loader(const config_source& source) : source_{&source}, problems_{source.problems()} {}

  /// @param defaults what holds where nothing is set
  /// @param prefix of all variables: "DB" for `DB_HOST`
  template <dto T>
  [[nodiscard]] T load(T defaults = {}, std::string_view prefix = {}) {
    read(defaults, detail::prefix_of(prefix));
    return defaults;
  }

  /// Notes that a variable cannot be used; for what only the caller can judge.
  /// @param accepted completes "… is accepted"
  void refuse(std::string_view name, std::string_view accepted);

  /// @throws config_error if anything was wrong, here or in the source
  void finish() const;

 private:
  template <dto T>
  void read(T& out, const std::string& prefix) {
    for_each_field<T>([&](const auto& field) {
      auto& member = out.*(field.member);
      using value = std::remove_cvref_t<decltype(member)>;
      if constexpr (dto<value>) {
        read(member, detail::prefix_of(detail::env_name_of(prefix, field)));
      } else {
        detail::config_field<value>::read(*source_, detail::env_name_of(prefix, field), field.rules, member, problems_);
      }
    });
  }

  const config_source* source_;
  std::vector<std::string> problems_;
};

/// @throws config_error with a line for each variable that cannot be used: `HTTP_PORT="70000": a whole number from 0 to
/// 65535 is accepted`. Secrets are shown as `***`: what is a `secret`, and texts of variables whose name contains
/// PASSWORD, SECRET, TOKEN or KEY
template <dto T>
[[nodiscard]] T load_config(const config_source& source, T defaults = {}, std::string_view prefix = {}) {
  config_loader loader{source};
  T config = loader.load(std::move(defaults), prefix);
  loader.finish();
  return config;
}

/// One variable: for help texts and start-up logs.
struct config_variable {
  std::string name;
  std::string value;     ///< `***` for a secret that is set, empty for what is not set
  std::string accepted;  ///< "a whole number from 0 to 65535"
};

/// All variables of a struct, in the order of its fields, with the values it has.
template <dto T>
[[nodiscard]] std::vector<config_variable> config_variables(const T& config, std::string_view prefix = {}) {
  std::vector<config_variable> all;
  detail::add_variables(all, config, detail::prefix_of(prefix));
  return all;
}

/// `NAME=value` a line, secrets masked: what a service says of itself at its start.
[[nodiscard]] std::string format_config(const std::vector<config_variable>& variables);
/// A table of names, values (defaults) and what is accepted: for `--help`.
[[nodiscard]] std::string format_config_help(const std::vector<config_variable>& variables);

template <dto T>
[[nodiscard]] std::string describe_config(const T& config, std::string_view prefix = {}) {
  return format_config(config_variables(config, prefix));
}

}  // namespace nestcpp
