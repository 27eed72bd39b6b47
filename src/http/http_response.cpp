#include <nestcpp/http/http_response.hpp>

#include <nestcpp/dto/json_writer.hpp>

namespace nestcpp {

void http_response::set_json(std::string json) { set_body(std::move(json), "application/json; charset=utf-8"); }

void http_response::set_json(const boost::json::value& value) {
  std::string json;
  append_json_value(json, value);
  set_json(std::move(json));
}

void http_response::set_text(std::string text) { set_body(std::move(text), "text/html; charset=utf-8"); }

void http_response::set_body(std::string content, const char* content_type) {
  body = std::move(content);
  if (!headers.contains("Content-Type")) headers.add("Content-Type", content_type);
}

}  // namespace nestcpp
