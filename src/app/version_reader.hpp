#pragma once
// Where a request says which version it wants.

#include <nestcpp/app/application.hpp>

#include <functional>
#include <string>
#include <vector>

namespace nestcpp::detail {

/// For `http_dispatcher_options::versions_of`; empty where versions are in the path.
/// @throws std::invalid_argument as `application::enable_versioning`
[[nodiscard]] std::function<std::vector<std::string>(const http_request&)> version_reader(
    const versioning_options& options);

}  // namespace nestcpp::detail
