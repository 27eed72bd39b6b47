#include "http/body_parser.hpp"

#include "http/form_fields.hpp"
#include "http/percent.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace nestcpp::detail {

namespace {

std::string_view content_type(const http_request& request) noexcept {
  return request.headers.get("Content-Type").value_or(std::string_view{});
}

// The value of the content type's parameter `charset`, without quotes; empty: not given.
std::string_view charset(std::string_view type) noexcept {
  while (true) {
    const auto semicolon = type.find(';');
    if (semicolon == std::string_view::npos) return {};
    type.remove_prefix(semicolon + 1);
    const std::string_view parameter = trim_blanks(type.substr(0, type.find(';')));
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos || !equals_ignoring_case(trim_blanks(parameter.substr(0, equals)), "charset"))
      continue;
    std::string_view value = trim_blanks(parameter.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
}

bool has_body_of(const http_request& request, std::string_view wanted) noexcept {
  if (request.body.empty()) return false;
  const std::string_view type = content_type(request);
  return equals_ignoring_case(trim_blanks(type.substr(0, type.find(';'))), wanted);
}

void check_charset(const http_request& request) {
  const std::string_view encoding = charset(content_type(request));
  if (encoding.empty() || equals_ignoring_case(encoding, "utf-8") || equals_ignoring_case(encoding, "us-ascii") ||
      equals_ignoring_case(encoding, "utf8")) {
    return;
  }
  std::string upper{encoding};
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  throw http_exception{boost::json::object{{"statusCode", 415}, {"message", "unsupported charset \"" + upper + "\""}},
                       415};
}

constexpr std::size_t max_parameters = 1000;

// As qs: what cannot be decoded stays as it is, but for the blanks.
std::string decode_form_text(std::string_view text) {
  std::string with_blanks{text};
  std::ranges::replace(with_blanks, '+', ' ');
  auto decoded = decode_uri_component(with_blanks);
  return decoded ? *std::move(decoded) : repair_utf8(with_blanks);
}

// As body-parser's extended urlencoded parser.
std::shared_ptr<const http_form> parse_urlencoded(std::string_view body) {
  const auto count = static_cast<std::size_t>(std::ranges::count(body, '&')) + 1;
  if (count > max_parameters) {
    throw http_exception{boost::json::object{{"statusCode", 413}, {"message", "too many parameters"}}, 413};
  }
  form_fields fields{form_fields::style::qs, std::max<std::size_t>(100, count) - 1};
  while (!body.empty()) {
    const std::string_view pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(pair.size() + 1, body.size()));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const std::string name = decode_form_text(pair.substr(0, equals));
    std::string value = equals == std::string_view::npos ? std::string{} : decode_form_text(pair.substr(equals + 1));
    if (name.empty()) continue;
    if (fields.add(name, std::move(value)) != form_fields::added::ok) {
      throw http_exception{boost::json::object{{"statusCode", 400}, {"message", "The input exceeded the depth"}}, 400};
    }
  }
  auto form = std::make_shared<http_form>();
  form->json = fields.json();
  return form;
}

}  // namespace

bool has_json_body(const http_request& request) noexcept { return has_body_of(request, "application/json"); }

std::optional<json_error> json_body_error(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\n\r");
  if (first != std::string_view::npos && body[first] != '{' && body[first] != '[') return unexpected_token(body, first);
  return find_json_error(body);
}

void check_body(http_request& request) {
  if (has_body_of(request, "application/x-www-form-urlencoded")) {
    check_charset(request);
    request.form = parse_urlencoded(request.body);
    return;
  }
  if (!has_json_body(request)) return;
  check_charset(request);
  if (request.body.starts_with("\xef\xbb\xbf")) request.body.erase(0, 3);
  if (!is_utf8(request.body)) request.body = repair_utf8(request.body);
  if (const auto error = json_body_error(request.body)) throw bad_request_exception{error->told()};
}

}  // namespace nestcpp::detail
