#pragma once
/// @file nestcpp/pipeline/interceptor.hpp
/// @brief Interceptors stand around a handler; observers and time limits are the forms that cost no coroutine.

#include <nestcpp/core/task.hpp>
#include <nestcpp/pipeline/execution_context.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>

namespace nestcpp {

class handler_chain;
class observer;

/// The rest of the chain, as an interceptor sees it. A value; `handle()` may be called any number of times (retry), or
/// not at all (cache).
/// @par Lifetime Valid while the interceptor's task runs.
class call_handler {
 public:
  /// Runs inner interceptors, pipes and the handler. @throws what they throw
  [[nodiscard]] task<reply> handle() const;

 private:
  friend class handler_chain;
  call_handler(const handler_chain& chain, execution_context& context, std::size_t next)
      : chain_{&chain}, context_{&context}, next_{next} {}
  const handler_chain* chain_;
  execution_context* context_;
  std::size_t next_;
};

/// NestJS's interceptor: runs code before and after, changes, replaces, repeats or refuses. One instance serves all
/// calls, from all loops at a time.
class interceptor {
 public:
  virtual ~interceptor() = default;
  virtual task<reply> intercept(execution_context& context, call_handler next) = 0;

 private:
  friend class handler_chain;
  friend class observer;
  friend class time_limit;
  virtual observer* as_observer() noexcept { return nullptr; }
  virtual std::optional<std::chrono::milliseconds> limit() const noexcept { return std::nullopt; }
};

/// How a call ended, for observers.
struct outcome {
  const std::exception* error = nullptr;  ///< null: it succeeded
  [[nodiscard]] bool succeeded() const noexcept { return error == nullptr; }
};

/// An interceptor that only looks: logging, metrics, tracing. `after` follows each `before` exactly once, in reverse
/// order.
class observer : public interceptor {
 public:
  virtual void before(execution_context&) {}
  virtual void after(execution_context& context, const outcome& result) noexcept = 0;
  task<reply> intercept(execution_context& context, call_handler next) final;

 private:
  observer* as_observer() noexcept final { return this; }
};

/// An interceptor that only limits how long a call may take. The call is answered with 408 when the time is over and
/// its coroutine is cancelled; of several limits on a handler the shortest counts. A handler that never suspends pays
/// nothing and cannot be interrupted.
class time_limit : public interceptor {
 public:
  explicit time_limit(std::chrono::milliseconds limit) : limit_{limit} {}
  task<reply> intercept(execution_context&, call_handler next) final { return next.handle(); }

 private:
  std::optional<std::chrono::milliseconds> limit() const noexcept final { return limit_; }
  std::chrono::milliseconds limit_;
};

}  // namespace nestcpp
