#pragma once
// What Express' body parser does with a body before a handler sees it.

#include <nestcpp/http/http_request.hpp>

namespace nestcpp::detail {

/// Whether the body is JSON by its `Content-Type`: `application/json`, with any parameters.
[[nodiscard]] bool has_json_body(const http_request& request) noexcept;

/// Makes a JSON body well-formed UTF-8 and checks its syntax; other bodies are left alone.
/// @throws http_exception 400 with V8's words for what is wrong, 415 for a charset other than UTF-8
void check_body(http_request& request);

}  // namespace nestcpp::detail
