#include <nestcpp/app/controller_registrar.hpp>

#include <nestcpp/core/log.hpp>

namespace nestcpp {

namespace {
constexpr logger resolver_log{"RoutesResolver"};
constexpr logger explorer_log{"RouterExplorer"};
}  // namespace

void controller_registrar::list_in(std::vector<route_info>& routes, std::string_view module_name, bool request_scoped) {
  routes_ = &routes;
  module_name_ = module_name;
  request_scoped_ = request_scoped;
}

void controller_registrar::begin(std::string_view controller, std::string_view prefix) {
  place_ = controller;
  if (routes_ != nullptr) resolver_log.info("{} {{{}}}:", controller, join_paths("/", prefix));
}

void controller_registrar::enter(std::string_view controller, std::string_view method) {
  place_.assign(controller).append(".").append(method);
}

void controller_registrar::list(route_kind kind, std::string_view method, std::string_view path,
                                const handler_chain& chain) {
  if (routes_ == nullptr) return;
  if (kind == route_kind::http) {
    explorer_log.info("Mapped {{{}, {}}} route", path, method);
  } else {
    explorer_log.info("Mapped {{{}}} {} pattern", path, kind == route_kind::event ? "event" : "message");
  }
  const enhancer_names& around = chain.names();
  routes_->push_back({kind, std::string{method}, std::string{path}, chain.info().class_name, chain.info().method_name,
                      std::string{module_name_}, around.guards, around.interceptors, around.pipes, around.filters,
                      request_scoped_});
}

void controller_registrar::add_message(std::string_view pattern, bool is_event, std::unique_ptr<handler_chain> chain) {
  list(is_event ? route_kind::event : route_kind::message, is_event ? "EVENT" : "MESSAGE", pattern, *chain);
  if (is_event) {
    messages_->add_event(pattern, std::move(chain));
  } else {
    messages_->add_message(pattern, std::move(chain));
  }
}

void controller_registrar::add_http(http_method verb, const std::string& path, std::unique_ptr<handler_chain> chain,
                                    http_route_options options) {
  if (http_ == nullptr) return;
  list(route_kind::http, to_string(verb), path, *chain);
  http_->add_route(verb, path, std::move(chain), options);
}

}  // namespace nestcpp
