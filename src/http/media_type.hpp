#pragma once
// Media types of files by their names.

#include <string_view>

namespace nestcpp::detail {

/// "text/css; charset=utf-8" for "a.css"; "application/octet-stream" for what is not known.
[[nodiscard]] std::string_view media_type_of(std::string_view file_name) noexcept;

}  // namespace nestcpp::detail
