#pragma once
/// @file nestcpp/module/call_instances.hpp
/// @brief What one call has of its own: its request-scoped instances.

#include <nestcpp/module/controller_record.hpp>

#include <memory>

namespace nestcpp {

class container;

/// Holds the request-scoped instances of one call, and the transient ones that belong to them: each is built when it is
/// first asked for, and all are destroyed with this object, the last built first. The application makes one for a call
/// whose controller needs it.
/// @par Thread safety Not safe: belongs to its call, which runs on one loop.
/// @par Lifetime `context`, which `container::add_call_value` knows how to read, and the container must outlive it.
class call_instances {
 public:
  call_instances(container& from, void* context);
  ~call_instances();
  call_instances(const call_instances&) = delete;
  call_instances& operator=(const call_instances&) = delete;

  /// The call's own controller. @throws what its constructor, or that of something it depends on, throws
  [[nodiscard]] void* controller(const controller_record& record);

  [[nodiscard]] container& owner() noexcept { return *owner_; }
  /// For the container.
  struct state;
  [[nodiscard]] state& contents() noexcept { return *state_; }

 private:
  container* owner_;
  std::unique_ptr<state> state_;
};

}  // namespace nestcpp
