#include <nestcpp/app/route_info.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace nestcpp {

namespace {

void append_names(std::string& to, std::string_view kind, const std::vector<std::string>& names) {
  if (names.empty()) return;
  fmt::format_to(std::back_inserter(to), "{}{}: {}", to.empty() ? "" : "; ", kind, fmt::join(names, ", "));
}

std::string around(const route_info& route) {
  std::string text = route.request_scoped ? "request-scoped" : "";
  append_names(text, "guards", route.guards);
  append_names(text, "interceptors", route.interceptors);
  append_names(text, "pipes", route.pipes);
  append_names(text, "filters", route.filters);
  return text;
}

}  // namespace

std::string format_routes(const std::vector<route_info>& routes) {
  std::size_t method = 0;
  std::size_t path = 0;
  std::size_t handler = 0;
  for (const route_info& each : routes) {
    method = std::max(method, each.method.size());
    path = std::max(path, each.path.size());
    handler = std::max(handler, each.controller.size() + 1 + each.handler.size());
  }
  std::string table;
  for (const route_info& each : routes) {
    std::string line = fmt::format("{:<{}}  {:<{}}  {:<{}}  {}", each.method, method, each.path, path,
                                   each.controller + "." + each.handler, handler, around(each));
    line.erase(line.find_last_not_of(' ') + 1);
    table += line + "\n";
  }
  return table;
}

}  // namespace nestcpp
