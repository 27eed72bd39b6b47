#pragma once
/// @file nestcpp/messaging/rpc_context.hpp
/// @brief The execution context of a message or event.

#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/pipeline/execution_context.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

class rpc_context : public execution_context {
 public:
  /// @par Lifetime The envelope's text must outlive the context.
  rpc_context(const handler_info& handler, const request_envelope& envelope,
              std::chrono::steady_clock::time_point received_at);
  ~rpc_context() override { end_attachments(); }

  /// The pattern as the peer sent it, before normalisation: text, or the JSON of an object pattern.
  [[nodiscard]] std::string get_pattern() const;
  /// The packet's metadata as JSON text; empty: there is none.
  [[nodiscard]] std::string_view get_metadata() const noexcept { return envelope_.metadata; }
  /// One member of it: a JSON string's text, the JSON of anything else. No value: it is not there.
  [[nodiscard]] std::optional<std::string> get_metadata(std::string_view name) const;
  /// Whether the peer expects a reply.
  [[nodiscard]] bool is_request() const noexcept { return envelope_.is_request(); }

  [[nodiscard]] std::string_view payload_text() const noexcept override { return envelope_.data; }

 protected:
  [[nodiscard]] std::string make_request_id() const override;
  [[nodiscard]] std::string_view traceparent() const override;

 private:
  rpc_context* as_rpc() noexcept override { return this; }

  request_envelope envelope_;
};

}  // namespace nestcpp
