#pragma once
/// @file nestcpp/messaging/message_dispatcher.hpp
/// @brief From a packet's text to its handler and back to a reply; the same for every transport.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/message_registry.hpp>
#include <nestcpp/observability/metric_sample.hpp>
#include <nestcpp/pipeline/call.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace nestcpp {

/// A connection as a reply sees it. Calls under way keep it alive; it belongs to one loop.
class message_link : public boost::intrusive_ref_counter<message_link, boost::thread_safe_counter> {
 public:
  virtual ~message_link() = default;
  [[nodiscard]] virtual event_loop& loop() noexcept = 0;
  /// Where reply frames are appended. After a reply that is written outside of `dispatch`, call `flush_later`.
  [[nodiscard]] virtual std::string& output() noexcept = 0;
  /// Sends what has been appended, once for all replies of this turn of the loop.
  virtual void flush_later() noexcept = 0;
  /// A call of this link has suspended; for transports that limit how many there are.
  virtual void call_started() noexcept {}
  /// It has ended, whether it was answered or not; before its `flush_later`.
  virtual void call_ended() noexcept {}
  /// The peer reads more slowly than it is written to: streams pause until `resume_streams`.
  [[nodiscard]] virtual bool congested() const noexcept = 0;
  /// Nothing can be sent any more.
  [[nodiscard]] virtual bool closed() const noexcept = 0;

  /// @name The calls that stream to this peer
  /// They are no calls under way any more, as they may never end.
  /// @{
  /// @throws service_unavailable_exception where the transport allows no more
  void add_stream(call& one);
  void remove_stream(call& one) noexcept;
  /// Resumes the stream when the peer has room, after those that wait already.
  void park_stream(call& one) { parked_.emplace_back(&one); }
  /// @}

 protected:
  [[nodiscard]] bool has_streams() const noexcept { return !streams_.empty(); }
  [[nodiscard]] std::size_t stream_count() const noexcept { return streams_.size(); }
  /// Whether one more may begin; for transports that limit how many there are.
  [[nodiscard]] virtual bool may_stream() noexcept { return true; }
  virtual void stream_ended() noexcept {}
  /// The peer has room: streams go on in turn, until it has none.
  void resume_streams() noexcept;
  /// The peer has gone: its streams are cancelled.
  void abandon_streams() noexcept;

 private:
  std::unordered_set<call*> streams_;
  std::list<boost::intrusive_ptr<call>> parked_;
};

/// @par Thread safety Safe: each loop dispatches its own connections' packets.
class message_dispatcher {
 public:
  explicit message_dispatcher(const message_registry& registry) : registry_{&registry} {}

  /// Serves one packet: starts its handler and appends the reply to the link, at once or when the handler has ended.
  /// @param text valid UTF-8; need not outlive the call
  /// @return empty, or why the text is no packet: the connection should be closed
  [[nodiscard]] std::string dispatch(std::string_view text, message_link& link,
                                     std::chrono::steady_clock::time_point received_at);

  /// Handlers that have suspended and not ended yet, also where their callers have been answered: after a time limit,
  /// say. Who reads 0 sees all that they did.
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_->load(std::memory_order_acquire); }
  /// What has been served by pattern, for those whose handlers have a meter, and what nobody handles:
  /// `messaging_server_messages_total{pattern="user.create",kind="message",handler="UsersController.create",
  /// result="success"}`, `messaging_server_message_duration_seconds`, `messaging_server_unhandled_messages_total`,
  /// `messaging_server_messages_in_flight`.
  [[nodiscard]] std::vector<metric_sample> metrics() const;

 private:
  friend class message_call;
  const message_registry* registry_;
  // Shared with the calls, which the loop of an in-memory client may keep for longer than the dispatcher lives.
  std::shared_ptr<std::atomic<std::size_t>> in_flight_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::atomic<std::uint64_t> unhandled_{0};
};

}  // namespace nestcpp
