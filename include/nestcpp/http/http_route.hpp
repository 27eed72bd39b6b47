#pragma once
/// @file nestcpp/http/http_route.hpp
/// @brief What NEST_GET, NEST_POST … make of a method.

#include <nestcpp/core/fixed_string.hpp>
#include <nestcpp/core/stream.hpp>
#include <nestcpp/http/event_stream.hpp>
#include <nestcpp/http/http_method.hpp>
#include <nestcpp/http/message_event.hpp>
#include <nestcpp/pipeline/decorator_option.hpp>
#include <nestcpp/pipeline/method_traits.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// A method bound to a route. Made without a macro by `make_http_route<&UsersController::find, http_method::get,
/// "/:id">("find")`.
template <auto Method, http_method Verb, fixed_string Path, class... Options>
struct http_route {
  static constexpr auto method = Method;
  static constexpr http_method verb = Verb;
  static constexpr std::string_view path() { return Path.view(); }
  std::string_view name;
  std::tuple<Options...> options;
};

namespace detail {

struct http_code_option : http_option {
  constexpr explicit http_code_option(int code) : status{code} {}
  [[nodiscard]] constexpr bool is_valid() const { return status >= 200 && status <= 599; }
  template <class RouteOptions>
  void apply_to(RouteOptions& to) const {
    to.status = status;
  }
  int status;
};

struct response_header_option : http_option {
  constexpr response_header_option(std::string_view header, std::string_view text) : name{header}, value{text} {}
  [[nodiscard]] constexpr bool is_valid() const {
    constexpr std::string_view token = "!#$%&'*+-.^_`|~";
    const auto in_token = [&](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             token.find(c) != std::string_view::npos;
    };
    for (const char c : name) {
      if (!in_token(c)) return false;
    }
    for (const char c : value) {
      if ((c >= 0 && c < ' ' && c != '\t') || c == 0x7f) return false;
    }
    return !name.empty();
  }
  template <class RouteOptions>
  void apply_to(RouteOptions& to) const {
    to.headers.emplace_back(name, value);
  }
  std::string_view name;
  std::string_view value;
};

struct redirect_option : http_option {
  constexpr redirect_option(std::string_view to, int code) : url{to}, status{code} {}
  [[nodiscard]] constexpr bool is_valid() const { return !url.empty() && status >= 300 && status <= 399; }
  template <class RouteOptions>
  void apply_to(RouteOptions& to) const {
    to.status = status;
    to.headers.emplace_back("Location", url);
  }
  std::string_view url;
  int status;
};

struct body_limit_option : http_option {
  constexpr explicit body_limit_option(std::size_t limit) : bytes{limit} {}
  [[nodiscard]] constexpr bool is_valid() const { return bytes > 0; }
  template <class RouteOptions>
  void apply_to(RouteOptions& to) const {
    to.body_limit = bytes;
  }
  std::size_t bytes;
};

struct events_option : http_option {
  constexpr explicit events_option(event_stream given) : kind{given} {}
  [[nodiscard]] constexpr bool is_valid() const { return true; }
  template <class RouteOptions>
  void apply_to(RouteOptions& to) const {
    to.events = kind;
  }
  event_stream kind;
};

/// What NEST_SSE says of a route.
template <auto Method>
[[nodiscard]] constexpr events_option server_sent_events() {
  using value = typename traits_of<Method>::value;
  static_assert(is_stream_v<value>,
                "nestcpp: NEST_SSE: the handler returns nest::stream<T> or nest::task<nest::stream<T>>, where T is "
                "nest::message_event or what shall be an event's data");
  return events_option{std::is_same_v<stream_value_t<value>, message_event> ? event_stream::messages
                                                                            : event_stream::values};
}

// Placeholders are `:name` and `*name`, up to the next slash or brace.
constexpr bool has_placeholder(std::string_view path, std::string_view name) {
  for (std::size_t at = path.find_first_of(":*"); at != std::string_view::npos; at = path.find_first_of(":*", at + 1)) {
    const std::string_view rest = path.substr(at + 1);
    if (rest.substr(0, name.size()) != name) continue;
    if (rest.size() == name.size() || rest[name.size()] == '/' || rest[name.size()] == '{' || rest[name.size()] == '}')
      return true;
  }
  return false;
}

template <auto Method>
constexpr bool path_parameters_exist(std::string_view prefix, std::string_view path) {
  return traits_of<Method>::all_named(parameter_kind::path, [&](std::string_view name) {
    return has_placeholder(prefix, name) || has_placeholder(path, name);
  });
}

template <auto Method>
constexpr bool http_parameters_fit() {
  using traits = traits_of<Method>;
  return traits::parameters_fit && traits::count(parameter_kind::body) <= 1;
}

}  // namespace detail

template <auto Method, http_method Verb, fixed_string Path, class... Options>
[[nodiscard]] constexpr http_route<Method, Verb, Path, Options...> make_http_route(std::string_view name,
                                                                                   Options... options) {
  static_assert(detail::is_handler_method<Method>(), "nestcpp: make_http_route<&C::method, …>: name a member function");
  static_assert(
      detail::http_parameters_fit<Method>(),
      "nestcpp: make_http_route: parameters are path<>, query<>, header<>, payload<>, contexts (by reference), "
      "types with a parameter_extractor and at most one body, by value or const&");
  static_assert(
      ((std::is_base_of_v<detail::enhancer_option, Options> || std::is_base_of_v<detail::http_option, Options>) && ...),
      "nestcpp: make_http_route: options are use_guards<…>(), use_interceptors<…>(), use_pipes<…>(), "
      "use_filters<…>(), set_metadata(…), http_code(…), response_header(…), redirect(…), body_limit(…)");
  return {name, {std::move(options)...}};
}

/// NestJS's `@HttpCode(status)`: the status of a success.
/// @param status 200 to 599
[[nodiscard]] constexpr detail::http_code_option http_code(int status) { return detail::http_code_option{status}; }

/// NestJS's `@Header(name, value)`: a header of every answer of the route, failures included. What the handler sets
/// under the name replaces it. Both texts are literals.
[[nodiscard]] constexpr detail::response_header_option response_header(std::string_view name, std::string_view value) {
  return {name, value};
}

/// NestJS's `@Redirect(url, status)`. The handler may return a `redirect_to` that goes before it.
/// @param status 300 to 399. Default: 302
[[nodiscard]] constexpr detail::redirect_option redirect(std::string_view url, int status = 302) {
  return {url, status};
}

/// Bytes that a body of this route may have, after decompression. Default: 100 KiB, as Express' body parser. Over it:
/// 413.
[[nodiscard]] constexpr detail::body_limit_option body_limit(std::size_t bytes) {
  return detail::body_limit_option{bytes};
}

}  // namespace nestcpp
