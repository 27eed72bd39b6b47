#include <nestcpp/messaging/rpc_context.hpp>

#include <nestcpp/core/uuid.hpp>
#include <nestcpp/dto/json_member.hpp>
#include <nestcpp/messaging/metadata.hpp>

namespace nestcpp {

namespace {

// A JSON string's text; other tokens as they are.
std::string text_of(std::string_view token) {
  std::string text;
  if (!token.empty() && token.front() == '"' && unquote_json(token, text)) return text;
  return std::string{token};
}

}  // namespace

rpc_context::rpc_context(const handler_info& handler, const request_envelope& envelope,
                         std::chrono::steady_clock::time_point received_at)
    : execution_context{context_type::rpc, handler, received_at}, envelope_{envelope} {
  if (envelope.metadata.empty()) return;
  if (const auto limit = metadata_timeout(envelope.metadata)) limit_to(deadline{received_at + *limit});
}

std::string rpc_context::get_pattern() const { return text_of(envelope_.pattern); }

std::optional<std::string> rpc_context::get_metadata(std::string_view name) const {
  const std::string_view token = find_member(envelope_.metadata, name);
  if (token.empty()) return std::nullopt;
  return text_of(token);
}

std::string rpc_context::make_request_id() const {
  if (!envelope_.metadata.empty()) {
    const std::string_view id = find_member(envelope_.metadata, metadata_request_id);
    if (id.size() > 2 && id.front() == '"') return text_of(id);
  }
  if (envelope_.is_request() && envelope_.id.size() <= 130) return text_of(envelope_.id);
  return uuid::v4().to_string();
}

std::string_view rpc_context::traceparent() const {
  if (envelope_.metadata.empty()) return {};
  const std::string_view token = find_member(envelope_.metadata, metadata_traceparent);
  // Without escapes, as nothing well-formed needs any.
  return token.size() > 2 && token.front() == '"' ? token.substr(1, token.size() - 2) : std::string_view{};
}

}  // namespace nestcpp
