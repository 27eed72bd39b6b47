#include "http/answers.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <boost/json/object.hpp>

#include <array>
#include <charconv>
#include <ctime>

namespace nestcpp::detail {

namespace {

bool is_framing(std::string_view name) noexcept {
  switch (name.size()) {
    case 10: return equals_ignoring_case(name, "Connection") || equals_ignoring_case(name, "Keep-Alive");
    case 14: return equals_ignoring_case(name, "Content-Length");
    case 17: return equals_ignoring_case(name, "Transfer-Encoding");
    default: return false;
  }
}

template <class Number>
void append_number(std::string& out, Number value, int base = 10) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::exception_ptr refusal(int status) {
  switch (status) {
    case 400: return std::make_exception_ptr(bad_request_exception{});
    case 408: return std::make_exception_ptr(request_timeout_exception{});
    case 505: return std::make_exception_ptr(http_version_not_supported_exception{});
    default:
      return std::make_exception_ptr(
          http_exception{boost::json::object{{"message", reason_phrase(status)}, {"statusCode", status}}, status});
  }
}

std::exception_ptr unsupported_coding(const std::string& coding) {
  const std::string message = "unsupported content encoding \"" + coding + '"';
  return std::make_exception_ptr(http_exception{boost::json::object{{"statusCode", 415}, {"message", message}}, 415});
}

std::exception_ptr bad_compression() {
  return std::make_exception_ptr(
      http_exception{boost::json::object{{"statusCode", 400}, {"message", "incorrect header check"}}, 400});
}

const std::string& http_date() {
  thread_local std::time_t made_at = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    text = http_date(now);
    made_at = now;
  }
  return text;
}

std::string http_date(std::time_t at) {
  std::tm utc{};
  ::gmtime_r(&at, &utc);
  std::array<char, 64> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 203: return "Non-Authoritative Information";
    case 204: return "No Content";
    case 205: return "Reset Content";
    case 206: return "Partial Content";
    case 300: return "Multiple Choices";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 418: return "I'm a Teapot";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Entity";
    case 423: return "Locked";
    case 424: return "Failed Dependency";
    case 425: return "Too Early";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "unknown";
  }
}

void append_head(std::string& out, const http_response& response, body_framing framing, std::uint64_t length,
                 bool closes, std::string_view keep_alive) {
  out += "HTTP/1.1 ";
  append_number(out, response.status);
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  bool has_date = false;
  for (const auto& [name, value] : response.headers) {
    if (is_framing(name)) continue;
    has_date = has_date || equals_ignoring_case(name, "Date");
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (framing == body_framing::chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (framing == body_framing::length && !has_no_body(response.status)) {
    out += "Content-Length: ";
    append_number(out, length);
    out += "\r\n";
  }
  if (!has_date) out.append("Date: ").append(http_date()).append("\r\n");
  if (closes) {
    out += "Connection: close\r\n\r\n";
  } else {
    out.append("Connection: keep-alive\r\nKeep-Alive: ").append(keep_alive).append("\r\n\r\n");
  }
}

void append_chunk(std::string& out, std::string_view text) {
  if (text.empty()) return;
  append_number(out, text.size(), 16);
  out.append("\r\n").append(text).append("\r\n");
}

}  // namespace nestcpp::detail
