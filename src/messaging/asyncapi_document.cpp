#include <nestcpp/messaging/asyncapi_document.hpp>

#include <algorithm>

namespace nestcpp {

namespace {

// Keys of an AsyncAPI document are letters, digits, '.', '_' and '-'.
std::string key_of(std::string_view pattern) {
  std::string key;
  for (const char c : pattern) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    key += plain ? c : '_';
  }
  return key;
}

boost::json::object reference(const std::string& to) { return {{"$ref", "#/" + to}}; }

boost::json::object message(const std::string& name, boost::json::object payload) {
  return {{"name", name}, {"contentType", "application/json"}, {"payload", std::move(payload)}};
}

boost::json::object channel(const std::string& address, const std::string& name, boost::json::object payload) {
  return {{"address", address}, {"messages", boost::json::object{{name, message(name, std::move(payload))}}}};
}

}  // namespace

boost::json::object asyncapi_document(const asyncapi_info& info, const std::vector<asyncapi_operation>& operations) {
  schema_components components;
  boost::json::object channels;
  boost::json::object actions;
  for (const asyncapi_operation& operation : operations) {
    const asyncapi_schemas schemas = operation.describe(components);
    const std::string key = key_of(operation.pattern);
    const std::string in = "request";
    const std::string name = operation.is_event ? "event" : in;
    channels.emplace(key, channel(operation.pattern, name, schemas.payload));
    std::string id = operation.controller + "_" + operation.handler;
    for (int i = 2; actions.contains(id); ++i) id = operation.controller + "_" + operation.handler + std::to_string(i);
    boost::json::object action{
        {"action", "receive"},
        {"channel", reference("channels/" + key)},
        {"summary", (operation.is_event ? "Event of the pattern " : "Message of the pattern ") + operation.pattern},
        {"messages", boost::json::array{reference("channels/" + key + "/messages/" + name)}}};
    if (!operation.is_event) {
      const std::string reply = key + ".reply";
      boost::json::object answer = schemas.reply.value_or(boost::json::object{{"type", "null"}});
      channels.emplace(reply, channel(operation.pattern + ".reply", "reply", std::move(answer)));
      action.emplace(
          "reply",
          boost::json::object{{"channel", reference("channels/" + reply)},
                              {"messages", boost::json::array{reference("channels/" + reply + "/messages/reply")}}});
    }
    actions.emplace(id, std::move(action));
  }
  boost::json::object about{{"title", info.title}, {"version", info.version}};
  if (!info.description.empty()) about.emplace("description", info.description);
  boost::json::object document{{"asyncapi", "3.0.0"}, {"info", std::move(about)}};
  document.emplace("defaultContentType", "application/json");
  if (!info.host.empty()) {
    document.emplace("servers",
                     boost::json::object{
                         {"tcp", boost::json::object{{"host", info.host},
                                                     {"protocol", "tcp"},
                                                     {"description", "NestJS's TCP transport: length, '#', JSON"}}}});
  }
  document.emplace("channels", std::move(channels));
  document.emplace("operations", std::move(actions));
  document.emplace("components", boost::json::object{{"schemas", components.schemas()}});
  return document;
}

}  // namespace nestcpp
