#include <nestcpp/messaging/metadata.hpp>

#include <nestcpp/dto/json_member.hpp>
#include <nestcpp/dto/json_writer.hpp>

#include <algorithm>
#include <charconv>

namespace nestcpp {

std::optional<std::chrono::milliseconds> metadata_timeout(std::string_view metadata) {
  const std::string_view token = find_member(metadata, metadata_timeout_ms);
  std::int64_t milliseconds = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), milliseconds);
  if (error != std::errc{} || end != token.data() + token.size() || milliseconds < 0) return std::nullopt;
  constexpr std::int64_t year = std::int64_t{365} * 24 * 3600 * 1000;  // more is as good as none, and cannot overflow
  return std::chrono::milliseconds{std::min(milliseconds, year)};
}

std::string make_metadata(std::string_view request_id, deadline limit, int attempt, std::string_view traceparent) {
  std::string json;
  if (!request_id.empty()) {
    json = "{\"requestId\":";
    append_json_string(json, request_id);
  }
  if (!limit.is_never()) {
    // Rounded up: the service must not give up before the caller does.
    json += json.empty() ? "{\"nestcpp-timeout-ms\":" : ",\"nestcpp-timeout-ms\":";
    json += std::to_string(std::chrono::ceil<std::chrono::milliseconds>(limit.remaining()).count());
  }
  if (attempt > 1) {
    json += json.empty() ? "{\"nestcpp-attempt\":" : ",\"nestcpp-attempt\":";
    json += std::to_string(attempt);
  }
  if (!traceparent.empty()) {
    json += json.empty() ? "{\"traceparent\":\"" : ",\"traceparent\":\"";
    json.append(traceparent).append("\"");
  }
  if (!json.empty()) json += '}';
  return json;
}

}  // namespace nestcpp
