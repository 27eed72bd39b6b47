#pragma once
/// @file nestcpp/pipeline/controller_source.hpp
/// @brief Where a handler's controller comes from: one for all calls, or one for each.

#include <nestcpp/pipeline/execution_context.hpp>

#include <type_traits>

namespace nestcpp {

/// Gives each call its own instance of a class.
/// @par Thread safety Safe.
class instance_source {
 public:
  virtual ~instance_source() = default;
  /// The same object for all who ask in one call; it lives as long as the context. @throws what its construction throws
  [[nodiscard]] virtual void* get(execution_context& context) const = 0;
};

/// A `Controller`, decided at start. A value that refers to what it is made of.
template <class Controller>
class controller_source {
 public:
  /// One for all calls.
  controller_source(Controller& instance) noexcept : instance_{&instance} {}  // NOLINT: stands for the instance
  /// One for each call.
  explicit controller_source(const instance_source& of_call) noexcept
      : of_call_{&of_call}, as_{[](void* object) { return static_cast<Controller*>(object); }} {}
  /// For a handler that the controller inherits.
  template <class Derived>
    requires(!std::is_same_v<Derived, Controller> && std::is_base_of_v<Controller, Derived>)
  controller_source(const controller_source<Derived>& other) noexcept  // NOLINT: as pointers convert
      : instance_{other.instance_},
        of_call_{other.of_call_},
        as_{[](void* object) -> Controller* { return static_cast<Derived*>(object); }} {}

  [[nodiscard]] Controller& get(execution_context& context) const {
    return instance_ != nullptr ? *instance_ : *as_(of_call_->get(context));
  }

 private:
  template <class>
  friend class controller_source;

  Controller* instance_ = nullptr;
  const instance_source* of_call_ = nullptr;
  Controller* (*as_)(void*) = nullptr;
};

}  // namespace nestcpp
