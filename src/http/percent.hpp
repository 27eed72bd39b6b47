#pragma once
// Percent-encoding as JavaScript decodes it.

#include <optional>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// `decodeURIComponent`; nullopt for a bad escape or escapes that are no UTF-8.
[[nodiscard]] std::optional<std::string> decode_uri_component(std::string_view text);

/// `encodeURIComponent`.
void append_uri_component(std::string& out, std::string_view text);

/// As Node's `querystring`: `+` is a blank, bad escapes stay as they are, bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string decode_query_text(std::string_view text);

/// Replaces what is no UTF-8 by U+FFFD, as a browser or Node reads it.
[[nodiscard]] std::string repair_utf8(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace nestcpp::detail
