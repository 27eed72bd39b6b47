#pragma once
// `ETag` as Express makes it, and what `If-None-Match` says to it.

#include <nestcpp/http/http_request.hpp>
#include <nestcpp/http/http_response.hpp>

#include <string>
#include <string_view>

namespace nestcpp::detail {

/// `W/"5-qvTGHdzF6KLavt4PO0gs2a6pQ00"`: the length in hexadecimal and 27 characters of the SHA-1 in base64, as the npm
/// package `etag` 1.8.
[[nodiscard]] std::string entity_tag(std::string_view body);

/// Whether the caller has the answer already: the rules of the npm package `fresh` 2.0, by tag and by date.
[[nodiscard]] bool is_fresh(const http_request& request, const http_headers& answer) noexcept;

/// Whether a `Range` counts: there is no `If-Range`, or it names what `answer` has.
[[nodiscard]] bool range_applies(const http_request& request, const http_headers& answer) noexcept;

}  // namespace nestcpp::detail
