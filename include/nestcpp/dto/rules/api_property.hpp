#pragma once
/// @file nestcpp/dto/rules/api_property.hpp
/// @brief NestJS's `@ApiProperty()`: what documents say about a field beside its type and rules.

#include <string_view>

namespace nestcpp::rules {

/// `NEST_FIELD(email, is_email(), api_property{.description = "Where the welcome goes", .example = "\"a@b.io\""})`.
/// Without effect on reading, writing and validation. Texts are literals.
struct api_property {
  static constexpr bool is_field_option = true;
  std::string_view description{};
  std::string_view example{};        ///< JSON; a text that is none is taken for a string.
  std::string_view default_value{};  ///< As `example`.
  bool deprecated = false;
};

}  // namespace nestcpp::rules
