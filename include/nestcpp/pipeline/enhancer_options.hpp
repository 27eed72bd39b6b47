#pragma once
/// @file nestcpp/pipeline/enhancer_options.hpp
/// @brief The options of decorators that name guards, interceptors, pipes and filters.
///
/// Written unqualified inside a decorator: `NEST_GET(find, "/:id", use_guards<AuthGuard>())`. The classes named are
/// built by the container, with their dependencies, once for each module that names them.

#include <nestcpp/pipeline/api_tags.hpp>
#include <nestcpp/pipeline/api_version.hpp>
#include <nestcpp/pipeline/decorator_option.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>
#include <nestcpp/pipeline/metadata.hpp>

#include <type_traits>

namespace nestcpp {

namespace detail {

template <class... T>
struct use_guards_option : enhancer_option {
  static_assert((std::is_base_of_v<guard, T> && ...), "nestcpp: use_guards<…>: derive each class from nestcpp::guard");
  template <class Resolver>
  void apply(enhancers& to, Resolver& resolver) const {
    (to.guards.push_back(&resolver.template get<T>()), ...);
  }
};

template <class... T>
struct use_interceptors_option : enhancer_option {
  static_assert((std::is_base_of_v<interceptor, T> && ...),
                "nestcpp: use_interceptors<…>: derive each class from nestcpp::interceptor");
  template <class Resolver>
  void apply(enhancers& to, Resolver& resolver) const {
    (to.interceptors.push_back(&resolver.template get<T>()), ...);
  }
};

template <class... T>
struct use_filters_option : enhancer_option {
  static_assert((std::is_base_of_v<exception_filter, T> && ...),
                "nestcpp: use_filters<…>: derive each class from nestcpp::exception_filter");
  template <class Resolver>
  void apply(enhancers& to, Resolver& resolver) const {
    (to.filters.push_back(&resolver.template get<T>()), ...);
  }
};

template <class... T>
struct use_pipes_option : enhancer_option {
  static_assert((std::is_base_of_v<any_pipe, T> && ...),
                "nestcpp: use_pipes<…>: derive each class from nestcpp::pipe<T>");
  template <class Resolver>
  void apply(enhancers& to, Resolver& resolver) const {
    (to.pipes.push_back(&resolver.template get<T>()), ...);
  }
};

struct validation_option : enhancer_option {
  validation_options options;
  template <class Resolver>
  void apply(enhancers& to, Resolver&) const {
    to.validation = options;
  }
};

}  // namespace detail

template <class... T>
[[nodiscard]] constexpr detail::use_guards_option<T...> use_guards() {
  return {};
}
template <class... T>
[[nodiscard]] constexpr detail::use_interceptors_option<T...> use_interceptors() {
  return {};
}
template <class... T>
[[nodiscard]] constexpr detail::use_filters_option<T...> use_filters() {
  return {};
}
template <class... T>
[[nodiscard]] constexpr detail::use_pipes_option<T...> use_pipes() {
  return {};
}
/// How strict the validation of bodies and payloads is.
[[nodiscard]] constexpr detail::validation_option use_pipes(const validation_pipe& options) { return {{}, options}; }

}  // namespace nestcpp
