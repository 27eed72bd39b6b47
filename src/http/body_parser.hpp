#pragma once
// What Express' body parser does with a body before a handler sees it.

#include <nestcpp/dto/json_error.hpp>
#include <nestcpp/http/http_request.hpp>

#include <optional>
#include <string_view>

namespace nestcpp::detail {

/// Whether the body is JSON by its `Content-Type`: `application/json`, with any parameters.
[[nodiscard]] bool has_json_body(const http_request& request) noexcept;

/// Why a body is refused: it is no JSON, or no object and no array (Express' strict mode).
[[nodiscard]] std::optional<json_error> json_body_error(std::string_view body);

/// Makes a JSON body well-formed UTF-8 and checks its syntax; reads an urlencoded one into `request.form`. Other bodies
/// are left alone.
/// @throws http_exception 400 that begins with "Unexpected" or "Expected" and goes on in V8's words, 415 for a charset
/// other than UTF-8; of a form 413 for more than 1000 parameters, 400 for names of more than 32 brackets
void check_body(http_request& request);

}  // namespace nestcpp::detail
