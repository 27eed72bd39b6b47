#pragma once
/// @file nestcpp/dto/rules/string.hpp
/// @brief class-validator's rules for strings. Lengths are in characters (code points).

#include <nestcpp/dto/detail/text_rule.hpp>
#include <nestcpp/dto/rule_value.hpp>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace nestcpp::rules {
struct strong_password_options;
}

namespace nestcpp::detail {

// validator.js's isISO8601 with its options, and isUUID.
[[nodiscard]] bool is_iso8601_text(std::string_view text, bool strict = false, bool strict_separator = false) noexcept;
// `version` 1 to 8; 0: any of them, and the nil and max UUIDs; uuid_loose: the form only.
inline constexpr int uuid_loose = 9;
[[nodiscard]] bool is_uuid_text(std::string_view text, int version) noexcept;
// UTF-16 units; half a surrogate pair is one.
[[nodiscard]] std::size_t unit_count(std::string_view text);
[[nodiscard]] bool is_boolean_string_text(std::string_view text);
[[nodiscard]] bool is_strong_password_text(std::string_view text, const rules::strong_password_options& options);

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
  // class-validator looks at the value's `length` in JavaScript here: UTF-16 units, or an array's items.
  constexpr std::string_view text_for(const rule_value& value) const {
    const bool falsy = value.is_nullish() || (value.kind == json_kind::boolean && !value.boolean) ||
                       (value.is_number() && value.number == 0) || (value.is_string() && value.text.empty());
    const bool has_length = value.is_string() || value.is_array();
    const std::size_t own = value.is_string() ? detail::unit_count(value.text) : value.size;
    if (falsy || (has_length && own < least)) {
      return "$property must be longer than or equal to $constraint1 characters";
    }
    if (has_length && own > most) return "$property must be shorter than or equal to $constraint2 characters";
    return "$property must be longer than or equal to $constraint1 and shorter than or equal to $constraint2 "
           "characters";
  }
  constexpr auto constraints() const { return std::tuple{least, most}; }
};

/// A UUID of versions 1 to 8, nil or max; `is_uuid(4)`: of that version only, `is_uuid(4, 7)`: of one of these;
/// `is_uuid("loose")`: whatever the version.
struct is_uuid {
  static constexpr std::string_view key = "isUuid";
  static constexpr std::string_view text = "$property must be a UUID";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::array<int, 3> versions{};
  constexpr is_uuid() = default;
  constexpr explicit is_uuid(int v) : is_uuid{v, v, v} {}
  constexpr is_uuid(int a, int b) : is_uuid{a, b, b} {}
  constexpr is_uuid(int a, int b, int c) : versions{a, b, c} {
    for (const int v : versions) {
      if (v < 1 || v > 8) throw std::invalid_argument{"nestcpp: is_uuid(version): 1 to 8, \"all\" or \"loose\""};
    }
  }
  constexpr explicit is_uuid(std::string_view name) {
    if (name == "all") return;
    if (name != "loose") throw std::invalid_argument{"nestcpp: is_uuid(version): 1 to 8, \"all\" or \"loose\""};
    versions = {detail::uuid_loose, detail::uuid_loose, detail::uuid_loose};
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && (detail::is_uuid_text(value.text, versions[0]) ||
                                 (versions[1] != versions[0] && detail::is_uuid_text(value.text, versions[1])) ||
                                 (versions[2] != versions[1] && detail::is_uuid_text(value.text, versions[2])));
  }
};

struct iso8601_options {
  bool strict = false;            ///< The day must exist: no 2009-02-31.
  bool strict_separator = false;  ///< Only `T` between date and time.
};

/// ISO 8601 by its syntax: a date with or without a time and a zone.
struct is_iso8601 {
  static constexpr std::string_view key = "isIso8601";
  static constexpr std::string_view text = "$property must be a valid ISO 8601 date string";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  iso8601_options options{};
  constexpr is_iso8601() = default;
  constexpr explicit is_iso8601(iso8601_options o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_iso8601_text(value.text, options.strict, options.strict_separator);
  }
};

/// The same under another name.
struct is_date_string : is_iso8601 {
  static constexpr std::string_view key = "isDateString";
  using is_iso8601::is_iso8601;
};

/// `true`, `false`, `1` or `0` as text.
struct is_boolean_string : detail::text_rule<&detail::is_boolean_string_text> {
  static constexpr std::string_view key = "isBooleanString";
  static constexpr std::string_view text = "$property must be a boolean string";
};

struct strong_password_options {
  std::size_t min_length = 8;  ///< In UTF-16 units.
  std::size_t min_lowercase = 1;
  std::size_t min_uppercase = 1;
  std::size_t min_numbers = 1;
  std::size_t min_symbols = 1;  ///< Of ASCII, a blank among them, and `£`.
};

/// A password with enough characters of each kind; letters and digits of ASCII count.
struct is_strong_password {
  static constexpr std::string_view key = "isStrongPassword";
  static constexpr std::string_view text = "$property is not strong enough";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  strong_password_options options{};
  constexpr is_strong_password() = default;
  constexpr explicit is_strong_password(strong_password_options o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_strong_password_text(value.text, options);
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
