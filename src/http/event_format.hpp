#pragma once
// Server-sent events as text, as NestJS 12 writes them.

#include <nestcpp/pipeline/exception_filter.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace nestcpp::detail {

/// Appends an event whose data is the JSON value `json`: a text as it reads, anything else as it stands.
void append_event(std::string& out, std::string_view json, std::string_view id);
/// Appends a `message_event`, which is given as its JSON.
/// @param events how many had a number before; one that has no id of its own gets the next
void append_message_event(std::string& out, std::string_view json, std::uint64_t& events);
/// Appends what tells of a failure after events were sent: `event: error`.
void append_error_event(std::string& out, const error_response& error, std::string_view id);

}  // namespace nestcpp::detail
