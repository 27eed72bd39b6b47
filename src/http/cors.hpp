#pragma once
// The headers of the npm package `cors`, in its order.

#include <nestcpp/http/cors_options.hpp>
#include <nestcpp/http/http_headers.hpp>
#include <nestcpp/http/http_request.hpp>

namespace nestcpp::detail {

/// For every answer to `request`, or for its preflight where it is an OPTIONS request.
[[nodiscard]] http_headers cors_headers(const cors_options& options, const http_request& request);

}  // namespace nestcpp::detail
