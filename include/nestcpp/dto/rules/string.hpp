#pragma once
/// @file nestcpp/dto/rules/string.hpp
/// @brief class-validator's rules for strings. Lengths are in characters (code points).

#include <nestcpp/dto/rule_value.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>

namespace nestcpp::detail {

// validator.js's isEmail, isFQDN and isISO8601 with their default options, and isUUID.
[[nodiscard]] bool is_email_text(std::string_view text) noexcept;
[[nodiscard]] bool is_fqdn_text(std::string_view text) noexcept;
[[nodiscard]] bool is_iso8601_text(std::string_view text) noexcept;
// `version` 1 to 8; 0: any of them, and the nil and max UUIDs.
[[nodiscard]] bool is_uuid_text(std::string_view text, int version) noexcept;

}  // namespace nestcpp::detail

namespace nestcpp::rules {

struct is_string {
  static constexpr std::string_view key = "isString";
  static constexpr std::string_view text = "$property must be a string";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  constexpr bool check(const rule_value& value) const { return value.is_string(); }
};

struct min_length {
  static constexpr std::string_view key = "minLength";
  static constexpr std::string_view text = "$property must be longer than or equal to $constraint1 characters";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::size_t least;
  constexpr explicit min_length(std::size_t l) : least{l} {}
  constexpr bool check(const rule_value& value) const { return value.is_string() && value.length() >= least; }
  constexpr auto constraints() const { return std::tuple{least}; }
};

struct max_length {
  static constexpr std::string_view key = "maxLength";
  static constexpr std::string_view text = "$property must be shorter than or equal to $constraint1 characters";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::size_t most;
  constexpr explicit max_length(std::size_t m) : most{m} {}
  constexpr bool check(const rule_value& value) const {
    // There are never more characters than bytes.
    return value.is_string() && (value.text.size() <= most || value.length() <= most);
  }
  constexpr auto constraints() const { return std::tuple{most}; }
};

struct length {
  static constexpr std::string_view key = "isLength";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::size_t least;
  std::size_t most;
  constexpr length(std::size_t l, std::size_t m) : least{l}, most{m} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && value.length() >= least && value.length() <= most;
  }
  constexpr std::string_view text_for(const rule_value& value) const {
    const bool falsy = value.is_nullish() || (value.kind == json_kind::boolean && !value.boolean) ||
                       (value.is_number() && value.number == 0);
    if (falsy || (value.is_string() && (value.text.empty() || value.length() < least))) {
      return "$property must be longer than or equal to $constraint1 characters";
    }
    if (value.is_string()) return "$property must be shorter than or equal to $constraint2 characters";
    return "$property must be longer than or equal to $constraint1 and shorter than or equal to $constraint2 "
           "characters";
  }
  constexpr auto constraints() const { return std::tuple{least, most}; }
};

/// validator.js's isEmail with its default options.
struct is_email {
  static constexpr std::string_view key = "isEmail";
  static constexpr std::string_view text = "$property must be an email";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  constexpr bool check(const rule_value& value) const { return value.is_string() && detail::is_email_text(value.text); }
};

/// A domain name with a top-level domain.
struct is_fqdn {
  static constexpr std::string_view key = "isFqdn";
  static constexpr std::string_view text = "$property must be a valid domain name";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  constexpr bool check(const rule_value& value) const { return value.is_string() && detail::is_fqdn_text(value.text); }
};

/// A UUID of versions 1 to 8, nil or max; `is_uuid(4)`: of that version only.
struct is_uuid {
  static constexpr std::string_view key = "isUuid";
  static constexpr std::string_view text = "$property must be a UUID";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  int version = 0;
  constexpr is_uuid() = default;
  constexpr explicit is_uuid(int v) : version{v} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_uuid_text(value.text, version);
  }
};

/// ISO 8601 by its syntax: a date with or without a time and a zone.
struct is_iso8601 {
  static constexpr std::string_view key = "isIso8601";
  static constexpr std::string_view text = "$property must be a valid ISO 8601 date string";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_iso8601_text(value.text);
  }
};

/// The same under another name.
struct is_date_string {
  static constexpr std::string_view key = "isDateString";
  static constexpr std::string_view text = "$property must be a valid ISO 8601 date string";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_iso8601_text(value.text);
  }
};

struct contains {
  static constexpr std::string_view key = "contains";
  static constexpr std::string_view text = "$property must contain a $constraint1 string";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::string_view part;
  constexpr explicit contains(std::string_view p) : part{p} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && value.text.find(part) != std::string_view::npos;
  }
  constexpr auto constraints() const { return std::tuple{part}; }
};

struct not_contains {
  static constexpr std::string_view key = "notContains";
  static constexpr std::string_view text = "$property should not contain a $constraint1 string";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::string_view part;
  constexpr explicit not_contains(std::string_view p) : part{p} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && value.text.find(part) == std::string_view::npos;
  }
  constexpr auto constraints() const { return std::tuple{part}; }
};

}  // namespace nestcpp::rules
