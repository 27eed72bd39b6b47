#include <nestcpp/http/http_router.hpp>

#include "http/percent.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <algorithm>
#include <optional>

namespace nestcpp {

namespace {

struct target {
  std::size_t route;
  std::string handler;
  std::vector<std::string> names;  // of the parameters on the way, first to last
};

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

std::string_view without_end_slash(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

struct http_router::node {
  std::string text;  // of the segment, lower case
  std::vector<std::unique_ptr<node>> texts;
  std::unique_ptr<node> parameter;
  std::unique_ptr<node> wildcard;  // takes all that follows
  std::array<std::optional<target>, http_method_count> targets;
  std::optional<target> every_method;

  node& child(std::string_view segment) {
    if (segment.starts_with(':')) {
      if (!parameter) parameter = std::make_unique<node>();
      return *parameter;
    }
    if (segment.starts_with('*')) {
      if (!wildcard) wildcard = std::make_unique<node>();
      return *wildcard;
    }
    const std::string wanted = lower_case(segment);
    for (const auto& each : texts) {
      if (each->text == wanted) return *each;
    }
    texts.push_back(std::make_unique<node>());
    texts.back()->text = wanted;
    return *texts.back();
  }

  [[nodiscard]] const target* serving(http_method method) const {
    if (method == http_method::other) return nullptr;
    if (const auto& own = targets[static_cast<std::size_t>(method)]) return &*own;
    if (method == http_method::head) return serving(http_method::get);
    return every_method ? &*every_method : nullptr;
  }

  /// @param path the rest, empty or beginning with a slash
  /// @param values the parameters' segments on the way, as sent
  const target* find(http_method method, std::string_view path, std::vector<std::string_view>& values) const {
    if (path.empty()) return serving(method);
    path.remove_prefix(1);
    const std::string_view all = path;
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (segment.empty()) return nullptr;
    for (const auto& each : texts) {
      if (!detail::equals_ignoring_case(each->text, segment)) continue;
      if (const target* found = each->find(method, path, values)) return found;
      break;
    }
    for (const bool takes_all : {false, true}) {
      const node* const next = takes_all ? wildcard.get() : parameter.get();
      if (next == nullptr) continue;
      values.push_back(takes_all ? all : segment);
      if (const target* found = next->find(method, takes_all ? std::string_view{} : path, values)) return found;
      values.pop_back();
    }
    return nullptr;
  }
};

http_router::http_router() : root_{std::make_unique<node>()} {}
http_router::~http_router() = default;
http_router::http_router(http_router&&) noexcept = default;
http_router& http_router::operator=(http_router&&) noexcept = default;

void http_router::add(http_method method, std::string_view pattern, std::size_t route, std::string handler) {
  // What may be left out: once without it, once with it.
  if (const auto open = pattern.find('{'); open != std::string_view::npos) {
    const auto close = pattern.find('}', open);
    if (close == std::string_view::npos ||
        pattern.substr(open + 1, close - open - 1).find('{') != std::string_view::npos) {
      throw startup_error{handler + " (" + std::string{to_string(method)} + ' ' + std::string{pattern} +
                          "): what may be left out stands between '{' and '}', without others inside: '/users{/:id}'"};
    }
    const std::string before{pattern.substr(0, open)};
    const std::string after{pattern.substr(close + 1)};
    add(method, before + after, route, handler);
    return add(method, before + std::string{pattern.substr(open + 1, close - open - 1)} + after, route, handler);
  }
  const std::string shown = std::string{to_string(method)} + ' ' + std::string{pattern};
  if (method == http_method::other) throw startup_error{handler + ": a route needs a method"};
  node* at = root_.get();
  target added{route, std::move(handler), {}};
  std::string_view rest = pattern;
  while (!rest.empty()) {
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(segment.size() + 1, rest.size()));
    if (segment.empty()) continue;
    const bool takes_all = segment.starts_with('*');
    if (takes_all && rest.find_first_not_of('/') != std::string_view::npos) {
      throw startup_error{added.handler + " (" + shown + "): '" + std::string{segment} +
                          "' takes all that follows; it must be the last part"};
    }
    if (segment.starts_with(':') || takes_all ? !is_name(segment.substr(1))
                                              : segment.find_first_of(":*?+(){}[]!\\%# ") != std::string_view::npos) {
      throw startup_error{added.handler + " (" + shown + "): '" + std::string{segment} +
                          "' cannot be part of a path; a part is a text like 'users', a parameter like ':id', or at "
                          "the end '*path' for all that follows"};
    }
    if (segment.starts_with(':') || takes_all) {
      const std::string name{segment.substr(1)};
      if (std::find(added.names.begin(), added.names.end(), name) != added.names.end()) {
        throw startup_error{added.handler + " (" + shown + "): parameter '" + std::string{segment} + "' occurs twice"};
      }
      added.names.push_back(name);
    }
    at = &at->child(segment);
  }
  auto& place = method == http_method::all ? at->every_method : at->targets[static_cast<std::size_t>(method)];
  if (place) {
    throw startup_error{"two handlers for " + shown + ": " + place->handler + " and " + added.handler +
                        "; keep one of the two, or give one another path"};
  }
  place = std::move(added);
}

http_router::result http_router::match(http_method method, std::string_view path) const {
  if (!path.empty() && path[0] != '/') return {};
  std::vector<std::string_view> values;
  const target* found = root_->find(method, without_end_slash(path), values);
  if (found == nullptr) return {};
  result out{outcome::found, found->route, {}, {}};
  out.parameters.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto value = detail::decode_uri_component(values[i]);
    if (!value) return {outcome::undecodable, found->route, {}, values[i]};
    out.parameters.emplace_back(found->names[i], std::move(*value));
  }
  return out;
}

}  // namespace nestcpp
