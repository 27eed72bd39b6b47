#include "dto/formats/ascii.hpp"
#include "dto/formats/utf16.hpp"

#include <nestcpp/dto/rules/network.hpp>
#include <nestcpp/dto/rules/string.hpp>

#include <algorithm>

// validator.js's isURL: the URL is taken apart from its end to its host.

namespace nestcpp::detail {
namespace {

using rules::url_options;

std::string_view until(std::string_view text, char mark) { return text.substr(0, text.find(mark)); }

// Letters, then letters, digits and +-. up to a colon; empty: none.
std::string_view protocol_of(std::string_view url) {
  if (url.empty() || !is_letter(url.front())) return {};
  text_reader in{url};
  const std::size_t size = in.run([](char c) { return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.'; });
  return in.peek() == ':' ? url.substr(0, size) : std::string_view{};
}

bool has_encoded_byte(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (at + 2 < text.size() && is_hex(text[at + 1]) && is_hex(text[at + 2])) return true;
  }
  return false;
}

// What stands before a colon is a protocol, unless what follows makes it a user or a host.
bool means_protocol(std::string_view after_colon) {
  if (after_colon.starts_with("//")) return true;
  const std::string_view before_slash = until(after_colon, '/');
  const std::size_t at = before_slash.find('@');
  if (at == std::string_view::npos) return after_colon.empty() || !is_digit(after_colon.front());
  const std::string_view credentials = before_slash.substr(0, at);
  const bool is_auth = all_of(credentials, [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.' || c == '%' || c == ':';
  });
  return !is_auth || has_encoded_byte(credentials);
}

bool is_known_protocol(std::string_view protocol, const url_options& options) {
  return std::any_of(options.protocols.begin(), options.protocols.end(), [protocol](std::string_view known) {
    // The URL's is brought to lower case, those of the options are not.
    return equal_ignoring_case(protocol, known) && all_of(known, [](char c) { return !is_upper(c); });
  });
}

bool is_auth(std::string_view auth) {
  if (auth.empty() || std::count(auth.begin(), auth.end(), ':') > 1) return false;
  return auth != ":";
}

bool is_port(std::string_view port) {
  if (!all_of(port, is_digit)) return false;
  port.remove_prefix(std::min(port.find_first_not_of('0'), port.size()));
  if (port.empty() || port.size() > 5) return false;
  int value = 0;
  for (const char c : port) value = value * 10 + c - '0';
  return value <= 65535;
}

struct host_and_port {
  std::string_view host;
  std::string_view port;
  bool bracketed = false;
};

// [address]:port or host:port. A bracketed text that is not of that form is taken as a host.
host_and_port split_host(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close != std::string_view::npos && close > 1) {
      const std::string_view rest = text.substr(close + 1);
      const bool has_port = rest.size() > 1 && rest.front() == ':' && all_of(rest.substr(1), is_digit);
      if (rest.empty() || has_port) {
        return {text.substr(1, close - 1), has_port ? rest.substr(1) : std::string_view{}, true};
      }
    }
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_host(const host_and_port& parts, const url_options& options) {
  if (parts.bracketed) return is_ip_text(parts.host, 6);
  return is_ip_text(parts.host, 0) || is_fqdn_text(parts.host, {.require_tld = options.require_tld,
                                                                .allow_underscores = options.allow_underscores,
                                                                .allow_trailing_dot = options.allow_trailing_dot,
                                                                .allow_numeric_tld = options.allow_numeric_tld,
                                                                .allow_wildcard = options.allow_wildcard});
}

bool is_forbidden(std::string_view text) {
  return !for_each_code_point(text, [](char32_t code) { return code != '<' && code != '>' && !is_space_unit(code); });
}

}  // namespace

bool is_url_text(std::string_view url, const url_options& options) {
  if (url.empty()) return false;
  // There are never more units than bytes.
  if (options.validate_length && url.size() > options.max_allowed_length &&
      unit_count(url) > options.max_allowed_length) {
    return false;
  }
  if (is_forbidden(url) || url.starts_with("mailto:")) return false;
  if (!options.allow_fragments && url.find('#') != std::string_view::npos) return false;
  if (!options.allow_query_components && url.find_first_of("?&") != std::string_view::npos) return false;
  url = until(until(url, '#'), '?');

  bool explicit_protocol = false;
  if (const std::string_view protocol = protocol_of(url); !protocol.empty()) {
    const std::string_view after_colon = url.substr(protocol.size() + 1);
    explicit_protocol = means_protocol(after_colon);
    if (explicit_protocol) {
      if (options.require_valid_protocol && !is_known_protocol(protocol, options)) return false;
      url = after_colon;
    } else if (options.require_protocol) {
      return false;
    }
  } else if (options.require_protocol) {
    return false;
  }
  if (url.starts_with("//")) {
    if (!explicit_protocol && !options.allow_protocol_relative_urls) return false;
    url.remove_prefix(2);
  }
  if (url.empty()) return false;

  url = until(url, '/');
  if (url.empty() && !options.require_host) return true;
  if (const std::size_t at = url.find('@'); at != std::string_view::npos) {
    if (options.disallow_auth || !is_auth(url.substr(0, at))) return false;
    url.remove_prefix(at + 1);
  }
  const host_and_port parts = split_host(url);
  if (!parts.port.empty() ? !is_port(parts.port) : options.require_port) return false;
  // validator.js compares a bracketed address with this list as the empty text.
  if (!options.host_whitelist.empty()) return options.host_whitelist.has(parts.bracketed ? "" : parts.host);
  if ((parts.bracketed || parts.host.empty()) && !options.require_host) return true;
  return is_host(parts, options) && !options.host_blacklist.has(parts.host);
}

}  // namespace nestcpp::detail
