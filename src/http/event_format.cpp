#include "http/event_format.hpp"

#include <nestcpp/dto/json_member.hpp>

namespace nestcpp::detail {

namespace {

// One line for each of the text's; they end with CR, LF or both.
void append_lines(std::string& out, std::string_view prefix, std::string_view text) {
  while (true) {
    const auto end = text.find_first_of("\r\n");
    out.append(prefix).append(text.substr(0, end)) += '\n';
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
}

// What a field of one line holds.
void append_field(std::string& out, std::string_view prefix, std::string_view text) {
  out += prefix;
  for (const char c : text) {
    if (c != '\r' && c != '\n') out += c;
  }
  out += '\n';
}

bool has_value(std::string_view json) { return !json.empty() && json != "null"; }

// The text of a JSON string; anything else as it stands.
std::string plain(std::string_view json) {
  std::string text;
  if (unquote_json(json, text)) return text;
  return std::string{json};
}

}  // namespace

void append_event(std::string& out, std::string_view json, std::string_view id) {
  append_field(out, "id: ", id);
  append_lines(out, "data: ", plain(json));
  out += '\n';
}

void append_message_event(std::string& out, std::string_view json, std::uint64_t& events) {
  const std::string_view type = find_member(json, "type");
  const std::string_view id = find_member(json, "id");
  const std::string_view retry = find_member(json, "retry");
  const std::string_view comment = find_member(json, "comment");
  const std::string_view data = find_member(json, "data");
  const bool only_comment = has_value(comment) && !has_value(type) && !has_value(retry) && !has_value(data);
  if (has_value(type)) append_field(out, "event: ", plain(type));
  if (has_value(id)) {
    append_field(out, "id: ", plain(id));
  } else if (!only_comment) {
    append_field(out, "id: ", std::to_string(++events));
  }
  if (has_value(retry)) append_field(out, "retry: ", retry);
  if (has_value(comment)) append_lines(out, ": ", plain(comment));
  if (has_value(data)) append_lines(out, "data: ", plain(data));
  out += '\n';
}

void append_error_event(std::string& out, const error_response& error, std::string_view id) {
  std::string_view message = "Internal server error";
  if (const auto* text = error.body.if_string()) message = *text;
  if (const auto* object = error.body.if_object()) {
    if (const auto* found = object->if_contains("message"); found != nullptr && found->is_string()) {
      message = found->get_string();
    }
  }
  append_field(out, "event: ", "error");
  append_field(out, "id: ", id);
  append_lines(out, "data: ", message);
  out += '\n';
}

}  // namespace nestcpp::detail
