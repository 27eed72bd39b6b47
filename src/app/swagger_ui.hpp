#pragma once
// Where the npm package swagger-ui-dist lies.

#include <string>

namespace nestcpp::detail {

/// Its folder beside this executable: installed, or fetched by scripts/build; empty: it is in neither place.
[[nodiscard]] std::string find_swagger_ui();

}  // namespace nestcpp::detail
