#include <nestcpp/database/sql_value.hpp>

#include <nestcpp/database/errors.hpp>

#include <boost/json/serialize.hpp>

namespace nestcpp::detail {

void throw_integer_too_large() {
  throw database_error{"an unsigned integer above 9223372036854775807 cannot be stored"};
}

std::string to_json_parameter(const boost::json::value& v) { return boost::json::serialize(v); }

}  // namespace nestcpp::detail
