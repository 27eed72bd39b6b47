#pragma once
// What all transports' clients have in common: a session per loop, connected when needed, and the calls on it.

#include "messaging/client_session.hpp"

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/client_proxy.hpp>

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace nestcpp::detail {

using session_ptr = boost::intrusive_ptr<client_session>;

// Opens connections for a client; outlives it where an attempt is under way.
class session_opener {
 public:
  virtual ~session_opener() = default;
  // @throws unavailable_exception{never_sent}; takes a bounded time
  [[nodiscard]] virtual task<session_ptr> open(event_loop& loop) = 0;
};

class client_proxy_base : public client_proxy {
 public:
  client_proxy_base(runtime& run, std::string name, std::chrono::milliseconds timeout,
                    std::shared_ptr<session_opener> opener);
  ~client_proxy_base() override;

  [[nodiscard]] const std::string& name() const noexcept final { return name_; }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept final { return timeout_; }
  [[nodiscard]] task<reply> send_text(std::string pattern, std::string payload, call_options options) final;
  [[nodiscard]] task<void> emit_text(std::string pattern, std::string payload) final;
  [[nodiscard]] task<void> connect() final;
  void close() final;

 private:
  // The part of a client that lives on one loop.
  struct loop_side {
    loop_side(event_loop& on, std::shared_ptr<session_opener> with)
        : loop{&on}, opener{std::move(with)}, connected{on.context()} {}
    event_loop* loop;
    std::shared_ptr<session_opener> opener;
    session_ptr session;
    bool connecting = false;
    std::exception_ptr failure;           // of the last attempt, for those who waited for it
    boost::asio::steady_timer connected;  // cancelled when an attempt has ended
  };

  [[nodiscard]] loop_side* current_side() noexcept;
  [[nodiscard]] task<reply> send_on(loop_side& side, std::string pattern, std::string payload, deadline limit,
                                    std::string metadata);
  [[nodiscard]] task<void> emit_on(loop_side& side, std::string pattern, std::string payload, std::string metadata);
  [[nodiscard]] task<session_ptr> session_on(loop_side& side, deadline limit);
  // Detached from the caller, who may be cancelled while others wait for the same connection.
  static task<void> connect_side(std::shared_ptr<loop_side> side);
  static task<void> wait_connected(std::shared_ptr<loop_side> side);

  std::string name_;
  std::chrono::milliseconds timeout_;
  std::vector<std::shared_ptr<loop_side>> sides_;
};

}  // namespace nestcpp::detail
