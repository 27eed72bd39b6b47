#pragma once
/// @file nestcpp/module/container.hpp
/// @brief Builds what the modules describe, finds it, calls its lifecycle hooks and destroys it.

#include <nestcpp/core/task.hpp>
#include <nestcpp/module/call_instances.hpp>
#include <nestcpp/module/controller_record.hpp>
#include <nestcpp/module/module.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// Owns the modules and all singletons. Use: construct → `add_value` / `override_provider` → `build_all()` →
/// `controllers()`, `resolve_or_create()` → `run_init()`, `run_bootstrap()` → … → `run_module_destroy()`,
/// `run_before_shutdown()`, `run_shutdown()`. Objects are built lazily, dependencies first, and destroyed in the
/// reverse order of their construction.
/// @par Exceptions Anything that does not fit together is a startup_error that names the classes, the path and the way
/// out; what a constructor or factory throws passes through unchanged, and what was built until then stays usable and
/// is destroyed in order.
/// @par Thread safety None while building. Once `build_all()` has returned, `resolve` and `try_resolve` may run on any
/// thread.
class container {
 public:
  struct impl;  ///< For the library's own sources.

  /// @param root the application's module; nothing is checked or built yet.
  template <class Root>
    requires std::is_base_of_v<nestcpp::module, Root>
  explicit container(Root root) : container{detail::hold_module(std::move(root))} {}
  ~container();
  container(const container&) = delete;
  container& operator=(const container&) = delete;

  /// Provides `value` (as `Token`, if named) to every module, without owning it; a module's provider of the same type
  /// goes before it. No hooks are called. Call before `build_all()`.
  /// @param value must outlive the container.
  template <class Token = void, class Value>
  void add_value(Value& value) {
    using token = std::conditional_t<std::is_void_v<Token>, Value, Token>;
    add_framework_value(detail::type_id_of<token>, detail::refer_to<token>(value));
  }

  /// Replaces the provider of `Token` in every module, for tests: by an object that is not owned (lvalue of `Token` or
  /// derived), by an owned one (rvalue, std::unique_ptr, std::shared_ptr) or by a factory as for `provide_factory`. It
  /// also replaces a guard, interceptor, pipe or filter that no module provides. A factory and a class keep the former
  /// provider's scope. Call before anything is built.
  /// @par Exceptions startup_error from `run_init()` if nothing provides or asks for `Token`.
  template <class Token, class Replacement>
  void override_provider(Replacement&& replacement) {
    using plain = std::remove_cvref_t<Replacement>;
    using object = detail::token_object_t<Token>;
    if constexpr (!std::is_convertible_v<plain*, object*> && detail::factory_like<std::decay_t<Replacement>>) {
      replace(detail::factory_provider<Token>(std::decay_t<Replacement>(std::forward<Replacement>(replacement))));
    } else if constexpr (std::is_lvalue_reference_v<Replacement> && !detail::smart_pointer<plain>) {
      replace(detail::reference_provider<Token>(replacement));
    } else {
      replace(detail::value_provider<Token>(std::forward<Replacement>(replacement)));
    }
  }
  /// Replaces it by a class, built by constructor injection in the module of the former provider.
  template <class Token, class Class>
  void override_provider() {
    replace(detail::class_provider<Token, Class>());
  }
  /// Puts `replacement` in the place of every module of class `Module`, with all that this one imports and provides,
  /// for tests. Call before anything is built.
  /// @par Exceptions startup_error from `run_init()` if no such module is imported.
  template <class Module, class Replacement>
  void override_module(Replacement replacement) {
    static_assert(std::is_base_of_v<module, Replacement>, "nestcpp: a module is replaced by a module.");
    replace_module(detail::type_id_of<Module>, detail::hold_module(std::move(replacement)));
  }

  /// @name Calls
  /// For the application; before `build_all()`.
  /// @{
  /// Lets request-scoped classes ask for a `Token&`, which `of` reads from a call's context; null: this call has none.
  template <class Token>
  void add_call_value(Token* (*of)(void* context)) {
    add_call_value(detail::type_id_of<Token>, [of](void* context) -> void* { return of(context); });
  }
  /// Tells `module_ref::resolve` the instances of the call that the running code serves; null outside of calls.
  void set_current_call(std::function<call_instances*()> current);
  /// @}

