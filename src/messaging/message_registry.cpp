#include <nestcpp/messaging/message_registry.hpp>

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/messaging/pattern.hpp>

namespace nestcpp {

namespace {
std::string name_of(const handler_chain& chain) { return chain.info().class_name + "." + chain.info().method_name; }
}  // namespace

pattern_handlers& message_registry::at(std::string_view pattern) {
  std::string route = route_of_text(pattern);
  auto& entry = by_route_[route];
  if (!entry) {
    entry = std::make_unique<pattern_handlers>();
    std::string literal;
    append_json_string(literal, pattern);
    if (route_of(literal) == route) by_literal_.emplace(std::move(literal), entry.get());
  }
  return *entry;
}

void message_registry::add_message(std::string_view pattern, std::unique_ptr<handler_chain> chain) {
  pattern_handlers& entry = at(pattern);
  if (entry.message) {
    throw startup_error{"two handlers for the message pattern \"" + std::string{pattern} +
                        "\": " + name_of(*entry.message) + " and " + name_of(*chain) +
                        "; a message has one handler: keep one of the two, or give one another pattern"};
  }
  entry.message = std::move(chain);
}

void message_registry::add_event(std::string_view pattern, std::unique_ptr<handler_chain> chain) {
  at(pattern).events.push_back(std::move(chain));
}

const pattern_handlers* message_registry::find(std::string_view raw_pattern) const {
  if (const auto literal = by_literal_.find(raw_pattern); literal != by_literal_.end()) return literal->second;
  if (raw_pattern.empty()) return nullptr;
  const auto route = by_route_.find(route_of(raw_pattern));
  return route == by_route_.end() ? nullptr : route->second.get();
}

}  // namespace nestcpp
