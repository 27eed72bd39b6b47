#pragma once
/// @file nestcpp/messaging/asyncapi_document.hpp
/// @brief The AsyncAPI 3 document of a service's message and event patterns.

#include <nestcpp/core/stream.hpp>
#include <nestcpp/dto/json_schema.hpp>
#include <nestcpp/messaging/contract.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace nestcpp {

struct asyncapi_schemas {
  boost::json::object payload;
  std::optional<boost::json::object> reply;  ///< none: the reply has no value, or there is none (events)
};

/// One pattern, as the document needs it.
struct asyncapi_operation {
  std::string pattern;
  bool is_event = false;
  std::string controller, handler;
  asyncapi_schemas (*describe)(schema_components&) = nullptr;
};

/// For `asyncapi_operation::describe`.
template <contract Contract>
[[nodiscard]] asyncapi_schemas describe_contract(schema_components& components) {
  asyncapi_schemas made;
  made.payload = json_schema<typename Contract::request>(components);
  if constexpr (!Contract::is_event) {
    using reply_type = typename Contract::reply_type;
    if constexpr (is_stream_v<reply_type>) {
      made.reply = json_schema<stream_value_t<reply_type>>(components, schema_use::written);
    } else if constexpr (!std::is_void_v<reply_type>) {
      made.reply = json_schema<reply_type>(components, schema_use::written);
    }
  }
  return made;
}

struct asyncapi_info {
  std::string title = "API", description, version = "1.0";
  std::string host;  ///< "127.0.0.1:4001", where the service listens; empty: no server is named
};

/// Channels and operations of each pattern: it is received, and answered on `<pattern>.reply` where it is a message.
[[nodiscard]] boost::json::object asyncapi_document(const asyncapi_info& info,
                                                    const std::vector<asyncapi_operation>& operations);

}  // namespace nestcpp
