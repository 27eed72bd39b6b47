#include <nestcpp/database/sql_value.hpp>

#include <nestcpp/database/errors.hpp>

namespace nestcpp::detail {

void throw_integer_too_large() {
  throw database_error{"an unsigned integer above 9223372036854775807 cannot be stored"};
}

}  // namespace nestcpp::detail
