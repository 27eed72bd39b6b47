#pragma once
// The reason why a text is no JSON, as V8 words it.

#include <nestcpp/dto/validation.hpp>

#include <string_view>

namespace nestcpp::detail {

// For text that the reader has refused.
[[nodiscard]] json_syntax_error diagnose_json(std::string_view text, unsigned max_depth);

}  // namespace nestcpp::detail
