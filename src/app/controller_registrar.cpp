#include <nestcpp/app/controller_registrar.hpp>

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

namespace nestcpp {

namespace {
constexpr logger log{"RoutesResolver"};
}  // namespace

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
  log.debug("Mapped {{{}, {}}} to {}.{}", pattern, is_event ? "event" : "message", chain->info().class_name,
            chain->info().method_name);
  if (is_event) {
    messages_->add_event(pattern, std::move(chain));
  } else {
    messages_->add_message(pattern, std::move(chain));
  }
}

void controller_registrar::add_http(http_method verb, const std::string& path, std::unique_ptr<handler_chain> chain,
                                    http_route_options options) {
  if (http_ == nullptr) return;
  log.debug("Mapped {{{}, {}}} to {}.{}", path, to_string(verb), chain->info().class_name, chain->info().method_name);
  http_->add_route(verb, path, std::move(chain), options);
}

}  // namespace nestcpp
