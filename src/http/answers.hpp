#pragma once
// What adapters say by themselves, whatever the library beneath: refusals, dates, the head of an answer.

#include <nestcpp/http/http_response.hpp>

#include <cstdint>
#include <ctime>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// Why a request is refused that no route has seen: 400, 408, 414, 417, 431, 505, in NestJS's shape.
[[nodiscard]] std::exception_ptr refusal(int status);
/// 415, as body-parser words it.
[[nodiscard]] std::exception_ptr unsupported_coding(const std::string& coding);
/// 400 in zlib's words, which Express passes on.
[[nodiscard]] std::exception_ptr bad_compression();

/// `Date`'s value, made once a second and thread.
[[nodiscard]] const std::string& http_date();
/// "Fri, 27 Nov 2026 06:00:00 GMT"
[[nodiscard]] std::string http_date(std::time_t at);
/// "OK"; "unknown" for a status without a name, as Node has it.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;
/// Answers with this status have no body, whatever was asked.
[[nodiscard]] constexpr bool has_no_body(int status) noexcept { return status == 204 || status == 304 || status < 200; }

/// How the body after a head is delimited.
enum class body_framing : std::uint8_t {
  length,       ///< `Content-Length`
  chunked,      ///< HTTP/1.1's chunks
  until_close,  ///< for HTTP/1.0
};

/// Appends status line and headers, up to the empty line; the answer's own `Connection`, `Keep-Alive`,
/// `Content-Length` and `Transfer-Encoding` are left out, `Date` is added where there is none.
/// @param closes the connection is closed after the answer
/// @param keep_alive the value of `Keep-Alive`: "timeout=5"
void append_head(std::string& out, const http_response& response, body_framing framing, std::uint64_t length,
                 bool closes, std::string_view keep_alive);

/// Appends one chunk. An empty text would be the end, and is left out.
void append_chunk(std::string& out, std::string_view text);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace nestcpp::detail
