#pragma once
// A request's head, read strictly: what two readers could understand differently (request smuggling) is refused.

#include <nestcpp/http/http_request.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp::detail {

struct http_head {
  /// 0: the head is fine; else the status to refuse it with.
  int refused = 0;
  http_request request;
  /// How long the body is: neither = there is none.
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  /// What `Content-Encoding` says, lower case; empty for `identity`.
  std::string content_encoding;
  bool expects_continue = false;
  /// The caller closes the connection after this request (`Connection: close`, or HTTP/1.0).
  bool closes = false;

  [[nodiscard]] bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }
};

/// @param text from the method to the empty line, every line ending in CRLF
[[nodiscard]] http_head parse_http_head(std::string_view text);

}  // namespace nestcpp::detail
