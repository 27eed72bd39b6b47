#pragma once

#include <string>
#include <string_view>

namespace nestcpp::detail {

/// What `JSON.parse` (V8 of Node 20) says of a text that is not JSON; positions count UTF-16 units. Empty for JSON.
[[nodiscard]] std::string json_parse_error(std::string_view text);

}  // namespace nestcpp::detail
