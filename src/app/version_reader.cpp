#include "app/version_reader.hpp"

#include <stdexcept>
#include <string_view>

namespace nestcpp::detail {

namespace {

// NestJS: the text behind the key in the first parameter of `Accept`.
std::vector<std::string> from_media_type(const http_request& request, const std::string& key) {
  const std::string_view accept = request.headers.get("Accept").value_or("");
  const auto semicolon = accept.find(';');
  if (semicolon == std::string_view::npos) return {};
  const std::string_view rest = accept.substr(semicolon + 1);
  const std::string_view parameter = rest.substr(0, rest.find(';'));
  const auto at = parameter.find(key);
  if (at == std::string_view::npos) return {};
  return {std::string{trim_blanks(parameter.substr(at + key.size()))}};
}

}  // namespace

std::function<std::vector<std::string>(const http_request&)> version_reader(const versioning_options& options) {
  switch (options.type) {
    case versioning_type::uri: return {};
    case versioning_type::header:
      if (!is_http_token(options.header)) {
        throw std::invalid_argument{"enable_versioning: \"" + options.header + "\" is no name of a header"};
      }
      return [name = options.header](const http_request& request) -> std::vector<std::string> {
        const auto value = request.headers.get(name);
        if (!value) return {};
        return {std::string{trim_blanks(*value)}};
      };
    case versioning_type::media_type:
      if (options.key.empty()) throw std::invalid_argument{"enable_versioning: the key of a media type is empty"};
      return [key = options.key](const http_request& request) { return from_media_type(request, key); };
    case versioning_type::custom:
      if (!options.extractor)
        throw std::invalid_argument{"enable_versioning: versioning_type::custom needs an extractor"};
      return options.extractor;
  }
  return {};
}

}  // namespace nestcpp::detail
