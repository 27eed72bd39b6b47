#pragma once
// One connection of a client, without its socket: pending calls, replies matched to them, their time limits. Transports
// derive from it. All members run on the connection's loop.

#include "messaging/client_settings.hpp"
#include "messaging/pending_calls.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/frame.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace nestcpp::detail {

class client_session;

// Hears of a session's end.
class session_owner {
 public:
  virtual void on_session_closed(client_session& session) = 0;

 protected:
  ~session_owner() = default;
};

class client_session : public boost::intrusive_ref_counter<client_session, boost::thread_safe_counter> {
 public:
  using completion = pending_call::completion;

  client_session(event_loop& loop, std::shared_ptr<const client_settings> settings);
  virtual ~client_session();

  [[nodiscard]] event_loop& loop() noexcept { return *loop_; }
  [[nodiscard]] const std::string& name() const noexcept { return settings_->name; }
  [[nodiscard]] bool open() const noexcept { return open_; }
  void set_owner(std::weak_ptr<session_owner> owner) noexcept { owner_ = std::move(owner); }

  // Appends frames to send; followed by flush_later().
  [[nodiscard]] std::string& output() noexcept { return output_; }
  virtual void flush_later() = 0;
  // False: the service does not read, and the connection has been closed for it.
  [[nodiscard]] bool check_unsent();
  // Ends the connection; pending calls fail with "Connection closed".
  void close();
  // The same once no call is pending.
  void close_when_idle();

  // An id for the next request.
  [[nodiscard]] request_id next_id() noexcept { return ids_.next(); }
  // Registers a call by its id's key. It completes exactly once: with the first value or with the reply's end, or with
  // timeout_exception at the limit.
  void expect(std::uint64_t key, deadline limit, completion done, bool to_the_end);
  // Registers a call that takes all values.
  void expect_all(std::uint64_t key, deadline limit, boost::intrusive_ptr<reply_sink> sink);
  // Another limit for a call; does nothing if it has ended.
  void limit(std::uint64_t key, deadline limit);
  // Ends a call early (cancellation, a reader that is gone); its late replies are dropped. Does nothing if it has
  // ended.
  void give_up(std::uint64_t key, std::exception_ptr why);

  [[nodiscard]] std::size_t pending() const noexcept { return pending_.size(); }
  // Calls in a row that ended at their time limit while nothing at all was answered.
  [[nodiscard]] int silent() const noexcept { return silent_; }
  // Something was answered on this connection.
  [[nodiscard]] bool has_answered() const noexcept { return has_answered_; }
  [[nodiscard]] clock::time_point opened_at() const noexcept { return opened_at_; }

 protected:
  // False: the service does not speak the protocol; the connection must be closed.
  [[nodiscard]] bool take_replies();
  [[nodiscard]] frame_decoder& decoder() noexcept { return decoder_; }
  virtual void close_transport() noexcept = 0;
  // Bytes handed over for sending and not yet taken by the system, output() excluded.
  [[nodiscard]] virtual std::size_t in_flight() const noexcept = 0;

 private:
  bool on_reply(std::string_view text);
  void finish(pending_call* call, call_outcome outcome);
  void complete(pending_call call, call_outcome outcome);
  void check_at(clock::time_point at);
  void check_times();

  event_loop* loop_;
  std::shared_ptr<const client_settings> settings_;
  frame_decoder decoder_;
  std::string output_;
  request_id_generator ids_;
  pending_calls pending_;
  std::weak_ptr<session_owner> owner_;
  timer timer_;  // one for all limits: armed for the earliest
  clock::time_point next_check_ = clock::time_point::max();
  clock::time_point last_read_{};  // of a part of a packet
  clock::time_point opened_at_ = clock::now();
  int silent_ = 0;
  bool has_answered_ = false;
  bool open_ = true;
  bool closing_ = false;
};

using session_ptr = boost::intrusive_ptr<client_session>;

}  // namespace nestcpp::detail
