#pragma once
/// @file nestcpp/pipeline/metadata.hpp
/// @brief What decorators say about a handler for guards and interceptors to read: NestJS's SetMetadata and Reflector.
///
/// The key is the type: `struct Roles { std::vector<std::string_view> names; };`, written as an option,
/// `NEST_CONTROLLER(Users, "/users", set_metadata(Roles{{"admin"}}))`, or on a line of its own for all routes and
/// patterns of a method, `NEST_SET_METADATA(remove, Roles{{"admin"}});`. The values are literals: the type has a
/// constexpr constructor and destructor, as numbers, std::string_view, std::array and (in C++20) std::vector have.

#include <nestcpp/pipeline/decorator_option.hpp>
#include <nestcpp/pipeline/execution_context.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>

#include <string_view>
#include <tuple>
#include <utility>

namespace nestcpp {

namespace detail {

template <class T>
struct metadata_option : enhancer_option {
  constexpr explicit metadata_option(T given) : value{std::move(given)} {}
  template <class Resolver>
  void apply(enhancers& to, Resolver&) const {
    to.metadata.set(value);
  }
  T value;
};

// NEST_SET_METADATA's line: for every route and pattern of the method of that name.
template <class... T>
struct method_metadata {
  std::string_view name;
  std::tuple<T...> values;
};
template <class... T>
[[nodiscard]] constexpr method_metadata<T...> make_method_metadata(std::string_view name, T... values) {
  static_assert(sizeof...(T) > 0,
                "nestcpp: NEST_SET_METADATA(method, value…): name at least one value, Roles{{\"admin\"}}");
  return {name, {std::move(values)...}};
}

template <class T>
inline constexpr bool is_method_metadata = false;
template <class... T>
inline constexpr bool is_method_metadata<method_metadata<T...>> = true;

template <class T>
void append_metadata(T& to, const T& from) {
  if constexpr (requires { to.merge(from); }) {
    to.merge(from);
  } else {
    static_assert(
        requires { to.insert(to.end(), from.begin(), from.end()); },
        "nestcpp: get_all_and_merge<T>: T is a container, or has void merge(const T&)");
    if constexpr (requires { to.insert(to.end(), from.begin(), from.end()); }) {
      to.insert(to.end(), from.begin(), from.end());
    }
  }
}

}  // namespace detail

/// Attaches a value to a controller or a handler, under its type.
template <class T>
[[nodiscard]] constexpr detail::metadata_option<T> set_metadata(T value) {
  return detail::metadata_option<T>{std::move(value)};
}

enum class metadata_target { handler, controller };

/// Reads what set_metadata attached. Without state: may be injected as in NestJS (`explicit RolesGuard(reflector&)`,
/// in applications) or used through its static functions.
/// @par Thread safety Safe. @par Lifetime What is returned as a pointer lives as long as the application.
class reflector {
 public:
  /// What was said of the method itself, or of its class; null: nothing.
  template <class T>
  [[nodiscard]] static const T* get(const execution_context& context,
                                    metadata_target target = metadata_target::handler) noexcept {
    const handler_info& info = context.handler();
    return target == metadata_target::handler ? info.handler_metadata.get<T>() : info.controller_metadata.get<T>();
  }
  /// The method's, else the class's; null: neither. The same as `context.metadata<T>()`.
  template <class T>
  [[nodiscard]] static const T* get_all_and_override(const execution_context& context) noexcept {
    return context.metadata<T>();
  }
  /// Both together, the method's first: `T` is a container, or has `void merge(const T&)`. An empty `T` where there is
  /// neither.
  template <class T>
  [[nodiscard]] static T get_all_and_merge(const execution_context& context) {
    T all{};
    if (const T* of_method = get<T>(context, metadata_target::handler)) detail::append_metadata(all, *of_method);
    if (const T* of_class = get<T>(context, metadata_target::controller)) detail::append_metadata(all, *of_class);
    return all;
  }
};

}  // namespace nestcpp
