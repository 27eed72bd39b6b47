#pragma once
/// @file nestcpp/module/detail/provider.hpp
/// @brief Providers with their types erased: by class, by value, by factory.

#include <nestcpp/module/controller_record.hpp>
#include <nestcpp/module/inject.hpp>
#include <nestcpp/module/lifecycle.hpp>
#include <nestcpp/module/scope.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

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
  controller_binding controller{};
  /// Asks for all that `create` will ask for.
  std::function<void(container&)> ask{};
  /// Where there is no `ask`: after how many questions `create` runs a constructor.
  int questions = 0;
  scope lifetime = scope::singleton;
  bool is_object = false;  // it exists already
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
  static_assert(std::is_base_of_v<token_object_t<Token>, Class>,
                "nestcpp: provide<Interface, Implementation>() needs an implementation derived from the interface.");
  return {.token = type_id_of<Token>,
          .name = type_name<Class>(),
          .create = &create_by_injection<token_object_t<Token>, Class>,
          .ask = asks_of<Class>(),
          .questions = unknown_parameters<Class>()};
}

/// A value or smart pointer that exists already, or what a `Token` is made from.
template <class Token, class Value>
provider_definition value_provider(Value&& value) {
  using given = std::decay_t<Value>;
  using object = token_object_t<Token>;
  constexpr bool fits = smart_pointer<given> || std::is_convertible_v<given*, object*>;
  using plain = std::conditional_t<!fits && std::is_convertible_v<Value, object>, object, given>;
  instance made = adopt<object, plain>(plain(std::forward<Value>(value)));
  return {.token = type_id_of<Token>,
          .name = token_name<Token>(),
          .create = [made = std::move(made)](container&) { return made; },
          .is_object = true};
}
/// An object that somebody else owns.
template <class Token, class Object>
provider_definition reference_provider(Object& object) {
  return {.token = type_id_of<Token>,
          .name = token_name<Token>(),
          .create = [made = refer_to<token_object_t<Token>>(object)](container&) { return made; },
          .is_object = true};
}
/// Another provider under one more token.
template <class Token, class Existing>
provider_definition existing_provider() {
  static_assert(std::is_convertible_v<token_object_t<Existing>*, token_object_t<Token>*>,
                "nestcpp: provide_existing<Token, Existing>() needs an Existing that is a Token, or derived from it.");
  return {.token = type_id_of<Token>,
          .name = token_name<Token>(),
          .create =
              [](container& from) {
                return refer_to<token_object_t<Token>>(
                    *static_cast<token_object_t<Existing>*>(inject(from, type_id_of<Existing>)));
              },
          .ask = &ask_for_all<Existing>};
}

/// The token of one of several implementations.
template <class Token, class Class>
struct multi_element {};
/// `std::vector<Token*>` of all that `elements` names when it is asked for.
template <class Token>
provider_definition multi_provider(std::shared_ptr<std::vector<type_id>> elements) {
  return {.token = type_id_of<std::vector<Token*>>,
          .name = token_name<std::vector<Token*>>(),
          .create =
              [elements](container& from) {
                std::vector<Token*> all;
                for (const type_id each : *elements) all.push_back(static_cast<Token*>(inject(from, each)));
                return own<std::vector<Token*>>(std::make_shared<std::vector<Token*>>(std::move(all)));
              },
          .ask =
              [elements](container& from) {
                for (const type_id each : *elements) static_cast<void>(inject(from, each));
              }};
}

template <class F>
struct signature_of;
template <class R, class... A>
struct signature_of<R (*)(A...)> {
  static_assert((... && (std::is_lvalue_reference_v<A> || std::is_pointer_v<A> || token_object<A>::is_named)),
                "nestcpp: a factory's parameters are T& or const T& (providers), T* (a provider, or null), "
                "named<\"…\", T>, container& or module_ref&.");
  static constexpr auto ask = &ask_for_all<A...>;
  template <class Token, class F>
  static instance call(F& factory, container& from) {
    static_assert(!std::is_void_v<R>, "nestcpp: a factory returns what it made.");
    return adopt<token_object_t<Token>, R>(factory(argument<A>(from)...));
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
    using signature = signature_of<decltype(&F::operator())>;
    return {.token = type_id_of<Token>,
            .name = token_name<Token>(),
            .create = [shared](container& from) { return signature::template call<Token>(*shared, from); },
            .ask = signature::ask};
  } else {
    return {.token = type_id_of<Token>,
            .name = token_name<Token>(),
            .create = [shared](container& from) { return signature_of<F>::template call<Token>(*shared, from); },
            .ask = signature_of<F>::ask};
  }
}

template <class Controller>
provider_definition controller_provider() {
  return {.token = type_id_of<Controller>,
          .name = type_name<Controller>(),
          .create = &create_by_injection<Controller, Controller>,
          .controller = {&register_controller<Controller>, &register_scoped_controller<Controller>},
          .ask = asks_of<Controller>(),
          .questions = unknown_parameters<Controller>()};
}

}  // namespace nestcpp::detail
