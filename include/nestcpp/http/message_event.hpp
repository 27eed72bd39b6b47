#pragma once
/// @file nestcpp/http/message_event.hpp
/// @brief NestJS's MessageEvent: what a handler of server-sent events gives.

#include <nestcpp/core/tag.hpp>
#include <nestcpp/dto/field.hpp>
#include <nestcpp/dto/json_text.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

namespace nestcpp {

/// One event of a `NEST_SSE` handler that returns `stream<message_event>`; one that returns a stream of anything else
/// gives events that have only data.
///
///     co_yield nest::message_event{.data = nest::json_text::of(tick), .type = "tick"};
struct message_event {
  /// Texts travel as they are, a `data:` for each of their lines, anything else as JSON.
  json_text data{};
  std::optional<std::string> type{};     ///< Default: none, what `onmessage` hears.
  std::optional<std::string> id{};       ///< Default: the event's number, from 1 on.
  std::optional<std::int64_t> retry{};   ///< How long a browser waits before it connects again, in milliseconds.
  std::optional<std::string> comment{};  ///< Keeps a connection alive; browsers leave it out.
};
// What NEST_DTO would make, without the rules' headers.
constexpr auto nest_describe_dto(tag<message_event>) {
  return std::make_tuple(make_field<&message_event::data>("data"), make_field<&message_event::type>("type"),
                         make_field<&message_event::id>("id"), make_field<&message_event::retry>("retry"),
                         make_field<&message_event::comment>("comment"));
}

}  // namespace nestcpp
