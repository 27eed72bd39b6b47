#include <nestcpp/http/http_request.hpp>

#include "http/percent.hpp"

#include <algorithm>

namespace nestcpp {

http_request::http_request(std::string method, std::string target)
    : method_text_{std::move(method)}, target_{std::move(target)}, method_{parse_http_method(method_text_)} {
  parse_target();
}

void http_request::parse_target() {
  const std::string_view target{target_};
  path_begin_ = 0;
  if (!target.starts_with('/')) {
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos) {
      path_begin_ = std::min(target.find_first_of("/?", scheme + 3), target.size());
    }
  }
  const auto question = target.find('?', path_begin_);
  path_end_ = std::min(question, target.size());
  if (question == std::string_view::npos) return;
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    query_.emplace_back(
        detail::decode_query_text(pair.substr(0, equals)),
        equals == std::string_view::npos ? std::string{} : detail::decode_query_text(pair.substr(equals + 1)));
  }
}

std::optional<std::string_view> http_request::query(std::string_view name) const noexcept {
  for (const auto& [key, value] : query_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::string> http_request::cookie(std::string_view name) const {
  for (const auto& [header, text] : headers) {
    if (!detail::equals_ignoring_case(header, "Cookie")) continue;
    std::string_view rest{text};
    while (!rest.empty()) {
      std::string_view pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || detail::trim_blanks(pair.substr(0, equals)) != name) continue;
      std::string_view value = detail::trim_blanks(pair.substr(equals + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      auto decoded = detail::decode_uri_component(value);
      return decoded ? *std::move(decoded) : std::string{value};
    }
  }
  return std::nullopt;
}

}  // namespace nestcpp
