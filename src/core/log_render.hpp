#pragma once
// One log line in either of its forms; kept apart from the sinks so that it can be tested as a plain function.

#include <nestcpp/core/log.hpp>
#include <nestcpp/core/timestamp.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nestcpp::detail {

struct log_event {
  log_level level{};
  timestamp at{};
  std::int64_t pid{};
  std::string_view service, context, message, request_id;
  std::span<const log_field> fields{};
};

// Both end with a line feed. Pretty text keeps its line breaks, with the further lines indented, so that what a caller
// sent cannot look like a line of its own; other control characters are shown as \xNN.
void render_pretty(std::string& out, const log_event& event, bool colours);
void render_json(std::string& out, const log_event& event);

}  // namespace nestcpp::detail
