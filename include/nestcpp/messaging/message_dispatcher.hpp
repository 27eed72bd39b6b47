#pragma once
/// @file nestcpp/messaging/message_dispatcher.hpp
/// @brief From a packet's text to its handler and back to a reply; the same for every transport.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/messaging/message_registry.hpp>
#include <nestcpp/pipeline/call.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
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
  /// @{
  void add_stream(call& one) { streams_.push_back(&one); }
  void remove_stream(call& one) noexcept { std::erase(streams_, &one); }
  /// @}

 protected:
  /// The peer reads again.
  void resume_streams() noexcept;
  /// The peer has gone: its streams are cancelled.
  void abandon_streams() noexcept;

 private:
  [[nodiscard]] std::vector<boost::intrusive_ptr<call>> held_streams() const;

  std::vector<call*> streams_;
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

  /// Handlers that have suspended and not ended yet.
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_.load(std::memory_order_relaxed); }

 private:
  friend class message_call;
  const message_registry* registry_;
  std::atomic<std::size_t> in_flight_{0};
};

}  // namespace nestcpp
