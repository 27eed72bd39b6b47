#pragma once
// What text may reach a driver: valid UTF-8 without NUL, so that both databases store the same.

#include <nestcpp/database/sql_value.hpp>

#include <string>
#include <string_view>

namespace nestcpp::detail {

/// A copy with U+FFFD for each maximal invalid sequence; an encoded surrogate (WTF-8) counts as one.
[[nodiscard]] std::string replace_invalid_utf8(std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// Repairs text parameters in place. @throws database_error for a NUL, in a parameter (names it) or in the statement.
void check_statement(const std::string& sql, sql_values& parameters);

/// @throws database_error unless the name is letters, digits and `_`, not beginning with a digit, at most 63 long.
void check_identifier(std::string_view name, std::string_view what);

}  // namespace nestcpp::detail
