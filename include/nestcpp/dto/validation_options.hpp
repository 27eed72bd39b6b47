#pragma once
/// @file nestcpp/dto/validation_options.hpp
/// @brief How strictly a payload is read into a DTO; names and defaults are NestJS's `ValidationPipe` options.

#include <cstdint>

namespace nestcpp {

/// `message` of a refusal: a list of texts, or an object of path → texts (NestJS 12's `errorFormat`).
enum class validation_error_format : std::uint8_t { list, grouped };

struct validation_options {
  /// Unknown properties never reach a DTO, whatever this says; off, it only takes `forbid_non_whitelisted` out of
  /// force.
  bool whitelist = true;
  /// Refuse a payload with an unknown property: `property x should not exist`. Default: unknown properties are ignored.
  bool forbid_non_whitelisted = false;
  /// At most one message per property. All properties are looked at nevertheless.
  bool stop_at_first_error = false;
  /// Skip all rules but `is_defined()` for properties that are missing or null; such a member keeps its initialiser.
  bool skip_missing_properties = false;
  bool skip_undefined_properties = false;  ///< The same for missing properties only.
  bool skip_null_properties = false;       ///< The same for null only.
  /// Messages are empty texts, one per failure; texts given by `with_message` stay.
  bool dismiss_default_messages = false;
  /// Answer `{"message":"Bad Request","statusCode":400}`.
  bool disable_error_messages = false;
  validation_error_format error_format = validation_error_format::list;
  /// Arrays and objects within one another; a deeper text is refused as malformed. Bounds the stack of a reader.
  unsigned max_depth = 512;
};

}  // namespace nestcpp
