#pragma once
/// @file nestcpp/dto/rules/env.hpp
/// @brief Options of fields that are read from the environment; see nestcpp/dto/load_config.hpp. Elsewhere they say
/// nothing.

#include <string_view>

namespace nestcpp::rules {

/// The variable's name where it is not made from the field's: `env("PORT")`. Of a nested struct the beginning of its
/// variables' names (`env("DB")`: `DB_HOST`); empty: they have none.
struct env {
  static constexpr bool is_field_option = true;
  std::string_view env_name;
  constexpr explicit env(std::string_view name) : env_name{name} {}
};

/// The least duration or size that is accepted: `env_min(1ms)`. Default: 0.
template <class T>
struct env_min {
  static constexpr bool is_field_option = true;
  T env_least;
  constexpr explicit env_min(T limit) : env_least{limit} {}
};

/// The greatest duration or size that is accepted: `env_max(1h)`. Default: of variables in `_MS` about 24 days,
/// JavaScript's longest timer; of others what the member holds.
template <class T>
struct env_max {
  static constexpr bool is_field_option = true;
  T env_greatest;
  constexpr explicit env_max(T limit) : env_greatest{limit} {}
};

}  // namespace nestcpp::rules
