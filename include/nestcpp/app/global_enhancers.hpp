#pragma once
/// @file nestcpp/app/global_enhancers.hpp
/// @brief Global guards, interceptors, pipes and filters as providers of any module: NestJS's APP_GUARD and its like.
///
///     struct AuthModule : nest::module {
///       AuthModule() {
///         provide<Tokens>();
///         provide<nest::app_guard<TokenGuard>>();       // { provide: APP_GUARD, useClass: TokenGuard }
///       }
///     };
///
/// The class is what the module sees under its type, else built by injection, in that module. They go before those of
/// `use_global_guards` and its like: modules far from the root first, each module's in the order written.

#include <nestcpp/module/container.hpp>
#include <nestcpp/module/inject.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>
#include <nestcpp/pipeline/pipe.hpp>

#include <type_traits>

namespace nestcpp {

/// Collects them while the container builds; an application adds it to its container.
struct global_enhancers {
  enhancers all;
};

/// NestJS's APP_GUARD.
template <class Guard>
class app_guard {
  static_assert(std::is_base_of_v<guard, Guard>, "nestcpp: app_guard<G>: derive G from nestcpp::guard");
  NEST_INJECT(global_enhancers, container);

 public:
  app_guard(global_enhancers& globals, container& from) {
    globals.all.guards.push_back(&from.resolve_or_create<Guard>());
  }
};

/// NestJS's APP_INTERCEPTOR.
template <class Interceptor>
class app_interceptor {
  static_assert(std::is_base_of_v<interceptor, Interceptor>,
                "nestcpp: app_interceptor<I>: derive I from nestcpp::interceptor");
  NEST_INJECT(global_enhancers, container);

 public:
  app_interceptor(global_enhancers& globals, container& from) {
    globals.all.interceptors.push_back(&from.resolve_or_create<Interceptor>());
  }
};

/// NestJS's APP_FILTER.
template <class Filter>
class app_filter {
  static_assert(std::is_base_of_v<exception_filter, Filter>,
                "nestcpp: app_filter<F>: derive F from nestcpp::exception_filter");
  NEST_INJECT(global_enhancers, container);

 public:
  app_filter(global_enhancers& globals, container& from) {
    globals.all.filters.push_back(&from.resolve_or_create<Filter>());
  }
};

/// NestJS's APP_PIPE. `app_pipe<validation_pipe>` takes the value that the module provides
/// (`provide_value(nest::validation_pipe{…})`), else one with defaults.
template <class Pipe>
class app_pipe {
  static_assert(std::is_base_of_v<any_pipe, Pipe>, "nestcpp: app_pipe<P>: derive P from nestcpp::pipe<T>");
  NEST_INJECT(global_enhancers, container);

 public:
  app_pipe(global_enhancers& globals, container& from) { globals.all.pipes.push_back(&from.resolve_or_create<Pipe>()); }
};
template <>
class app_pipe<validation_pipe> {
  NEST_INJECT(global_enhancers, validation_pipe*);

 public:
  app_pipe(global_enhancers& globals, const validation_pipe* options) {
    globals.all.validation = options != nullptr ? *options : validation_pipe{};
  }
};

}  // namespace nestcpp
