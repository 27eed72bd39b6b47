#include <nestcpp/app/controller_registrar.hpp>

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <algorithm>

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

route_paths::place route_paths::of(std::string_view path, const api_versions* versions) const {
  const bool out = std::ranges::any_of(excluded, [&](const std::string& each) {
    const std::string whole = join_paths("", each);
    return path == whole || path.starts_with(whole + "/");
  });
  const std::string before = out ? std::string{} : prefix;
  std::vector<std::string> served;
  if (this->versions && versions == nullptr && !default_version.empty()) {
    served.push_back(default_version);
  } else if (this->versions && versions != nullptr) {
    served.assign(versions->values.begin(), versions->values.begin() + static_cast<std::ptrdiff_t>(versions->count));
  }
  if (!versions_in_path) return {{join_paths(before, path)}, std::move(served)};
  place found;
  for (const std::string& version : served) {
    found.paths.push_back(join_paths(join_paths(before, version_prefix + version), path));
  }
  if (found.paths.empty()) found.paths.push_back(join_paths(before, path));
  return found;
}

route_paths::place controller_registrar::place_of(const std::string& path, std::string_view method,
                                                  const enhancers& outer, const enhancers& inner) const {
  if (paths_ == nullptr) return {{path}, {}};
  const api_versions* versions = inner.metadata.get<api_versions>();
  if (versions == nullptr) {
    const auto found = method_metadata_.find(std::string{method});
    if (found != method_metadata_.end()) versions = found->second.values.get<api_versions>();
  }
  if (versions == nullptr) versions = outer.metadata.get<api_versions>();
  return paths_->of(path, versions);
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

// Metadata of the method: what stands in the decorator itself goes before a line of its own.
void controller_registrar::describe(handler_info& info, const enhancers& outer, const enhancers& inner) {
  info.controller_metadata = outer.metadata;
  if (const auto found = method_metadata_.find(info.method_name); found != method_metadata_.end()) {
    info.handler_metadata = found->second.values;
    found->second.used = true;
  }
  info.handler_metadata.add(inner.metadata);
}

void controller_registrar::check_metadata(std::string_view controller) const {
  for (const auto& [method, line] : method_metadata_) {
    if (line.used) continue;
    throw startup_error{"NEST_SET_METADATA(" + method + ", …) in " + std::string{controller} +
                        ": no decorator binds that method; write NEST_GET(" + method + ", …) or another one"};
  }
}

void controller_registrar::add_message(std::string_view pattern, bool is_event, std::unique_ptr<handler_chain> chain) {
  list(is_event ? route_kind::event : route_kind::message, is_event ? "EVENT" : "MESSAGE", pattern, *chain);
  if (meters_messages_) chain->set_meter(std::make_shared<call_meter>());
  if (is_event) {
    messages_->add_event(pattern, std::move(chain));
  } else {
    messages_->add_message(pattern, std::move(chain));
  }
}

void controller_registrar::document(http_method verb, const std::string& path, const handler_chain& chain,
                                    const http_route_options& options,
                                    openapi_signature (*describe)(schema_components&)) {
  if (documented_routes_ == nullptr) return;
  openapi_operation made;
  made.method = verb;
  made.path = path;
  made.controller = chain.info().class_name;
  made.handler = chain.info().method_name;
  const auto* tags = chain.info().handler_metadata.get<api_tags_value>();
  if (tags == nullptr) tags = chain.info().controller_metadata.get<api_tags_value>();
  for (std::size_t i = 0; tags != nullptr && i < tags->count; ++i) made.tags.emplace_back(tags->names[i]);
  made.status = options.status != 0 ? options.status : verb == http_method::post ? 201 : 200;
  made.has_guards = !chain.names().guards.empty();
  made.forbids_unknown = chain.validation().whitelist && chain.validation().forbid_non_whitelisted;
  made.details = options.details;
  made.sends_events = options.events != event_stream::none;
  made.describe = describe;
  documented_routes_->push_back(std::move(made));
}

void controller_registrar::add_http(http_method verb, const std::string& path, std::unique_ptr<handler_chain> chain,
                                    http_route_options options) {
  if (http_ == nullptr) return;
  list(route_kind::http, to_string(verb), path, *chain);
  http_->add_route(verb, path, std::move(chain), options);
}

}  // namespace nestcpp
