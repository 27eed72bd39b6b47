#pragma once
/// @file nestcpp/pipeline/guard.hpp
/// @brief Guards decide whether a call may go on.

#include <nestcpp/core/task.hpp>
#include <nestcpp/pipeline/execution_context.hpp>

namespace nestcpp {

class plain_guard;

/// NestJS's `CanActivate`. Guards run before interceptors and pipes; the first that says no ends the call with 403
/// "Forbidden resource". One instance serves all calls, from all loops at a time.
class guard {
 public:
  virtual ~guard() = default;
  /// @throws anything, to refuse with an error of its own, for example unauthorized_exception
  virtual task<bool> can_activate(execution_context& context) = 0;

 private:
  friend class handler_chain;
  friend class plain_guard;
  virtual plain_guard* as_plain() noexcept { return nullptr; }
};

/// A guard that decides at once; it costs no coroutine.
class plain_guard : public guard {
 public:
  [[nodiscard]] virtual bool can_activate_now(execution_context& context) = 0;
  task<bool> can_activate(execution_context& context) final { co_return can_activate_now(context); }

 private:
  plain_guard* as_plain() noexcept final { return this; }
};

}  // namespace nestcpp
