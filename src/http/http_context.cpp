#include <nestcpp/http/http_context.hpp>

#include "http/body_parser.hpp"
#include "http/multipart.hpp"

#include <nestcpp/core/uuid.hpp>

#include <algorithm>

namespace nestcpp {

http_context::http_context(const handler_info& handler, http_request request, route_parameters parameters)
    : execution_context{context_type::http, handler, request.received_at},
      request_{std::move(request)},
      parameters_{std::move(parameters)},
      has_json_body_{detail::has_json_body(request_)} {}

std::string_view http_context::payload_text() const {
  return has_json_body_ ? std::string_view{request_.body} : std::string_view{form().json};
}

const http_form& http_context::form() const {
  static const http_form none;
  if (request_.form) return *request_.form;
  if (form_) return *form_;
  const auto* expected = metadata<upload_fields>();
  const std::string_view type = request_.headers.get("Content-Type").value_or("");
  if (expected == nullptr || !detail::is_multipart(type)) return none;
  form_ = std::make_shared<http_form>(detail::parse_multipart(type, request_.body, *expected));
  return *form_;
}

std::optional<std::string_view> http_context::path_parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> http_context::query_parameter(std::string_view name) const {
  return request_.query(name);
}

std::optional<std::string_view> http_context::header(std::string_view name) const { return request_.headers.get(name); }

std::string http_context::make_request_id() const {
  const auto sent = request_.headers.get("X-Request-Id");
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; };
  if (sent && !sent->empty() && std::none_of(sent->begin(), sent->end(), is_control)) return std::string{*sent};
  return uuid::v4().to_string();
}

std::string_view http_context::traceparent() const {
  return request_.headers.get("traceparent").value_or(std::string_view{});
}

}  // namespace nestcpp
