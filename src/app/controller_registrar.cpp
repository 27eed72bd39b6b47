#include <nestcpp/app/controller_registrar.hpp>

#include <nestcpp/core/log.hpp>

namespace nestcpp {

namespace {
constexpr logger log{"RoutesResolver"};
}  // namespace

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
