#pragma once
/// @file nestcpp/messaging/metadata.hpp
/// @brief What travels in a request's `metadata`: NestJS 11 ignores it, NestJS 12 shows it to handlers.

#include <nestcpp/core/deadline.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

/// The id of the request that caused the message, for logs: text.
inline constexpr std::string_view metadata_request_id = "requestId";
/// How long the caller still waits: whole milliseconds.
inline constexpr std::string_view metadata_timeout_ms = "nestcpp-timeout-ms";
/// Of a call that is repeated or hedged: which attempt this is, 2 or more. The first says nothing.
inline constexpr std::string_view metadata_attempt = "nestcpp-attempt";
/// Where the message stands in a distributed trace: W3C's `traceparent`, text.
inline constexpr std::string_view metadata_traceparent = "traceparent";

/// The caller's patience; nullopt: not told, or no number.
[[nodiscard]] std::optional<std::chrono::milliseconds> metadata_timeout(std::string_view metadata);

/// `{"requestId":…,"nestcpp-timeout-ms":…,"nestcpp-attempt":…,"traceparent":…}` with what is known; empty where nothing
/// is.
/// @param traceparent well-formed, or empty
[[nodiscard]] std::string make_metadata(std::string_view request_id, deadline limit, int attempt = 1,
                                        std::string_view traceparent = {});

}  // namespace nestcpp
