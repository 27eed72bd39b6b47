#pragma once
// A request's head, read strictly: what two readers could understand differently (request smuggling) is refused.

#include <nestcpp/http/http_request.hpp>

#include <cstddef>
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
  /// HTTP/1.0: knows neither chunks nor 100.
  bool is_http_1_0 = false;
  /// The caller closes the connection after this request (`Connection: close`, or HTTP/1.0).
  bool closes = false;

  [[nodiscard]] bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }
};

/// Finds the end of a head, and where one is too long or cannot be one.
class head_scanner {
 public:
  enum class status { incomplete, complete, target_too_long, too_large, malformed };

  /// @param input from the head's first byte on, more of it each time
  [[nodiscard]] status scan(std::string_view input, std::size_t max_target_size, std::size_t max_head_size) noexcept;
  /// Bytes of the complete head, with the empty line.
  [[nodiscard]] std::size_t size() const noexcept { return scanned_; }
  void reset() noexcept { scanned_ = 0; }

 private:
  std::size_t scanned_ = 0;  // end of the last complete line
};

/// @param text from the method to the empty line, every line ending in CRLF
[[nodiscard]] http_head parse_http_head(std::string_view text);

}  // namespace nestcpp::detail
