#pragma once
/// @file nestcpp/module/inject.hpp
/// @brief Constructor injection: which constructor a class is built with, and what each of its parameters asks for.
///
/// Without any declaration the container takes the longest constructor (up to 12 parameters) whose parameters are all
/// references, `T&` or `const T&`; an aggregate's members count as parameters. Where that does not fit,
/// `NEST_INJECT(A, B);` above the constructor names what it gets:
///  - `A`, `A&`, `const A&`: the provider `A`, as a reference; a parameter taken by value is a copy of it;
///  - `A*`: the provider `A`, or null where none is visible (NestJS's `@Optional()`);
///  - `named<"…", A>`: the provider of that name, as a reference.
/// Everywhere `container&` is the container itself, and `module_ref&` what it is to the class's module.

#include <nestcpp/macros.hpp>
#include <nestcpp/module/detail/type_id.hpp>
#include <nestcpp/module/named.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace nestcpp {

class container;

/// The parameters of a constructor, as `NEST_INJECT` states them.
template <class... Parameters>
struct inject_list {};

namespace detail {

/// The object that `token` stands for, seen from what is being built. Throws startup_error where there is none.
[[nodiscard]] void* inject(container& from, type_id token);
/// The same, null where there is none.
[[nodiscard]] void* inject_optional(container& from, type_id token);

/// What a parameter written as `Parameter` receives: a reference, or a pointer that may be null.
template <class Parameter>
decltype(auto) argument(container& from) {
  using plain = std::remove_cvref_t<Parameter>;
  if constexpr (std::is_same_v<plain, container>) {
    return (from);
  } else if constexpr (std::is_pointer_v<plain>) {
    using token = std::remove_cv_t<std::remove_pointer_t<plain>>;
    return static_cast<token_object_t<token>*>(inject_optional(from, type_id_of<token>));
  } else if constexpr (token_object<plain>::is_named) {
    return plain{*static_cast<token_object_t<plain>*>(inject(from, type_id_of<plain>))};
  } else {
    return *static_cast<plain*>(inject(from, type_id_of<plain>));
  }
}
template <class Parameter>
using argument_t = decltype(argument<Parameter>(std::declval<container&>()));

// Asks for what `argument` gives, and leaves it alone: the container may only want to know.
template <class Parameter>
void ask_for(container& from) {
  using plain = std::remove_cvref_t<Parameter>;
  if constexpr (std::is_pointer_v<plain>) {
    static_cast<void>(inject_optional(from, type_id_of<std::remove_cv_t<std::remove_pointer_t<plain>>>));
  } else if constexpr (!std::is_same_v<plain, container>) {
    static_cast<void>(inject(from, type_id_of<plain>));
  }
}
template <class... Parameters>
void ask_for_all(container& from) {
  (ask_for<Parameters>(from), ...);
}

// NEST_INJECT makes this a friend, so that it may stand in a class's private part.
struct inject_access {
  template <class T>
  static constexpr bool declared = requires { typename T::nest_inject_parameters; };
  template <class T>
  static auto parameters() -> typename T::nest_inject_parameters;
};

/// Becomes whatever reference a constructor asks for; never `Self`, so that copy and move constructors do not count.
template <class Self>
struct any_reference {
  container* from;
  template <class T>
    requires(!std::is_same_v<std::remove_cv_t<T>, Self>)
  operator T&() const {
    using object = std::remove_cv_t<T>;
    return *static_cast<object*>(inject(*from, type_id_of<object>));
  }
};
// `const T&` takes both of these, `T` the second only, `T&` neither: what takes only the second is a value.
template <class Self>
struct any_const_reference {
  template <class T>
    requires(std::is_const_v<T> && !std::is_same_v<std::remove_cv_t<T>, Self>)
  operator T&() const;
};
template <class Self>
struct any_value {
  template <class T>
    requires(!std::is_same_v<std::remove_cv_t<T>, Self>)
  operator T() const;
};

template <class T, template <class> class Probe, std::size_t At, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
  return std::is_constructible_v<T, std::conditional_t<I == At, Probe<T>, any_reference<T>>...>;
}
template <class T, std::size_t... I>
constexpr bool takes_references_only(std::index_sequence<I...> all) {
  if constexpr (!takes<T, any_reference, 0>(all)) return false;
  return !((takes<T, any_value, I>(all) && !takes<T, any_const_reference, I>(all)) || ...);
}
/// The number of references the constructor to use takes; -1 where there is none that takes references only.
template <class T, std::size_t N = 12>
constexpr int deduce_arity() {
  if constexpr (takes_references_only<T>(std::make_index_sequence<N>{})) {
    return static_cast<int>(N);
  } else if constexpr (N == 0) {
    return -1;
  } else {
    return deduce_arity<T, N - 1>();
  }
}
template <class T>
inline constexpr int arity_of = deduce_arity<T>();

/// Whether the container can build a `T` by itself.
template <class T>
constexpr bool is_injectable() {
  if constexpr (!std::is_class_v<T> || std::is_abstract_v<T>)
    return false;
  else if constexpr (inject_access::declared<T>)
    return true;
  else
    return arity_of<T> >= 0;
}

template <class T, class... Parameters>
T* construct_with(container& from, inject_list<Parameters...>) {
  static_assert(std::is_constructible_v<T, argument_t<Parameters>...>,
                "nestcpp: NEST_INJECT does not fit the class's constructors: name the type of each parameter of one "
                "constructor, in its order (a class does not inherit its base's NEST_INJECT: write its own).");
  return new T(argument<Parameters>(from)...);
}
template <class T, std::size_t... I>
T* construct_deduced(container& from, std::index_sequence<I...>) {
  return new T((static_cast<void>(I), any_reference<T>{&from})...);
}

template <class... Parameters>
constexpr auto asks_of(inject_list<Parameters...>) {
  return &ask_for_all<Parameters...>;
}
/// Asks for the parameters that NEST_INJECT names; null where the constructor is deduced.
template <class T>
constexpr void (*asks_of())(container&) {
  if constexpr (inject_access::declared<T>) {
    return asks_of(decltype(inject_access::parameters<T>()){});
  } else {
    return nullptr;
  }
}
/// How many parameters only the constructor's overload resolution knows.
template <class T>
constexpr int unknown_parameters() {
  if constexpr (inject_access::declared<T>) {
    return 0;
  } else {
    return arity_of<T>;
  }
}

/// Builds a `T`, its dependencies first.
template <class T>
T* construct(container& from) {
  static_assert(std::is_class_v<T>,
                "nestcpp: only classes can be provided by type; use provide_value or provide_factory.");
  static_assert(!std::is_abstract_v<T>,
                "nestcpp: an abstract class cannot be built: write provide<Interface, Implementation>().");
  if constexpr (inject_access::declared<T>) {
    return construct_with<T>(from, decltype(inject_access::parameters<T>()){});
  } else {
    static_assert(
        arity_of<T> >= 0,
        "nestcpp: the container cannot deduce this class's constructor. It needs one public constructor whose "
        "parameters are all references (T& or const T&). For std::shared_ptr<T>, pointers and values, write "
        "NEST_INJECT(A, B) above the constructor, or use provide_factory<T>(…).");
    if constexpr (arity_of<T> >= 0) {
      return construct_deduced<T>(from, std::make_index_sequence<static_cast<std::size_t>(arity_of<T>)>{});
    } else {
      return nullptr;
    }
  }
}

}  // namespace detail
}  // namespace nestcpp
