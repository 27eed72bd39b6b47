#include <nestcpp/http/http_response.hpp>

#include "http/answers.hpp"
#include "http/percent.hpp"

#include <nestcpp/dto/json_writer.hpp>

#include <stdexcept>

namespace nestcpp {

void http_response::set_json(std::string json) { set_body(std::move(json), "application/json; charset=utf-8"); }

void http_response::set_json(const boost::json::value& value) {
  std::string json;
  append_json_value(json, value);
  set_json(std::move(json));
}

void http_response::set_text(std::string text) { set_body(std::move(text), "text/html; charset=utf-8"); }

void http_response::set_cookie(std::string_view name, std::string_view value, const cookie_options& options) {
  const auto check = [&](const std::string& part, const char* what) {
    if (part.find(';') == std::string::npos && detail::is_header_value(part)) return;
    throw std::invalid_argument{"the cookie " + std::string{name} + ": its " + what +
                                " has a semicolon or a control character"};
  };
  if (!detail::is_http_token(name)) {
    throw std::invalid_argument{"a cookie's name is letters, digits and !#$%&'*+-.^_`|~, not \"" + std::string{name} +
                                '"'};
  }
  check(options.path, "path");
  check(options.domain, "domain");
  std::string text{name};
  text += '=';
  detail::append_uri_component(text, value);
  if (options.max_age) text += "; Max-Age=" + std::to_string(options.max_age->count());
  if (!options.domain.empty()) text += "; Domain=" + options.domain;
  if (!options.path.empty()) text += "; Path=" + options.path;
  if (options.max_age) {
    const auto at = std::chrono::system_clock::now() + *options.max_age;
    text += "; Expires=" + detail::http_date(std::chrono::system_clock::to_time_t(at));
  }
  if (options.http_only) text += "; HttpOnly";
  if (options.secure) text += "; Secure";
  if (options.partitioned) text += "; Partitioned";
  if (options.same_site) {
    text += *options.same_site == same_site::lax      ? "; SameSite=Lax"
            : *options.same_site == same_site::strict ? "; SameSite=Strict"
                                                      : "; SameSite=None";
  }
  headers.add("Set-Cookie", std::move(text));
}

void http_response::clear_cookie(std::string_view name, cookie_options options) {
  options.max_age = std::chrono::seconds{0};
  set_cookie(name, "", options);
}

void http_response::set_body(std::string content, const char* content_type) {
  body = std::move(content);
  if (!headers.contains("Content-Type")) headers.add("Content-Type", content_type);
}

}  // namespace nestcpp
