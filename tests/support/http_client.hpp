#pragma once
/// @file
/// HTTP requests of a test: a connection each.

#include "support/socket.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

using http_headers = std::vector<std::pair<std::string, std::string>>;

struct http_response {
  int status = 0;
  http_headers headers;
  std::string body;

  /// Whatever the case of the name; empty where there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
  /// @throws std::runtime_error that shows the body where it is no JSON
  [[nodiscard]] boost::json::value json() const;
};

class http_client {
 public:
  explicit http_client(std::uint16_t port) : port_{port} {}

  http_response get(std::string_view target, const http_headers& headers = {}, milliseconds limit = patience) const;
  /// As application/json, unless the headers say something else.
  http_response post(std::string_view target, std::string_view body, const http_headers& headers = {},
                     milliseconds limit = patience) const;
  /// @throws std::system_error where nobody listens or the connection breaks
  http_response send(std::string_view method, std::string_view target, std::string_view body,
                     const http_headers& headers = {}, milliseconds limit = patience) const;

 private:
  std::uint16_t port_;
};

}  // namespace support
