#pragma once
/// @file nestcpp/dto/rules/identifier.hpp
/// @brief validator.js's rules for numbers of things: bank accounts, cards, books, goods, versions.

#include <nestcpp/dto/detail/text_rule.hpp>
#include <nestcpp/dto/rule_value.hpp>
#include <nestcpp/dto/rules/text_list.hpp>

#include <stdexcept>
#include <string_view>

namespace nestcpp::detail {

[[nodiscard]] bool is_bic_text(std::string_view text);
[[nodiscard]] bool is_btc_address_text(std::string_view text);
[[nodiscard]] bool is_ean_text(std::string_view text);
[[nodiscard]] bool is_ethereum_address_text(std::string_view text);
[[nodiscard]] bool is_isin_text(std::string_view text);
[[nodiscard]] bool is_isrc_text(std::string_view text);
[[nodiscard]] bool is_sem_ver_text(std::string_view text);
[[nodiscard]] bool is_hsl_text(std::string_view text);
[[nodiscard]] bool is_military_time_text(std::string_view text);
[[nodiscard]] bool is_rfc3339_text(std::string_view text);
[[nodiscard]] bool is_credit_card_text(std::string_view text, std::string_view provider);
[[nodiscard]] bool is_iban_text(std::string_view text, const rules::text_list& only, const rules::text_list& without);
[[nodiscard]] bool is_isbn_text(std::string_view text, int version);
[[nodiscard]] bool is_issn_text(std::string_view text, bool case_sensitive, bool require_hyphen);
[[nodiscard]] bool is_hex_color_text(std::string_view text);
[[nodiscard]] bool is_rgb_color_text(std::string_view text, bool percent);

}  // namespace nestcpp::detail