  /// Builds every provider and controller of every module. May be called again; does nothing then.
  void build_all();

  /// Inside a factory: the provider as the factory's module sees it. Elsewhere: as the root module sees it, else that
  /// of the first module that has one. Of request-scoped and transient providers there is no one instance to give: ask
  /// a `module_ref` for these.
  template <class T>
  [[nodiscard]] detail::token_object_t<std::remove_const_t<T>>& resolve() {
    return resolve<T>(nullptr);
  }
  /// Null where there is none.
  template <class T>
  [[nodiscard]] detail::token_object_t<T>* try_resolve() {
    using token = std::remove_const_t<T>;
    return static_cast<detail::token_object_t<token>*>(find(detail::type_id_of<token>, nullptr, false));
  }
  /// As `home` sees it.
  template <class T>
  [[nodiscard]] detail::token_object_t<std::remove_const_t<T>>& resolve(module_id home) {
    using token = std::remove_const_t<T>;
    return *static_cast<detail::token_object_t<token>*>(find(detail::type_id_of<token>, home, true));
  }
  /// The provider `T` that `home` sees; where there is none, a `T` built by injection in `home`, one per module. For
  /// guards, interceptors, pipes and filters that a decorator names by type.
  /// @param used_by the decorator's place, for messages: "UsersController.find"
  template <class T>
  [[nodiscard]] T& resolve_or_create(module_id home, std::string_view used_by = {}) {
    if constexpr (detail::is_injectable<T>()) {
      return *static_cast<T*>(find_or_create(detail::class_provider<T, T>(), home, used_by));
    } else {
      return *static_cast<T*>(find_provided(detail::type_id_of<T>, home, used_by));
    }
  }

  /// The same as the module sees it whose provider is being built; elsewhere the root module.
  template <class T>
  [[nodiscard]] T& resolve_or_create() {
    return resolve_or_create<T>(building());
  }

  /// The controllers of all modules, in the modules' order (root first, then the imports, depth first). Builds what is
  /// not built.
  [[nodiscard]] std::vector<controller_record> controllers();
  [[nodiscard]] module_id root();
  /// All modules, in the order of `controllers()`.
  [[nodiscard]] std::vector<module_id> modules();
  /// The module whose provider is being built; elsewhere the root module.
  [[nodiscard]] module_id building();

  /// @name Lifecycle hooks, in NestJS 12's order
  /// Modules by their distance from the root, the farthest first (global modules count as farthest), the other way
  /// round at shutdown. In a module: by dependency level, what depends on nothing first (last at shutdown), controllers
  /// before providers of the same level; then the module itself. NestJS runs the hooks of one level concurrently; here
  /// they run one after the other.
  /// @par Lifetime The container must outlive the task.
  /// @{
  /// @par Exceptions What a hook throws ends the run: the start is refused.
  [[nodiscard]] task<void> run_init();
  [[nodiscard]] task<void> run_bootstrap();
  /// A hook that throws is logged, the others still run.
  [[nodiscard]] task<void> run_module_destroy();
  [[nodiscard]] task<void> run_before_shutdown(std::string signal);
  [[nodiscard]] task<void> run_shutdown(std::string signal);
  /// @}

 private:
  friend void* detail::inject(container& from, detail::type_id token);
  friend void* detail::inject_optional(container& from, detail::type_id token);
  friend class call_instances;
  friend class module_ref;

  explicit container(detail::module_holder root);
  void add_framework_value(detail::type_id token, detail::instance value);
  void replace(detail::provider_definition replacement);
  void* find(detail::type_id token, module_id home, bool required);
  void* find_or_create(detail::provider_definition definition, module_id home, std::string_view used_by);
  void* find_provided(detail::type_id token, module_id home, std::string_view used_by);
  void add_call_value(detail::type_id token, std::function<void*(void*)> of);
  void replace_module(detail::type_id type, detail::module_holder replacement);
  detail::instance resolve_instance(detail::type_id token, module_id home);
  detail::instance create_instance(detail::provider_definition definition, module_id home);

  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp
