#pragma once
/// @file nestcpp/pipeline/call.hpp
/// @brief One request under way that may suspend: runs its chain, keeps its time limit, answers exactly once.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/pipeline/exception_filter.hpp>
#include <nestcpp/pipeline/execution_context.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <exception>
#include <memory>
#include <optional>

namespace nestcpp {

/// Derived by each transport, which owns the context and writes the answer.
/// @par Thread safety Only the reference count; everything else happens on the call's loop.
/// @par Cancellation At its time limit the call is answered with 408 and its coroutine cancelled; a coroutine that does
/// not end at once goes on, its late result is dropped. A caller who goes away cancels nothing.
class call : public boost::intrusive_ref_counter<call, boost::thread_safe_counter> {
 public:
  explicit call(event_loop& loop) : loop_{&loop} {}
  virtual ~call() = default;
  call(const call&) = delete;
  call& operator=(const call&) = delete;

  [[nodiscard]] event_loop& loop() noexcept { return *loop_; }
  [[nodiscard]] virtual execution_context& context() noexcept = 0;

  /// Runs `chain` for this call; must be called on its loop, once. `answer_*` may be called before it returns.
  /// @par Lifetime The chain must outlive the call.
  void start(const handler_chain& chain);

 protected:
  virtual void answer_reply(const reply& result) noexcept = 0;
  virtual void answer_error(const error_response& error) noexcept = 0;

 private:
  class completion;

  void arm_timer();
  void finish(const std::exception_ptr& failure, const reply& result) noexcept;
  void time_out() noexcept;

  event_loop* loop_;
  const handler_chain* chain_ = nullptr;
  boost::asio::cancellation_signal cancel_;
  std::optional<boost::asio::steady_timer> timer_;
  std::size_t observed_ = 0;
  bool answered_ = false;
};

}  // namespace nestcpp