namespace nestcpp::rules {

/// A bank's code of 8 or 11 characters with a known country.
struct is_bic : detail::text_rule<&detail::is_bic_text> {
  static constexpr std::string_view key = "isBIC";
  static constexpr std::string_view text = "$property must be a BIC or SWIFT code";
};

/// A Bitcoin address by its form; its checksum is not verified.
struct is_btc_address : detail::text_rule<&detail::is_btc_address_text> {
  static constexpr std::string_view key = "isBtcAddress";
  static constexpr std::string_view text = "$property must be a BTC address";
};

/// 8, 13 or 14 digits with their check digit.
struct is_ean : detail::text_rule<&detail::is_ean_text> {
  static constexpr std::string_view key = "isEAN";
  static constexpr std::string_view text = "$property must be an EAN (European Article Number)";
};

/// `0x` and 40 hexadecimal digits; their checksum is not verified.
struct is_ethereum_address : detail::text_rule<&detail::is_ethereum_address_text> {
  static constexpr std::string_view key = "isEthereumAddress";
  static constexpr std::string_view text = "$property must be an Ethereum address";
};

/// A security's number with its check digit.
struct is_isin : detail::text_rule<&detail::is_isin_text> {
  static constexpr std::string_view key = "isIsin";
  static constexpr std::string_view text = "$property must be an ISIN (stock/security identifier)";
};

/// A recording's code.
struct is_isrc : detail::text_rule<&detail::is_isrc_text> {
  static constexpr std::string_view key = "isISRC";
  static constexpr std::string_view text = "$property must be an ISRC";
};

/// A version by Semantic Versioning 2: `1.0.0-rc.1+build`.
struct is_sem_ver : detail::text_rule<&detail::is_sem_ver_text> {
  static constexpr std::string_view key = "isSemVer";
  static constexpr std::string_view text = "$property must be a Semantic Versioning Specification";
};

/// A colour of CSS: `hsl(270, 60%, 50%)`, `hsla(270 60% 50% / 0.5)`.
struct is_hsl : detail::text_rule<&detail::is_hsl_text> {
  static constexpr std::string_view key = "isHSL";
  static constexpr std::string_view text = "$property must be a HSL color";
};

/// `23:59` or `2359`.
struct is_military_time : detail::text_rule<&detail::is_military_time_text> {
  static constexpr std::string_view key = "isMilitaryTime";
  static constexpr std::string_view text =
      "$property must be a valid representation of military time in the format HH:MM";
};

/// RFC 3339's date and time with a zone; the calendar is not asked.
struct is_rfc3339 : detail::text_rule<&detail::is_rfc3339_text> {
  static constexpr std::string_view key = "isRFC3339";
  static constexpr std::string_view text = "$property must be RFC 3339 date";
};

struct credit_card_options {
  /// `amex`, `dinersclub`, `discover`, `jcb`, `mastercard`, `unionpay` or `visa`. Default: any of them.
  std::string_view provider{};
};

/// A card's number with its check digit; blanks and hyphens do not count.
struct is_credit_card {
  static constexpr std::string_view key = "isCreditCard";
  static constexpr std::string_view text = "$property must be a credit card";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::string_view provider{};
  constexpr is_credit_card() = default;
  constexpr explicit is_credit_card(credit_card_options options) : provider{options.provider} {
    if (!provider.empty() && !detail::has_word(" amex dinersclub discover jcb mastercard unionpay visa ", provider)) {
      throw std::invalid_argument{
          "nestcpp: is_credit_card: amex, dinersclub, discover, jcb, mastercard, unionpay or visa"};
    }
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_credit_card_text(value.text, provider);
  }
};

struct iban_options {
  text_list whitelist{};  ///< Countries that are accepted. Default: all.
  text_list blacklist{};  ///< Countries that are not.
};

/// A bank account's number by its country's form and checksum; white space, hyphens and case do not count.
struct is_iban {
  static constexpr std::string_view key = "isIBAN";
  static constexpr std::string_view text = "$property must be an IBAN";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  iban_options options{};
  constexpr is_iban() = default;
  constexpr explicit is_iban(iban_options o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_iban_text(value.text, options.whitelist, options.blacklist);
  }
};

/// A book's number with its check digit: of ten characters or thirteen, `is_isbn(10)`, `is_isbn(13)`.
struct is_isbn {
  static constexpr std::string_view key = "isIsbn";
  static constexpr std::string_view text = "$property must be an ISBN";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  int version = 0;
  constexpr is_isbn() = default;
  constexpr explicit is_isbn(int v) : version{v} {
    if (v != 10 && v != 13) throw std::invalid_argument{"nestcpp: is_isbn(version): 10 or 13"};
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_isbn_text(value.text, version);
  }
};

struct issn_options {
  bool case_sensitive = false;  ///< A check digit `x` is refused.
  bool require_hyphen = false;
};

/// A periodical's number with its check digit.
struct is_issn {
  static constexpr std::string_view key = "isIssn";
  static constexpr std::string_view text = "$property must be a ISSN";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  issn_options options{};
  constexpr is_issn() = default;
  constexpr explicit is_issn(issn_options o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_issn_text(value.text, options.case_sensitive, options.require_hyphen);
  }
};

/// `#fff`, `ffff`, `#a1b2c3`, `#a1b2c3d4`.
struct is_hex_color {
  static constexpr std::string_view key = "isHexColor";
  static constexpr std::string_view text = "$property must be a hexadecimal color";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_hex_color_text(value.text);
  }
};

/// A colour of CSS: `rgb(0,31,255)`, `rgba(0,31,255,.5)`, `rgb(5%,5%,5%)`; `is_rgb_color(false)`: without percentages.
struct is_rgb_color {
  static constexpr std::string_view key = "isRgbColor";
  static constexpr std::string_view text = "$property must be RGB color";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  bool include_percent_values = true;
  constexpr is_rgb_color() = default;
  constexpr explicit is_rgb_color(bool percent) : include_percent_values{percent} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_rgb_color_text(value.text, include_percent_values);
  }
};

}  // namespace nestcpp::rules
