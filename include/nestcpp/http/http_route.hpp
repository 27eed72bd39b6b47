#pragma once
/// @file nestcpp/http/http_route.hpp
/// @brief What NEST_GET, NEST_POST … make of a method.

#include <nestcpp/core/fixed_string.hpp>
#include <nestcpp/http/http_method.hpp>
#include <nestcpp/pipeline/method_traits.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>
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

template <auto Method, http_method Verb, fixed_string Path, class... Options>
[[nodiscard]] constexpr http_route<Method, Verb, Path, Options...> make_http_route(std::string_view name,
                                                                                   Options... options) {
  return {name, {std::move(options)...}};
}

namespace detail {

struct http_code_option {
  int status;
};

// Placeholders are `:name`, up to the next slash.
constexpr bool has_placeholder(std::string_view path, std::string_view name) {
  for (std::size_t at = path.find(':'); at != std::string_view::npos; at = path.find(':', at + 1)) {
    const std::string_view rest = path.substr(at + 1);
    if (rest.substr(0, name.size()) == name && (rest.size() == name.size() || rest[name.size()] == '/')) return true;
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

/// NestJS's `@HttpCode(status)`: the status of a success.
[[nodiscard]] constexpr detail::http_code_option http_code(int status) { return {status}; }

}  // namespace nestcpp
