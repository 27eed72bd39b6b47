#pragma once
// Compresses answers where the caller takes it, as the npm package compression.

#include "http/content_coding.hpp"

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/http/compression_options.hpp>
#include <nestcpp/http/http_request.hpp>
#include <nestcpp/http/http_response.hpp>

#include <string_view>

namespace nestcpp::detail {

/// The coding that an `Accept-Encoding` prefers, gzip before deflate; `none` for neither.
[[nodiscard]] content_coding negotiate_coding(std::string_view accepted) noexcept;
/// Whether bodies of the type become smaller: texts, JSON, XML, SVG, scripts.
[[nodiscard]] bool is_compressible(std::string_view content_type) noexcept;

/// Compresses the body, or what its source gives, and says so in the headers.
/// @param loop the call's
void compress(http_response& response, const http_request& request, const compression_options& options,
              event_loop& loop);

/// Adds a name to `Vary`, unless it is there.
void vary_by(http_headers& headers, std::string_view name);

}  // namespace nestcpp::detail
