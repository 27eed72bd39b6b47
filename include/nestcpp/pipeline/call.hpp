#pragma once
/// @file nestcpp/pipeline/call.hpp
/// @brief One request under way that may suspend: runs its chain, keeps its time limit, answers exactly once.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/stream.hpp>
#include <nestcpp/pipeline/exception_filter.hpp>
#include <nestcpp/pipeline/execution_context.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <exception>
#include <memory>
#include <optional>

namespace nestcpp {

/// Derived by each transport, which owns the context and writes the answer.
/// @par Thread safety Only the reference count; everything else happens on the call's loop.
/// @par Cancellation At its time limit the call is answered with 408 and its coroutine cancelled; a coroutine that does
/// not end at once goes on, its late result is dropped. A caller who goes away cancels only streams.
/// @par Streams A handler's stream is consumed as fast as the peer takes its values. The chain's time limit then holds
/// for each value by itself, the caller's for the whole. Observers see one end, the stream's.
class call : public boost::intrusive_ref_counter<call, boost::thread_safe_counter> {
 public:
  explicit call(event_loop& loop);
  virtual ~call();
  call(const call&) = delete;
  call& operator=(const call&) = delete;

  [[nodiscard]] event_loop& loop() noexcept { return *loop_; }
  [[nodiscard]] virtual execution_context& context() noexcept = 0;

  /// Runs `chain` for this call; must be called on its loop, once. `answer_*` may be called before it returns.
  /// @par Lifetime The chain must outlive the call.
  void start(const handler_chain& chain);

  /// @name For transports, about the stream of this call, if there is one
  /// @{
  /// The peer takes values again.
  void resume_stream() noexcept;
  /// The peer has gone: ends the stream without an answer.
  void abandon_stream() noexcept;
  /// @}

 protected:
  /// The result; of a stream the last value, or none where it has been answered already.
  virtual void answer_reply(const reply& result) noexcept = 0;
  virtual void answer_error(const error_response& error) noexcept = 0;

  /// @name Streams
  /// @{
  /// False: only the last value of a stream is answered.
  [[nodiscard]] virtual bool sends_each_value() const noexcept { return false; }
  /// A value which is not the last.
  virtual void answer_value(const reply&) noexcept {}
  /// The stream waits for its first or next value; what was given has been answered.
  virtual void await_value() noexcept {}
  /// True: the stream pauses.
  [[nodiscard]] virtual bool peer_is_congested() const noexcept { return false; }
  /// It has paused. Who overrides this keeps the call, and calls `resume_stream` when the peer has room.
  virtual void await_room() noexcept {}
  /// A stream begins. False: nobody is there to take it. What it throws is answered.
  [[nodiscard]] virtual bool open_stream() { return true; }
  /// The stream that was opened has ended. Comes before the answer; where the peer has gone there is none.
  virtual void close_stream(bool abandoned) noexcept { static_cast<void>(abandoned); }
  /// @}

 private:
  class completion;
  class stream_waiter;
  struct streaming;

  [[nodiscard]] boost::asio::any_io_executor executor();
  void begin_stream(const reply& result) noexcept;
  void pump() noexcept;
  bool on_step(detail::stream_step step) noexcept;
  void send_held() noexcept;
  void end_stream(const std::exception_ptr& failure) noexcept;
  void renew_limit() noexcept;

  void arm_timer();
  void finish(const std::exception_ptr& failure, const reply& result) noexcept;
  void time_out() noexcept;

  event_loop* loop_;
  const handler_chain* chain_ = nullptr;
  boost::asio::cancellation_signal cancel_;
  std::optional<timer> timer_;
  deadline caller_limit_;
  std::unique_ptr<streaming> streaming_;
  std::size_t observed_ = 0;
  bool answered_ = false;
};

}  // namespace nestcpp
