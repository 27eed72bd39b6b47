#pragma once
/// @file nestcpp/module/module.hpp
/// @brief Modules: what belongs together, what it needs from others and what it offers them.

#include <nestcpp/core/tag.hpp>
#include <nestcpp/module/detail/provider.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nestcpp {

class module;

namespace detail {

struct module_definition;

/// A module object, kept alive together with what it says.
struct module_holder {
  std::shared_ptr<void> object;
  module_definition* definition = nullptr;
};
/// What a module imports: a module, or one of that class which is imported elsewhere.
struct module_import {
  module_holder held{};
  type_id forward = nullptr;
};
struct module_export {
  type_id type;
  bool is_module;
};
struct module_definition {
  type_id type = nullptr;  // null: assembled from a plain `nest::module`
  std::string key{};
  bool global = false;
  std::vector<module_import> imports{};
  std::vector<provider_definition> providers{};  // controllers among them, in the order of declaration
  std::unordered_map<type_id, std::shared_ptr<std::vector<type_id>>> multi{};  // token → its elements' tokens
  std::vector<module_export> exports{};
  void* object = nullptr;
  const lifecycle_hooks* hooks = nullptr;
};

template <class Module>
module_holder hold_module(Module&& module_object);

}  // namespace detail

/// A module that is imported elsewhere in the application, by its class: for modules that need each other.
/// `imports(nest::forward_ref<UsersModule>())`, NestJS's `forwardRef(() => UsersModule)`.
template <class Module>
struct forward_module {};
template <class Module>
[[nodiscard]] constexpr forward_module<Module> forward_ref() {
  return {};
}

namespace detail {
template <class T>
inline constexpr bool is_forward = false;
template <class Module>
inline constexpr bool is_forward<forward_module<Module>> = true;
template <class T>
inline constexpr type_id forwarded = nullptr;
template <class Module>
inline constexpr type_id forwarded<forward_module<Module>> = type_id_of<Module>;
}  // namespace detail

/// The base of modules. A module says in its constructor what it consists of; it runs nothing:
/// @code
/// struct UserModule : nest::module {
///   explicit UserModule(const Settings& settings) {
///     imports(DatabaseModule{settings});
///     provide_value(settings);
///     provide<UsersRepository>();
///     provide<Hasher, Argon2Hasher>();
///     provide_factory<Clock>([](const Settings& s) { return std::make_unique<SystemClock>(s.time_zone); });
///     controllers<UsersController>();
///     exports<UsersRepository>();
///   }
/// };
/// @endcode
/// A provider is visible in its own module, in modules that import one that exports it (or that re-exports the module
/// it comes from), and everywhere if its module is global. Without a `scope` a provider is a singleton, one per module
/// that provides it.
///
/// A class of modules is one module, however many others import it: of several objects of one class the first counts
/// (depth first, in the order of the imports), unless they have different keys. A plain `nest::module` can be filled
/// from outside.
class module {
 public:
  using scope = nestcpp::scope;  // so that a module may write scope::request

  module() = default;
  module(const module&) = delete;
  module& operator=(const module&) = delete;
  module(module&&) noexcept = default;
  module& operator=(module&&) noexcept = default;

  /// Makes this a module of its own beside others of the same class: a database module per database.
  void key(std::string key) { definition_.key = std::move(key); }

  /// Takes modules by value, or `forward_ref<Module>()`; what they export becomes visible here.
  template <class... Modules>
  void imports(Modules&&... modules) {
    (import_one(std::forward<Modules>(modules)), ...);
  }

  /// Provides `Class`, built by constructor injection, for those who ask for `Token`.
  template <class Token, class Class = detail::token_object_t<Token>>
  void provide(scope lifetime = scope::singleton) {
    add(detail::class_provider<Token, Class>(), lifetime);
  }

  /// Provides what `Existing` stands for under the name `Token` as well (NestJS's `useExisting`).
  template <class Token, class Existing>
  void provide_existing() {
    add(detail::existing_provider<Token, Existing>());
  }

  /// Adds `Class` to those that `std::vector<Token*>` holds, in the order of these lines, for whoever asks for
  /// `const std::vector<Token*>&` in this module, or where it is exported under that type.
  template <class Token, class Class>
  void provide_multi(scope lifetime = scope::singleton) {
    auto& elements = definition_.multi[detail::type_id_of<Token>];
    if (!elements) {
      elements = std::make_shared<std::vector<detail::type_id>>();
      add(detail::multi_provider<Token>(elements));
    }
    detail::provider_definition element = detail::class_provider<Token, Class>();
    element.token = detail::type_id_of<detail::multi_element<Token, Class>>;
    elements->push_back(element.token);
    add(std::move(element), lifetime);
  }

