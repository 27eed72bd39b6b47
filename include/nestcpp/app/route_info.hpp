#pragma once
/// @file nestcpp/app/route_info.hpp
/// @brief What an application serves, as data: each route and pattern with its handler and what stands around it.

#include <string>
#include <string_view>
#include <vector>

namespace nestcpp {

enum class route_kind { http, message, event };

struct route_info {
  route_kind kind = route_kind::http;
  std::string method;      ///< "GET"; of messages "MESSAGE", of events "EVENT".
  std::string path;        ///< "/users/:id"; of messages and events the pattern: "user.create".
  std::string controller;  ///< "UsersController"
  std::string handler;     ///< "find"
  std::string module;      ///< The module that lists the controller.
  /// Classes around the handler, global ones first, without their namespaces; filters in the order they are asked.
  std::vector<std::string> guards, interceptors, pipes, filters;
  bool request_scoped = false;  ///< Each call has a controller of its own.
};

/// A table with a line for each route: `GET  /users/:id  UsersController.find  guards: AuthGuard`. Ends with a newline;
/// empty where there are no routes.
[[nodiscard]] std::string format_routes(const std::vector<route_info>& routes);

}  // namespace nestcpp
