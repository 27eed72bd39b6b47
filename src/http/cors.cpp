#include "http/cors.hpp"

#include "http/compression.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace nestcpp::detail {

namespace {

std::string joined(const std::vector<std::string>& all) { return fmt::format("{}", fmt::join(all, ",")); }

void name_origin(http_headers& headers, const cors_options& options, std::string_view origin) {
  if (!options.allows && options.origins.size() == 1) {
    headers.set("Access-Control-Allow-Origin", options.origins[0]);
    if (options.origins[0] != "*") vary_by(headers, "Origin");
    return;
  }
  const bool allowed = options.allows ? !origin.empty() && options.allows(origin)
                                      : std::ranges::find(options.origins, origin) != options.origins.end();
  if (allowed) headers.set("Access-Control-Allow-Origin", std::string{origin});
  vary_by(headers, "Origin");
}

}  // namespace

http_headers cors_headers(const cors_options& options, const http_request& request) {
  http_headers headers;
  name_origin(headers, options, request.headers.get("Origin").value_or(std::string_view{}));
  if (options.credentials) headers.set("Access-Control-Allow-Credentials", "true");
  if (request.method() == http_method::options) {
    headers.set("Access-Control-Allow-Methods", joined(options.methods));
    if (options.allowed_headers) {
      if (!options.allowed_headers->empty())
        headers.set("Access-Control-Allow-Headers", joined(*options.allowed_headers));
    } else {
      vary_by(headers, "Access-Control-Request-Headers");
      const auto asked = request.headers.get("Access-Control-Request-Headers");
      if (asked && !asked->empty()) headers.set("Access-Control-Allow-Headers", std::string{*asked});
    }
    if (options.max_age) headers.set("Access-Control-Max-Age", std::to_string(options.max_age->count()));
  }
  if (!options.exposed_headers.empty()) {
    headers.set("Access-Control-Expose-Headers", joined(options.exposed_headers));
  }
  return headers;
}

}  // namespace nestcpp::detail
