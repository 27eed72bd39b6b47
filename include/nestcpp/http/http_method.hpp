#pragma once
/// @file nestcpp/http/http_method.hpp
/// @brief Request methods that routes can have.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nestcpp {

/// `other`: anything else a caller sent; no route has it. `all`: of routes that serve every method but `other`.
enum class http_method : std::uint8_t { get, head, post, put, patch, delete_, options, other, all };

inline constexpr std::size_t http_method_count = static_cast<std::size_t>(http_method::other);

/// "GET" …; "other" for `other`, "ALL" for `all`.
[[nodiscard]] std::string_view to_string(http_method method) noexcept;
/// Case-sensitive, as HTTP is.
[[nodiscard]] http_method parse_http_method(std::string_view text) noexcept;

}  // namespace nestcpp