  /// Provides an object: a value (moved or copied in), or with an explicit `Token` also a std::unique_ptr or
  /// std::shared_ptr to an object of `Token` or derived from it.
  template <class Token = void, class Value>
  void provide_value(Value&& value) {
    using plain = std::decay_t<Value>;
    using token = std::conditional_t<std::is_void_v<Token>, plain, Token>;
    static_assert(!detail::is_unique_pointer<token>,
                  "nestcpp: say what it is provided as: provide_value<Interface>(…).");
    add(detail::value_provider<token>(std::forward<Value>(value)));
  }

  /// Provides what `factory` returns: a std::unique_ptr, std::shared_ptr or value (owned by the container) or a
  /// reference (not owned, no hooks are called) of `Token` or of a class derived from it. The factory runs once for
  /// each instance that the scope asks for. Its parameters are injected: `T&` and `const T&` are providers, `T*` may be
  /// null, `named<"…", T>` refers to the provider of that name, `container&` and `module_ref&` resolve as seen from
  /// this module.
  /// @par Thread safety The factory of a request-scoped or transient provider runs on any loop, on several at a time.
  template <class Token, class Factory>
  void provide_factory(Factory factory, scope lifetime = scope::singleton) {
    add(detail::factory_provider<Token>(std::move(factory)), lifetime);
  }

  /// Lists controllers; built by constructor injection. They cannot be injected elsewhere. With `scope::request`, or
  /// where one depends on something request-scoped, each call gets its own.
  template <class... Controllers>
  void controllers(scope lifetime = scope::singleton) {
    (add(detail::controller_provider<Controllers>(), lifetime), ...);
  }

  /// Offers own or imported providers to the modules that import this one; an imported module's class re-exports what
  /// it exports.
  template <class... Types>
  void exports() {
    (definition_.exports.push_back({detail::type_id_of<Types>, std::is_base_of_v<module, Types>}), ...);
  }

  /// Makes what this module exports visible in every module; all its own providers, if it exports nothing by name.
  void global() { definition_.global = true; }

  /// Provides typed clients, each with these options (an address, a transport). Whoever defines a kind of client
  /// defines `void nest_provide_client(nest::module&, nest::tag<Client>, const Options&...)` for it, found by ADL.
  template <class... Clients, class... Options>
  void clients(const Options&... options) {
    (nest_provide_client(*this, tag<Clients>{}, options...), ...);
  }

 private:
  template <class Module>
  friend detail::module_holder detail::hold_module(Module&& module_object);

  template <class Module>
  void import_one(Module&& object) {
    using plain = std::remove_cvref_t<Module>;
    if constexpr (detail::is_forward<plain>) {
      definition_.imports.push_back({{}, detail::forwarded<plain>});
    } else {
      static_assert(std::is_base_of_v<module, plain>,
                    "nestcpp: imports() takes modules: objects of classes derived from nest::module.");
      static_assert(
          !std::is_lvalue_reference_v<Module>,
          "nestcpp: imports() takes modules by value: imports(DatabaseModule{…}), or std::move what has a name.");
      definition_.imports.push_back({detail::hold_module(std::move(object)), nullptr});
    }
  }
  void add(detail::provider_definition provider, scope lifetime = scope::singleton) {
    provider.lifetime = lifetime;
    definition_.providers.push_back(std::move(provider));
  }

  detail::module_definition definition_;
};

namespace detail {

template <class Module>
module_holder hold_module(Module&& module_object) {
  auto object = std::make_shared<std::remove_cvref_t<Module>>(std::forward<Module>(module_object));
  module_definition& definition = static_cast<module&>(*object).definition_;
  if constexpr (!std::is_same_v<std::remove_cvref_t<Module>, module>) {
    definition.type = type_id_of<std::remove_cvref_t<Module>>;
    definition.hooks = &lifecycle_hooks_of<std::remove_cvref_t<Module>>;
  }
  definition.object = object.get();
  return {std::move(object), &definition};
}

}  // namespace detail
}  // namespace nestcpp
