#pragma once
/// @file nestcpp/module/controller_record.hpp
/// @brief A controller that a module lists, with its type erased: what the application iterates to bind handlers.

#include <nestcpp/core/tag.hpp>

#include <string_view>

namespace nestcpp {

/// What takes in a controller's patterns and routes; defined by the pipeline.
class controller_registrar;
/// What gives each call a controller of its own; defined by the pipeline.
class instance_source;

/// Tells `registrar` every handler of `controller`; the pipeline defines it for classes with `NEST_CONTROLLER`, and it
/// can be specialised for a class one does not own.
template <class Controller>
void nest_register_controller(Controller& controller, controller_registrar& registrar);
/// The same for a controller of which each call has its own; `source` outlives the registrar's owner.
template <class Controller>
void nest_register_scoped_controller(tag<Controller>, const instance_source& source, controller_registrar& registrar);

namespace detail {
struct module_node;
struct provider_entry;

template <class Controller>
void register_controller(void* controller, controller_registrar& registrar) {
  nest_register_controller(*static_cast<Controller*>(controller), registrar);
}
template <class Controller>
void register_scoped_controller(const instance_source& source, controller_registrar& registrar) {
  nest_register_scoped_controller(tag<Controller>{}, source, registrar);
}

/// What is known of a controller's class.
struct controller_binding {
  void (*instance)(void* controller, controller_registrar& registrar) = nullptr;
  void (*of_call)(const instance_source& source, controller_registrar& registrar) = nullptr;
  [[nodiscard]] explicit operator bool() const noexcept { return instance != nullptr; }
};
}  // namespace detail

/// Names a module of one container; obtained from it, valid as long as it.
using module_id = detail::module_node*;

struct controller_record {
  std::string_view name;         ///< The class, as its author wrote it: "UsersController".
  std::string_view module_name;  ///< The module that lists it.
  module_id home;                ///< That module: where its guards, interceptors, pipes and filters are looked up.
  void* instance;                ///< The controller; owned by the container. Null: each call has its own.
  detail::controller_binding binding;
  detail::provider_entry* entry;  ///< For the container.

  void register_handlers(controller_registrar& registrar) const { binding.instance(instance, registrar); }
  /// Where `instance` is null.
  void register_handlers(const instance_source& source, controller_registrar& registrar) const {
    binding.of_call(source, registrar);
  }
};

}  // namespace nestcpp
