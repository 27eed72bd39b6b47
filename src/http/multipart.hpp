#pragma once
// multipart/form-data (RFC 7578), read as busboy and multer read it.

#include <nestcpp/http/http_form.hpp>

#include <string_view>

namespace nestcpp::detail {

/// Whether the content type is `multipart/…`.
[[nodiscard]] bool is_multipart(std::string_view content_type) noexcept;

/// @param body must outlive the result, whose files are views into it
/// @throws http_exception as NestJS: 400 for what is no form, a file that is not expected, more than 1000 parts; 415
/// for another multipart type
[[nodiscard]] http_form parse_multipart(std::string_view content_type, std::string_view body,
                                        const upload_fields& expected);

}  // namespace nestcpp::detail
