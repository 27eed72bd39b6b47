#pragma once
/// @file nestcpp/http/openapi/api_options.hpp
/// @brief NestJS's `@ApiTags()`, `@ApiOperation()`, `@ApiResponse()` … as options of controllers and routes.

#include <nestcpp/http/openapi/openapi_operation.hpp>
#include <nestcpp/pipeline/api_tags.hpp>
#include <nestcpp/pipeline/decorator_option.hpp>

#include <string_view>

namespace nestcpp {

struct api_operation_options {
  std::string_view summary{};
  std::string_view description{};
  bool deprecated = false;
};

namespace detail {

struct api_option : http_option {
  [[nodiscard]] constexpr bool is_valid() const { return true; }
};

struct api_operation_option : api_option {
  constexpr explicit api_operation_option(api_operation_options with) : value{with} {}
  template <class RouteOptions>
  void apply_to(RouteOptions& to) const {
    to.details.summary = value.summary;
    to.details.description = value.description;
    to.details.deprecated = value.deprecated;
  }
  api_operation_options value;
};

template <class T>
struct api_response_option : api_option {
  constexpr api_response_option(int code, std::string_view text) : status{code}, description{text} {}
  template <class RouteOptions>
  void apply_to(RouteOptions& to) const {
    openapi_response response{status, std::string{description}, nullptr};
    if constexpr (!std::is_void_v<T>) {
      response.schema = [](schema_components& components) { return json_schema<T>(components, schema_use::written); };
    }
    to.details.responses.push_back(std::move(response));
  }
  int status;
  std::string_view description;
};

struct api_flag_option : api_option {
  constexpr explicit api_flag_option(bool openapi_details::* which) : flag{which} {}
  template <class RouteOptions>
  void apply_to(RouteOptions& to) const {
    to.details.*flag = true;
  }
  bool openapi_details::* flag;
};

}  // namespace detail

/// NestJS's `@ApiOperation({summary, description, deprecated})`. Texts are literals.
[[nodiscard]] constexpr detail::api_operation_option api_operation(api_operation_options options) {
  return detail::api_operation_option{options};
}
/// NestJS's `@ApiResponse({status, description})`: one more answer; from 400 on with NestJS's error body.
[[nodiscard]] constexpr detail::api_response_option<void> api_response(int status, std::string_view description = {}) {
  return {status, description};
}
/// The same with a body: `api_response<UserDto>(202, "Later")`.
template <class T>
[[nodiscard]] constexpr detail::api_response_option<T> api_response(int status, std::string_view description = {}) {
  return {status, description};
}
/// NestJS's `@ApiBearerAuth()`: callers send a token.
[[nodiscard]] constexpr detail::api_flag_option api_bearer_auth() {
  return detail::api_flag_option{&openapi_details::bearer_auth};
}
/// NestJS's `@ApiExcludeEndpoint()`: the route is not in the document.
[[nodiscard]] constexpr detail::api_flag_option api_exclude_endpoint() {
  return detail::api_flag_option{&openapi_details::excluded};
}

}  // namespace nestcpp
