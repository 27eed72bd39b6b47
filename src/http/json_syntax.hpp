#pragma once
// JSON's syntax with V8's words (Node 20) for what is wrong, because callers see them as the message of a 400.

#include <optional>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// Whether `utf8` is a JSON object or array, as Express' body parser wants it: nullopt, or the message of the error
/// that `JSON.parse` would throw. Any depth; the message may hold a lone surrogate (as WTF-8), as V8's does.
/// @param utf8 must be well-formed UTF-8
[[nodiscard]] std::optional<std::string> json_body_error(std::string_view utf8);

}  // namespace nestcpp::detail
