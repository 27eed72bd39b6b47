#pragma once
/// @file nestcpp/http/http_response.hpp
/// @brief An answer before an adapter writes it.

#include <nestcpp/http/cookie_options.hpp>
#include <nestcpp/http/http_body_source.hpp>
#include <nestcpp/http/http_headers.hpp>

#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace nestcpp {

struct http_response {
  int status = 200;
  /// Without `Content-Length`, which the adapter writes. `Connection: close` makes it close the connection afterwards.
  http_headers headers;
  std::string body;
  /// Where set, the body comes from it, and `body` is empty.
  std::shared_ptr<http_body_source> source;

  /// Sets the body and, where none is set, the content type.
  void set_json(std::string json);
  void set_json(const boost::json::value& value);
  /// As Express' `res.send(text)`: `text/html; charset=utf-8`, unless a content type is set.
  void set_text(std::string text);
  /// Adds a `Set-Cookie`, as Express' `res.cookie`: the value is percent-encoded.
  /// @throws std::invalid_argument for a name that is no token, a path or domain with a semicolon or control characters
  void set_cookie(std::string_view name, std::string_view value, const cookie_options& options = {});
  /// Makes browsers forget a cookie that was set with these options.
  void clear_cookie(std::string_view name, cookie_options options = {});

 private:
  void set_body(std::string content, const char* content_type);
};

}  // namespace nestcpp
