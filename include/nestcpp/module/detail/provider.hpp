#pragma once
/// @file nestcpp/module/detail/provider.hpp
/// @brief Providers with their types erased: by class, by value, by factory.

#include <nestcpp/module/controller_record.hpp>
#include <nestcpp/module/inject.hpp>
#include <nestcpp/module/lifecycle.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nestcpp::detail {

/// A provided object. A null `token` says that a factory yielded nothing.
struct instance {
  std::shared_ptr<void> owner{};           // empty: somebody else owns it
  void* token = nullptr;                   // the object as the type it is asked for by
  void* object = nullptr;                  // the object as the class `hooks` are of
  const lifecycle_hooks* hooks = nullptr;  // null: none are called
};

struct provider_definition {
  type_id token;
  std::string_view name;  // the class that is built; of factories and values, the token's
  std::function<instance(container&)> create;
  void (*register_controller)(void* controller, controller_registrar& registrar) = nullptr;
};

template <class T>
struct pointee {};
template <class T, class Deleter>
struct pointee<std::unique_ptr<T, Deleter>> {
  using type = T;
};
template <class T>
struct pointee<std::shared_ptr<T>> {
  using type = T;
};
template <class T>
concept smart_pointer = requires { typename pointee<T>::type; };
template <class T>
inline constexpr bool is_unique_pointer = false;
template <class T, class Deleter>
inline constexpr bool is_unique_pointer<std::unique_ptr<T, Deleter>> = true;

template <class Token, class Object>
instance own(std::shared_ptr<Object> object) {
  static_assert(std::is_convertible_v<Object*, Token*>,
                "nestcpp: the object is not a (non-const) Token, nor derived from it.");
  Object* raw = object.get();
  return {std::move(object), static_cast<Token*>(raw), raw, &lifecycle_hooks_of<Object>};
}
template <class Token, class Object>
instance refer_to(Object& object) {
  static_assert(std::is_convertible_v<Object*, Token*>,
                "nestcpp: the object is not a (non-const) Token, nor derived from it.");
  return {{}, static_cast<Token*>(&object), nullptr, nullptr};
}

/// Takes in what a factory returned: a smart pointer or a value is owned, a reference is not.
template <class Token, class Result>
instance adopt(Result&& result) {
  using plain = std::remove_cvref_t<Result>;
  static_assert(!is_task_v<plain>,
                "nestcpp: factories run before the event loops; do asynchronous work in on_module_init().");
  static_assert(!std::is_pointer_v<plain>,
                "nestcpp: return a std::unique_ptr or a value (owned by the container), or a reference (not owned).");
  if constexpr (std::is_lvalue_reference_v<Result>) {
    return refer_to<Token>(result);
  } else if constexpr (smart_pointer<plain> && !std::is_same_v<plain, Token>) {
    return own<Token>(std::shared_ptr<typename pointee<plain>::type>{std::move(result)});
  } else {
    return own<Token>(std::make_shared<plain>(std::move(result)));
  }
}

template <class Token, class Class>
instance create_by_injection(container& from) {
  return own<Token>(std::shared_ptr<Class>{construct<Class>(from)});
}
template <class Token, class Class>
provider_definition class_provider() {
  static_assert(std::is_base_of_v<Token, Class>,
                "nestcpp: provide<Interface, Implementation>() needs an implementation derived from the interface.");
  return {type_id_of<Token>, type_name<Class>(), &create_by_injection<Token, Class>};
}

/// A value or smart pointer that exists already, or what a `Token` is made from.
template <class Token, class Value>
provider_definition value_provider(Value&& value) {
  using given = std::decay_t<Value>;
  constexpr bool fits = smart_pointer<given> || std::is_convertible_v<given*, Token*>;
  using plain = std::conditional_t<!fits && std::is_convertible_v<Value, Token>, Token, given>;
  instance made = adopt<Token, plain>(plain(std::forward<Value>(value)));
  return {type_id_of<Token>, type_name<Token>(), [made = std::move(made)](container&) { return made; }};
}

template <class F>
struct signature_of;
template <class R, class... A>
struct signature_of<R (*)(A...)> {
  static_assert(
      (... && (std::is_lvalue_reference_v<A> || std::is_pointer_v<A>)),
      "nestcpp: a factory's parameters are T& or const T& (providers), T* (a provider, or null) or container&.");
  template <class Token, class F>
  static instance call(F& factory, container& from) {
    static_assert(!std::is_void_v<R>, "nestcpp: a factory returns what it made.");
    return adopt<Token, R>(factory(argument<A>(from)...));
  }
};
template <class R, class... A>
struct signature_of<R (*)(A...) noexcept> : signature_of<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature_of<R (C::*)(A...)> : signature_of<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature_of<R (C::*)(A...) const> : signature_of<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature_of<R (C::*)(A...) noexcept> : signature_of<R (*)(A...)> {};
template <class C, class R, class... A>
struct signature_of<R (C::*)(A...) const noexcept> : signature_of<R (*)(A...)> {};

template <class F>
concept plain_callable = requires { &F::operator(); };
template <class F>
concept factory_like = plain_callable<F> || (std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>);

template <class Token, class F>
provider_definition factory_provider(F factory) {
  static_assert(factory_like<F>,
                "nestcpp: a factory is a function or a lambda whose parameters have written-out types.");
  // std::function wants copies; a factory may hold what can only be moved.
  auto shared = std::make_shared<F>(std::move(factory));
  if constexpr (plain_callable<F>) {
    return {type_id_of<Token>, type_name<Token>(), [shared](container& from) {
              return signature_of<decltype(&F::operator())>::template call<Token>(*shared, from);
            }};
  } else {
    return {type_id_of<Token>, type_name<Token>(),
            [shared](container& from) { return signature_of<F>::template call<Token>(*shared, from); }};
  }
}

template <class Controller>
provider_definition controller_provider() {
  return {type_id_of<Controller>, type_name<Controller>(), &create_by_injection<Controller, Controller>,
          &register_controller<Controller>};
}

}  // namespace nestcpp::detail
