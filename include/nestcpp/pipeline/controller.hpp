#pragma once
/// @file nestcpp/pipeline/controller.hpp
/// @brief What NEST_CONTROLLER and the decorators below it leave in a class, and how to walk over it.
///
/// Each decorator adds one overload of a static member function, found by its index. The index of the next decorator is
/// one more than that of the best match so far, so that no registry, no `__COUNTER__` and no limit of lines is needed;
/// a controller may have 255 decorators.

#include <nestcpp/macros.hpp>
#include <nestcpp/pipeline/decorator_option.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// A controller's name, route prefix and enhancers.
template <class... Options>
struct controller_info {
  static_assert((std::is_base_of_v<detail::enhancer_option, Options> && ...),
                "nestcpp: a controller takes one prefix, a text, and then options: use_guards<…>(), "
                "use_interceptors<…>(), use_pipes<…>(), use_filters<…>(), set_metadata(…); http_code(…) and "
                "response_header(…) are a route's");
  std::string_view name;
  std::string_view prefix;
  std::tuple<Options...> options;
};

/// @param first the prefix, a text that lives as long as the program; may be left out
template <class First, class... Options>
[[nodiscard]] constexpr auto make_controller(std::string_view name, First first, Options... options) {
  if constexpr (std::is_convertible_v<First, std::string_view>) {
    return controller_info<Options...>{name, std::string_view{first}, {std::move(options)...}};
  } else {
    return controller_info<First, Options...>{name, {}, {std::move(first), std::move(options)...}};
  }
}
[[nodiscard]] constexpr controller_info<> make_controller(std::string_view name) { return {name, {}, {}}; }

/// Describes a class that one does not own, or that is to stay free of macros; specialise it before the class is listed
/// in a module:
///
///     template <>
///     struct nestcpp::controller_table<Clock> {
///       static constexpr auto controller() { return nest::make_controller("Clock", "/clock", nest::use_guards<G>()); }
///       static constexpr auto routes() {
///         return nest::routes(nest::make_http_route<&Clock::now, nest::http_method::get, "/now">("now"),
///                             nest::make_message_route<&Clock::set, set_clock>("set"));
///       }
///     };
///
/// It goes before what NEST_CONTROLLER says in the class.
template <class C>
struct controller_table;

/// The routes of a controller_table, in their order.
template <class... Routes>
[[nodiscard]] constexpr std::tuple<Routes...> routes(Routes... all) {
  return {std::move(all)...};
}

/// "/users" + ":id" → "/users/:id": slashes between the parts are added or merged, none is left at the end.
[[nodiscard]] std::string join_paths(std::string_view prefix, std::string_view path);

namespace detail {

inline constexpr std::size_t max_decorators = 255;

template <std::size_t N>
struct index {
  static constexpr std::size_t value = N;
};
template <std::size_t N>
struct rank : rank<N - 1> {};
template <>
struct rank<0> {};
using last_rank = rank<max_decorators>;

template <class C, class F, std::size_t... I>
void visit_routes(F& visit, std::index_sequence<I...>) {
  (visit(C::nest_route_(index<I + 1>{})), ...);
}

template <class C>
concept has_controller_table = requires { controller_table<C>::controller(); };

}  // namespace detail

/// A class with NEST_CONTROLLER in its body, or with a controller_table.
template <class C>
concept controller = detail::has_controller_table<C> || requires { C::nest_controller_(); };

/// What the controller says of itself: a controller_info.
template <controller C>
[[nodiscard]] constexpr auto describe_controller() {
  if constexpr (detail::has_controller_table<C>)
    return controller_table<C>::controller();
  else
    return C::nest_controller_();
}

/// Calls `visit` with the description of each decorated method, in the order written.
template <controller C, class F>
void for_each_route(F visit) {
  if constexpr (detail::has_controller_table<C>) {
    std::apply([&](const auto&... each) { (visit(each), ...); }, controller_table<C>::routes());
  } else {
    constexpr std::size_t count = decltype(C::nest_index_(detail::last_rank{}))::value;
    detail::visit_routes<C>(visit, std::make_index_sequence<count>{});
  }
}

}  // namespace nestcpp
