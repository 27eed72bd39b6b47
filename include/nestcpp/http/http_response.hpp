#pragma once
/// @file nestcpp/http/http_response.hpp
/// @brief An answer before an adapter writes it.

#include <nestcpp/http/http_headers.hpp>

#include <boost/json/value.hpp>

#include <string>

namespace nestcpp {

struct http_response {
  int status = 200;
  /// Without `Content-Length`, which the adapter writes. `Connection: close` makes it close the connection afterwards.
  http_headers headers;
  std::string body;

  /// Sets the body and, where none is set, the content type.
  void set_json(std::string json);
  void set_json(const boost::json::value& value);
  /// As Express' `res.send(text)`: `text/html; charset=utf-8`, unless a content type is set.
  void set_text(std::string text);

 private:
  void set_body(std::string content, const char* content_type);
};

}  // namespace nestcpp
