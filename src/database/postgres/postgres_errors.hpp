#pragma once
// What PostgreSQL says, as exceptions of errors.hpp.

#include <chrono>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// Without "ERROR:", and without what follows the first line: details quote values.
[[nodiscard]] std::string first_line_of(std::string_view message);

/// Whether a connection that was told this can be used no more.
[[nodiscard]] bool ends_connection(std::string_view sqlstate) noexcept;

/// @param limit the statement timeout, for what is said where it has passed
/// @throws database_error or one of its kinds, always
[[noreturn]] void throw_postgres_error(std::string_view message, std::string sqlstate, std::chrono::milliseconds limit);

}  // namespace nestcpp::detail
