#pragma once
/// @file nestcpp/http/redirect_to.hpp
/// @brief Results of handlers that say more than a body: a redirect, or a whole answer.

#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/http_response.hpp>
#include <nestcpp/pipeline/result_writer.hpp>

#include <string>
#include <utility>

namespace nestcpp {

/// A handler's result that sends the caller elsewhere; goes before the route's `redirect(…)`.
struct redirect_to {
  std::string url;
  int status = 0;  ///< 300 to 399. Default: the route's, or 302.
};

template <>
struct result_writer<redirect_to> {
  static bool write(execution_context& context, redirect_to result) {
    http_response& response = context.switch_to_http().response();
    if (result.status != 0 || response.status < 300 || response.status > 399) {
      response.status = result.status != 0 ? result.status : 302;
    }
    response.headers.set("Location", std::move(result.url));
    return false;
  }
};

/// A handler may answer by itself: status, headers and body, or the source of one. Headers that stand on the route or
/// were set before stay where the answer has none of their name.
template <>
struct result_writer<http_response> {
  static bool write(execution_context& context, http_response result) {
    http_response& response = context.switch_to_http().response();
    response.status = result.status;
    for (const auto& [name, value] : result.headers) response.headers.remove(name);
    for (const auto& [name, value] : result.headers) response.headers.add(name, value);
    response.body = std::move(result.body);
    response.source = std::move(result.source);
    return false;
  }
};

}  // namespace nestcpp
