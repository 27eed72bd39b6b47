#pragma once
/// @file nestcpp/dto/validation_options.hpp
/// @brief How strictly a payload is read into a DTO; names and defaults are NestJS's `ValidationPipe` options.

#include <nestcpp/dto/exception_factory.hpp>
#include <nestcpp/dto/group_list.hpp>

#include <cstddef>
#include <cstdint>

namespace nestcpp {

/// `message` of a refusal: a list of texts, or an object of path → texts (NestJS 12's `errorFormat`).
enum class validation_error_format : std::uint8_t { list, grouped };

/// What the errors that an `exception_factory` is given hold beside their messages.
struct validation_error_options {
  bool target = false;  ///< The object that the property belongs to.
  bool value = true;    ///< What was sent.
};

/// class-transformer's options, as far as they concern reading.
struct transform_settings {
  /// Values of another kind are converted to the member's, in all fields, as `convert()` does it in one.
  bool enable_implicit_conversion = false;
  /// Fields with `expose({.groups = …})` are read only where they share a group with these.
  group_list groups{};
  /// Fields with `expose({.since = …, .until = …})` are read only where the version fits; 0: versions do not matter.
  double version = 0;
};

struct validation_options {
  /// Unknown properties never reach a DTO, whatever this says; off, it takes `forbid_non_whitelisted` out of force.
  /// With `groups`, it also leaves out properties none of whose rules is in force, as class-validator does.
  bool whitelist = true;
  /// Refuse a payload with an unknown property: `property x should not exist`. Default: unknown properties are ignored.
  bool forbid_non_whitelisted = false;
  /// Refuse a DTO that has no rule in force: `an unknown value was passed to the validate function`.
  bool forbid_unknown_values = false;
  /// At most one message per property. All properties are looked at nevertheless.
  bool stop_at_first_error = false;
  /// Skip all rules but `is_defined()` for properties that are missing or null; such a member keeps its initialiser.
  bool skip_missing_properties = false;
  bool skip_undefined_properties = false;  ///< The same for missing properties only.
  bool skip_null_properties = false;       ///< The same for null only.
  /// Only rules with one of these groups are in force, and those that are `always(…)`. Empty: all rules are.
  group_list groups{};
  bool always = false;         ///< Rules without groups are in force with `groups` too.
  bool strict_groups = false;  ///< Without `groups`, rules that have some are not in force.
  /// Rules' messages are empty texts, one per failure; texts given by `with_message` stay, as do, with class-validator,
  /// `property x should not exist` and `nested property x must be either object or array`.
  bool dismiss_default_messages = false;
  /// Answer `{"message":"Bad Request","statusCode":400}`.
  bool disable_error_messages = false;
  validation_error_format error_format = validation_error_format::list;
  /// The status of a refusal, any that has an exception class of its own (400, 422, …).
  int error_http_status_code = 400;
  /// Characters of all messages together; what goes beyond becomes one `Further validation errors were omitted`.
  std::size_t max_error_messages_length = 1'000'000;
  validation_error_options validation_error{};
  /// What is thrown instead of `validation_exception`.
  nestcpp::exception_factory exception_factory{};
  transform_settings transform_options{};
  /// Arrays and objects within one another; a deeper text is refused as malformed. Bounds the stack of a reader.
  unsigned max_depth = 512;

  /// Whether rules cannot be checked while reading, because which of them hold depends on the options. Such a payload
  /// is made a document first, which takes several times as long.
  [[nodiscard]] constexpr bool choose_rules() const noexcept {
    return !groups.empty() || strict_groups || forbid_unknown_values;
  }
};

/// All defaults.
inline constexpr validation_options default_validation_options{};

}  // namespace nestcpp
