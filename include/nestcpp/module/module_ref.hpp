#pragma once
/// @file nestcpp/module/module_ref.hpp
/// @brief NestJS's ModuleRef: providers that are looked up or built while the application runs.

#include <nestcpp/module/container.hpp>

#include <memory>

namespace nestcpp {

/// Injectable everywhere, as `module_ref&`; looks things up as the module does whose class asked for it.
/// @par Thread safety Safe once the application has started.
/// @par Lifetime As long as the container.
class module_ref {
 public:
  module_ref(container& from, module_id home) : container_{&from}, home_{home} {}

  /// The singleton. @throws startup_error where there is none, or where it is request-scoped or transient
  template <class T>
  [[nodiscard]] detail::token_object_t<T>& get() const {
    return container_->resolve<T>(home_);
  }

  /// Of a request-scoped provider the instance of the call that the running code serves (the same for all who ask in
  /// that call), of a transient one a new instance, of others the singleton. This is how a guard, interceptor, pipe or
  /// filter, which are built once, gets at what belongs to a call.
  /// @return kept alive by the pointer; a request-scoped instance must not be used after its call, as what it depends
  /// on ends with that
  /// @throws startup_error where there is none, and for a request-scoped one where no call is being served
  template <class T>
  [[nodiscard]] std::shared_ptr<detail::token_object_t<T>> resolve() const {
    return as<detail::token_object_t<T>>(container_->resolve_instance(detail::type_id_of<T>, home_));
  }

  /// A new `T` by constructor injection; the container does not know it, and calls no hooks.
  template <class T>
  [[nodiscard]] std::shared_ptr<T> create() const {
    return as<T>(container_->create_instance(detail::class_provider<T, T>(), home_));
  }

 private:
  template <class T>
  static std::shared_ptr<T> as(detail::instance made) {
    return {std::move(made.owner), static_cast<T*>(made.token)};
  }

  container* container_;
  module_id home_;
};

}  // namespace nestcpp
