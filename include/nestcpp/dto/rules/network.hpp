#pragma once
/// @file nestcpp/dto/rules/network.hpp
/// @brief validator.js's rules for addresses: mail, domains, URLs, IP, MAC.

#include <nestcpp/dto/detail/pattern_syntax.hpp>
#include <nestcpp/dto/detail/text_rule.hpp>
#include <nestcpp/dto/rule_value.hpp>
#include <nestcpp/dto/rules/text_list.hpp>

#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace nestcpp::rules {

struct fqdn_options {
  bool require_tld = true;  ///< A top-level domain.
  bool allow_underscores = false;
  bool allow_trailing_dot = false;
  bool allow_numeric_tld = false;
  bool allow_wildcard = false;     ///< `*.` in front.
  bool ignore_max_length = false;  ///< Labels of more than 63 characters pass.
};

struct email_options {
  bool allow_display_name = false;  ///< `Ada <ada@example.com>` passes as well.
  bool require_display_name = false;
  bool allow_utf8_local_part = true;
  bool require_tld = true;
  bool allow_ip_domain = false;    ///< `ada@[127.0.0.1]` passes.
  bool allow_underscores = false;  ///< In the domain.
  bool ignore_max_length = false;
  bool domain_specific_validation = false;  ///< Gmail's own rules for its addresses.
  std::string_view blacklisted_chars{};     ///< Characters (of an expression's `[…]`) that the local part lacks.
  text_list host_blacklist{};               ///< Domains in lower case.
  text_list host_whitelist{};
};

struct url_options {
  text_list protocols{"http", "https", "ftp"};
  bool require_tld = true;
  bool require_protocol = false;
  bool require_host = true;
  bool require_port = false;
  bool require_valid_protocol = true;  ///< One of `protocols`.
  bool allow_underscores = false;
  bool allow_trailing_dot = false;
  bool allow_numeric_tld = false;
  bool allow_wildcard = false;
  bool allow_protocol_relative_urls = false;  ///< `//example.com`.
  bool allow_fragments = true;
  bool allow_query_components = true;
  bool disallow_auth = false;  ///< Refuse `user:password@`.
  bool validate_length = true;
  std::size_t max_allowed_length = 2084;  ///< In UTF-16 units.
  text_list host_whitelist{};
  text_list host_blacklist{};
};

}  // namespace nestcpp::rules

namespace nestcpp::detail {

[[nodiscard]] bool is_data_uri_text(std::string_view text);
[[nodiscard]] bool is_magnet_uri_text(std::string_view text);
[[nodiscard]] bool is_mime_type_text(std::string_view text);
[[nodiscard]] bool is_port_text(std::string_view text);
[[nodiscard]] bool is_email_text(std::string_view text);
[[nodiscard]] bool is_email_text(std::string_view text, const rules::email_options& options);
[[nodiscard]] bool is_fqdn_text(std::string_view text, const rules::fqdn_options& options = {});
[[nodiscard]] bool is_url_text(std::string_view text, const rules::url_options& options);
// `version` 4, 6, or 0 for either.
[[nodiscard]] bool is_ip_text(std::string_view text, int version);
[[nodiscard]] bool is_mac_address_text(std::string_view text, bool no_separators, int eui);

}  // namespace nestcpp::detail

namespace nestcpp::rules {

/// `data:text/plain;base64,…`.
struct is_data_uri : detail::text_rule<&detail::is_data_uri_text> {
  static constexpr std::string_view key = "isDataURI";
  static constexpr std::string_view text = "$property must be a data uri format";
};

/// `magnet:?xt=urn:…`.
struct is_magnet_uri : detail::text_rule<&detail::is_magnet_uri_text> {
  static constexpr std::string_view key = "isMagnetURI";
  static constexpr std::string_view text = "$property must be magnet uri format";
};

/// `text/html; charset=utf-8`, by its form.
struct is_mime_type : detail::text_rule<&detail::is_mime_type_text> {
  static constexpr std::string_view key = "isMimeType";
  static constexpr std::string_view text = "$property must be MIME type format";
};

/// A number from 0 to 65535 without leading zeros, as text.
struct is_port : detail::text_rule<&detail::is_port_text> {
  static constexpr std::string_view key = "isPort";
  static constexpr std::string_view text = "$property must be a port";
};

/// validator.js's isEmail.
struct is_email {
  static constexpr std::string_view key = "isEmail";
  static constexpr std::string_view text = "$property must be an email";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  bool by_default = true;
  email_options options{};
  constexpr is_email() = default;
  constexpr explicit is_email(const email_options& o) : by_default{false}, options{o} {
    if (!o.blacklisted_chars.empty()) detail::check_character_class(o.blacklisted_chars);
  }
  constexpr bool check(const rule_value& value) const {
    if (!value.is_string()) return false;
    return by_default ? detail::is_email_text(value.text) : detail::is_email_text(value.text, options);
  }
};

/// A domain name with a top-level domain.
struct is_fqdn {
  static constexpr std::string_view key = "isFqdn";
  static constexpr std::string_view text = "$property must be a valid domain name";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  fqdn_options options{};
  constexpr is_fqdn() = default;
  constexpr explicit is_fqdn(fqdn_options o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_fqdn_text(value.text, options);
  }
};

/// An http, https or ftp URL, with or without its protocol: `is_url(url_options{.require_protocol = true})`.
struct is_url {
  static constexpr std::string_view key = "isUrl";
  static constexpr std::string_view text = "$property must be a URL address";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  url_options options{};
  constexpr is_url() = default;
  constexpr explicit is_url(const url_options& o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_url_text(value.text, options);
  }
};

/// An IP address; `is_ip(4)`, `is_ip(6)`: of that version only.
struct is_ip {
  static constexpr std::string_view key = "isIp";
  static constexpr std::string_view text = "$property must be an ip address";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  int version = 0;
  constexpr is_ip() = default;
  constexpr explicit is_ip(int v) : version{v} {
    if (v != 4 && v != 6) throw std::invalid_argument{"nestcpp: is_ip(version): 4 or 6"};
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_ip_text(value.text, version);
  }
};

struct mac_address_options {
  bool no_separators = false;
  int eui = 0;  ///< 48 or 64 bits. Default: either.
};

/// `01:02:03:04:05:ab`, with hyphens, blanks or dots, of six or eight bytes.
struct is_mac_address {
  static constexpr std::string_view key = "isMacAddress";
  static constexpr std::string_view text = "$property must be a MAC Address";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  mac_address_options options{};
  constexpr is_mac_address() = default;
  constexpr explicit is_mac_address(mac_address_options o) : options{o} {
    if (o.eui != 0 && o.eui != 48 && o.eui != 64) throw std::invalid_argument{"nestcpp: is_mac_address: eui 48 or 64"};
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_mac_address_text(value.text, options.no_separators, options.eui);
  }
};

}  // namespace nestcpp::rules
