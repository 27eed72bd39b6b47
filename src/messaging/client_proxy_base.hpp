#pragma once
// What all transports' clients have in common: a side per loop, and the calls on it.

#include "messaging/client_settings.hpp"
#include "messaging/client_side.hpp"
#include "messaging/client_status_board.hpp"
#include "messaging/session_opener.hpp"

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/client_proxy.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nestcpp::detail {

class reply_reader;

class client_proxy_base : public client_proxy {
 public:
  client_proxy_base(runtime& run, std::shared_ptr<const client_settings> settings,
                    std::shared_ptr<session_opener> opener);
  ~client_proxy_base() override;

  [[nodiscard]] const std::string& name() const noexcept final { return settings_->name; }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept final { return settings_->timeout; }
  [[nodiscard]] task<reply> send_text(std::string pattern, std::string payload, call_options options) final;
  [[nodiscard]] stream<reply> send_stream_text(std::string pattern, std::string payload, call_options options) final;
  [[nodiscard]] task<void> emit_text(std::string pattern, std::string payload) final;
  [[nodiscard]] task<void> emit_acknowledged_text(std::string pattern, std::string payload, call_options options) final;
  [[nodiscard]] std::optional<client_status> status() const noexcept final { return board_->status(); }
  [[nodiscard]] client_status_subscription on_status(client_status_listener listener) final;
  [[nodiscard]] task<void> connect() final;
  void close() final;

 private:
  struct outgoing {
    std::string pattern, payload;
    std::optional<std::chrono::milliseconds> timeout{};
    int attempt = 1;
    std::vector<std::pair<std::string, std::string>> more_metadata{};
    bool to_the_end = false;                // ends with the reply, not with its first value
    std::optional<std::string> metadata{};  // made where the caller's context is
    deadline limit{};
  };

  // The side of this thread's loop; null where that has none.
  [[nodiscard]] client_side* own_side() const noexcept;
  // One for calls from elsewhere; always the same one for a thread.
  [[nodiscard]] client_side& side_for_others() const noexcept;
  [[nodiscard]] task<reply> request(outgoing call);
  [[nodiscard]] task<boost::intrusive_ptr<reply_reader>> open_stream(client_side& side, outgoing call);
  [[nodiscard]] task<void> notify(outgoing event);
  static void append_call(std::string& out, const outgoing& call, const request_id& id);
  [[nodiscard]] client_session& writable(client_session& session) const;

  std::shared_ptr<const client_settings> settings_;
  std::shared_ptr<client_status_board> board_;
  std::vector<std::shared_ptr<client_side>> sides_;
};

}  // namespace nestcpp::detail
