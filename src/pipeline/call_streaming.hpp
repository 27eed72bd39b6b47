#pragma once
// What a call holds while its stream runs.

#include <nestcpp/core/stream.hpp>
#include <nestcpp/pipeline/call.hpp>

#include <optional>

namespace nestcpp {

struct call::streaming {
  stream<reply> values;
  // Sent once it is known whether it is the last: NestJS ends a stream with its last value where it can.
  std::optional<reply> held{};
  bool paused = false;
};

}  // namespace nestcpp
