#include "http/body_parser.hpp"

#include "http/percent.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <string>

namespace nestcpp::detail {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view trim(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view content_type(const http_request& request) noexcept {
  return request.headers.get("Content-Type").value_or(std::string_view{});
}

// The value of the content type's parameter `charset`, without quotes; empty: not given.
std::string_view charset(std::string_view type) noexcept {
  while (true) {
    const auto semicolon = type.find(';');
    if (semicolon == std::string_view::npos) return {};
    type.remove_prefix(semicolon + 1);
    const std::string_view parameter = trim(type.substr(0, type.find(';')));
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos || !equals_ignoring_case(trim(parameter.substr(0, equals)), "charset"))
      continue;
    std::string_view value = trim(parameter.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
}

}  // namespace

bool has_json_body(const http_request& request) noexcept {
  if (request.body.empty()) return false;
  const std::string_view type = content_type(request);
  return equals_ignoring_case(trim(type.substr(0, type.find(';'))), "application/json");
}

std::optional<json_error> json_body_error(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\n\r");
  if (first != std::string_view::npos && body[first] != '{' && body[first] != '[') return unexpected_token(body, first);
  return find_json_error(body);
}

void check_body(http_request& request) {
  if (!has_json_body(request)) return;
  const std::string_view encoding = charset(content_type(request));
  if (!encoding.empty() && !equals_ignoring_case(encoding, "utf-8") && !equals_ignoring_case(encoding, "us-ascii") &&
      !equals_ignoring_case(encoding, "utf8")) {
    std::string upper{encoding};
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
    throw http_exception{boost::json::object{{"statusCode", 415}, {"message", "unsupported charset \"" + upper + "\""}},
                         415};
  }
  if (request.body.starts_with("\xef\xbb\xbf")) request.body.erase(0, 3);
  if (!is_utf8(request.body)) request.body = repair_utf8(request.body);
  if (const auto error = json_body_error(request.body)) throw bad_request_exception{error->told()};
}

}  // namespace nestcpp::detail
