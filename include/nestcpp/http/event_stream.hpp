#pragma once
/// @file nestcpp/http/event_stream.hpp
/// @brief How a route answers with a stream.

#include <cstdint>

namespace nestcpp {

/// Whether a route answers with server-sent events, and what its handler's stream gives.
enum class event_stream : std::uint8_t {
  none,      ///< the route answers with the stream's last value, as NestJS
  values,    ///< each value is an event's data
  messages,  ///< each value is a `message_event`
};

}  // namespace nestcpp
