#pragma once
/// @file nestcpp/pipeline/method_traits.hpp
/// @brief What a handler's signature says, for compile-time checks and for calling it.

#include <nestcpp/core/task.hpp>
#include <nestcpp/pipeline/execution_context.hpp>
#include <nestcpp/pipeline/parameter_extractor.hpp>
#include <nestcpp/pipeline/parameters.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace nestcpp::detail {

enum class parameter_kind { body, path, query, header, payload, context, custom, http_custom };

template <class T>
struct parameter_traits {
  static constexpr parameter_kind kind = std::is_base_of_v<execution_context, T> ? parameter_kind::context
                                         : http_extractable<T>                   ? parameter_kind::http_custom
                                         : extractable<T>                        ? parameter_kind::custom
                                                                                 : parameter_kind::body;
  static constexpr std::string_view name() { return {}; }
};
template <class Parameter, class... Pipes>
struct parameter_traits<piped<Parameter, Pipes...>> : parameter_traits<Parameter> {};
template <fixed_string Name, class T>
struct parameter_traits<path<Name, T>> {
  static constexpr parameter_kind kind = parameter_kind::path;
  static constexpr std::string_view name() { return Name.view(); }
};
template <fixed_string Name, class T>
struct parameter_traits<query<Name, T>> {
  static constexpr parameter_kind kind = parameter_kind::query;
  static constexpr std::string_view name() { return Name.view(); }
};
template <fixed_string Name, class T>
struct parameter_traits<header<Name, T>> {
  static constexpr parameter_kind kind = parameter_kind::header;
  static constexpr std::string_view name() { return Name.view(); }
};
template <fixed_string Name, class T>
struct parameter_traits<payload<Name, T>> {
  static constexpr parameter_kind kind = parameter_kind::payload;
  static constexpr std::string_view name() { return Name.view(); }
};

template <class T>
struct parameter_traits<query_of<T>> {
  static constexpr parameter_kind kind = parameter_kind::http_custom;
  static constexpr std::string_view name() { return {}; }
};
template <class T>
struct parameter_traits<path_of<T>> : parameter_traits<query_of<T>> {};

template <class A>
constexpr parameter_kind kind_of() {
  return parameter_traits<std::remove_cvref_t<A>>::kind;
}

// What a body is read as: the parameter, or what a `piped` one starts from.
template <class T>
struct body_source {
  using type = T;
};
template <class Parameter, class... Pipes>
struct body_source<piped<Parameter, Pipes...>> {
  using type = Parameter;
};

// By value or by const reference; contexts by reference. Anything else cannot be made from a call.
template <class A>
constexpr bool parameter_fits() {
  if constexpr (kind_of<A>() == parameter_kind::context)
    return std::is_lvalue_reference_v<A>;
  else if constexpr (std::is_reference_v<A>)
    return std::is_lvalue_reference_v<A> && std::is_const_v<std::remove_reference_t<A>>;
  else
    return true;
}

template <class... A>
struct body_of {
  using type = void;
};
template <class First, class... Rest>
struct body_of<First, Rest...> {
  using type = typename std::conditional_t<kind_of<First>() == parameter_kind::body,
                                           std::type_identity<body_source<std::remove_cvref_t<First>>>,
                                           std::type_identity<body_of<Rest...>>>::type::type;
};

template <class C, class R, class... A>
struct signature {
  using class_type = C;
  using result = R;               // as written
  using value = task_value_t<R>;  // without the task
  using arguments = std::tuple<A...>;
  using body = typename body_of<A...>::type;  // void: there is none

  static constexpr bool parameters_fit = (parameter_fits<A>() && ...);
  static constexpr std::size_t count(parameter_kind kind) { return ((kind_of<A>() == kind ? 1 : 0) + ... + 0); }

  template <class Check>
  static constexpr bool all_named(parameter_kind kind, Check check) {
    return ((kind_of<A>() != kind || check(parameter_traits<std::remove_cvref_t<A>>::name())) && ...);
  }
};

template <class>
struct method_traits {
  static constexpr bool is_method = false;
};
template <class C, class R, class... A>
struct method_traits<R (C::*)(A...)> : signature<C, R, A...> {
  static constexpr bool is_method = true;
};
template <class C, class R, class... A>
struct method_traits<R (C::*)(A...) const> : signature<C, R, A...> {
  static constexpr bool is_method = true;
};
template <class C, class R, class... A>
struct method_traits<R (C::*)(A...) noexcept> : method_traits<R (C::*)(A...)> {};
template <class C, class R, class... A>
struct method_traits<R (C::*)(A...) const noexcept> : method_traits<R (C::*)(A...)> {};

// Takes the address of one method: of an overloaded one there is none.
template <class Method>
void one_method(Method);

/// A non-static member function, not overloaded, without `&`, `&&` or volatile behind its parameters.
template <auto Method>
constexpr bool is_handler_method() {
  return method_traits<decltype(Method)>::is_method;
}

template <auto Method>
using traits_of = method_traits<decltype(Method)>;

}  // namespace nestcpp::detail
