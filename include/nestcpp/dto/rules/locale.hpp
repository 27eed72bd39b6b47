#pragma once
/// @file nestcpp/dto/rules/locale.hpp
/// @brief validator.js's rules for codes of countries and languages, and for what differs between them.

#include <nestcpp/dto/detail/locale_names.hpp>
#include <nestcpp/dto/detail/text_rule.hpp>
#include <nestcpp/dto/rule_value.hpp>
#include <nestcpp/dto/rules/text_list.hpp>

#include <stdexcept>
#include <string_view>

namespace nestcpp::detail {

[[nodiscard]] bool is_iso4217_text(std::string_view text);
[[nodiscard]] bool is_iso31661_alpha2_text(std::string_view text);
[[nodiscard]] bool is_iso31661_alpha3_text(std::string_view text);
[[nodiscard]] bool is_iso31661_numeric_text(std::string_view text);
[[nodiscard]] bool is_iso6391_text(std::string_view text);
[[nodiscard]] bool is_locale_text(std::string_view text);
[[nodiscard]] bool is_time_zone_text(std::string_view text);
[[nodiscard]] bool is_mobile_phone_text(std::string_view text, const rules::text_list& locales, bool strict_mode);
[[nodiscard]] bool is_postal_code_text(std::string_view text, std::string_view country);
[[nodiscard]] bool is_passport_number_text(std::string_view text, std::string_view country);

}  // namespace nestcpp::detail

namespace nestcpp::rules {

/// `EUR`, in either case.
struct is_iso4217_currency_code : detail::text_rule<&detail::is_iso4217_text> {
  static constexpr std::string_view key = "isISO4217CurrencyCode";
  static constexpr std::string_view text = "$property must be a valid ISO4217 currency code";
};

/// A country such as `NZ`, in either case.
struct is_iso31661_alpha2 : detail::text_rule<&detail::is_iso31661_alpha2_text> {
  static constexpr std::string_view key = "isISO31661Alpha2";
  static constexpr std::string_view text = "$property must be a valid ISO31661 Alpha2 code";
};

/// A country such as `NZL`, in either case.
struct is_iso31661_alpha3 : detail::text_rule<&detail::is_iso31661_alpha3_text> {
  static constexpr std::string_view key = "isISO31661Alpha3";
  static constexpr std::string_view text = "$property must be a valid ISO31661 Alpha3 code";
};

/// A country such as `554`.
struct is_iso31661_numeric : detail::text_rule<&detail::is_iso31661_numeric_text> {
  static constexpr std::string_view key = "isISO31661Numeric";
  static constexpr std::string_view text = "$property must be a valid ISO 3166-1 numeric country code";
};

/// A language such as `mi`, in lower case.
struct is_iso6391 : detail::text_rule<&detail::is_iso6391_text> {
  static constexpr std::string_view key = "isISO6391";
  static constexpr std::string_view text = "$property must be a valid ISO 639-1 language code";
};

/// A language tag by its form: `en`, `de-AT`, `zh-Hant_TW`.
struct is_locale : detail::text_rule<&detail::is_locale_text> {
  static constexpr std::string_view key = "isLocale";
  static constexpr std::string_view text = "$property must be locale";
};

/// A name of the IANA time zone database, in either case: `Europe/Vienna`.
struct is_time_zone : detail::text_rule<&detail::is_time_zone_text> {
  static constexpr std::string_view key = "isTimeZone";
  static constexpr std::string_view text = "$property must be a valid IANA time-zone";
};

struct mobile_phone_options {
  bool strict_mode = false;  ///< The number must begin with `+`.
};

/// A mobile phone number of any known locale, of one (`is_mobile_phone("de-DE")`), or of one of several
/// (`is_mobile_phone(text_list{"de-DE", "de-AT"})`).
struct is_mobile_phone {
  static constexpr std::string_view key = "isMobilePhone";
  static constexpr std::string_view text = "$property must be a phone number";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  text_list locales{};
  bool strict_mode = false;
  constexpr is_mobile_phone() = default;
  constexpr explicit is_mobile_phone(std::string_view locale, mobile_phone_options o = {})
      : is_mobile_phone{locale == "any" ? text_list{} : text_list{locale}, o} {}
  constexpr explicit is_mobile_phone(text_list of, mobile_phone_options o = {})
      : locales{of}, strict_mode{o.strict_mode} {
    for (const std::string_view locale : of) {
      if (!detail::has_word(detail::phone_locale_names, locale)) {
        throw std::invalid_argument{
            "nestcpp: is_mobile_phone(locale) does not know this locale; see docs/validation-rules.md"};
      }
    }
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_mobile_phone_text(value.text, locales, strict_mode);
  }
};

/// A postal code: `is_postal_code("DE")`, or `"any"` for one of any known country.
struct is_postal_code {
  static constexpr std::string_view key = "isPostalCode";
  static constexpr std::string_view text = "$property must be a postal code";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::string_view country;
  constexpr explicit is_postal_code(std::string_view c) : country{c} {
    if (c != "any" && !detail::has_word(detail::postal_country_names, c)) {
      throw std::invalid_argument{
          "nestcpp: is_postal_code(country) does not know this country; see docs/validation-rules.md"};
    }
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_postal_code_text(value.text, country);
  }
};

/// A passport's number: `is_passport_number("DE")`; white space and case do not count.
struct is_passport_number {
  static constexpr std::string_view key = "isPassportNumber";
  static constexpr std::string_view text = "$property must be valid passport number";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::string_view country;
  constexpr explicit is_passport_number(std::string_view c) : country{c} {
    if (!detail::has_word(detail::passport_country_names, c)) {
      throw std::invalid_argument{
          "nestcpp: is_passport_number(country) does not know this country; see docs/validation-rules.md"};
    }
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_passport_number_text(value.text, country);
  }
};

}  // namespace nestcpp::rules
