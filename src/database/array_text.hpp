#pragma once
// Arrays as text: PostgreSQL's literals ({a,"b c",NULL}), and JSON for databases without arrays.

#include <nestcpp/database/result_set.hpp>
#include <nestcpp/database/sql_value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace nestcpp::detail {

[[nodiscard]] std::string to_array_literal(const sql_array& array);
[[nodiscard]] std::string to_json_array(const sql_array& array);

/// One row of one column, without a name, for each item of either form; nullopt: it is neither, or has more than one
/// dimension.
[[nodiscard]] std::optional<result_data> parse_array(std::string_view text);

}  // namespace nestcpp::detail
