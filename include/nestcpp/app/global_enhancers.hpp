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
/// `use_global_guards` and its like, in NestJS's order: the root module's first, then each import's with all that it
/// imports in its turn, each module's in the order written.

#include <nestcpp/module/container.hpp>
#include <nestcpp/module/inject.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>
#include <nestcpp/pipeline/pipe.hpp>

#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// Collects them while the container builds, in whatever order it builds; an application adds it to its container.
class global_enhancers {
 public:
  enhancers all;

  /// What `home` adds.
  [[nodiscard]] enhancers& of(module_id home);
  /// Appends what was added to `all`, in the order of `modules`. Of several modules' validation_pipe the first counts.
  void collect(const std::vector<module_id>& modules);

 private:
  std::vector<std::pair<module_id, enhancers>> added_;
};

/// NestJS's APP_GUARD.
template <class Guard>
class app_guard {
  static_assert(std::is_base_of_v<guard, Guard>, "nestcpp: app_guard<G>: derive G from nestcpp::guard");
  NEST_INJECT(global_enhancers, container);

 public:
  app_guard(global_enhancers& globals, container& from) {
    guard& one = from.resolve_or_create<Guard>();
    globals.of(from.building()).guards.push_back(&one);
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
    interceptor& one = from.resolve_or_create<Interceptor>();
    globals.of(from.building()).interceptors.push_back(&one);
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
    exception_filter& one = from.resolve_or_create<Filter>();
    globals.of(from.building()).filters.push_back(&one);
  }
};

/// NestJS's APP_PIPE. `app_pipe<validation_pipe>` takes the value that the module provides
/// (`provide_value(nest::validation_pipe{…})`), else one with defaults.
template <class Pipe>
class app_pipe {
  static_assert(std::is_base_of_v<any_pipe, Pipe>, "nestcpp: app_pipe<P>: derive P from nestcpp::pipe<T>");
  NEST_INJECT(global_enhancers, container);

 public:
  app_pipe(global_enhancers& globals, container& from) {
    any_pipe& one = from.resolve_or_create<Pipe>();
    globals.of(from.building()).pipes.push_back(&one);
  }
};
template <>
class app_pipe<validation_pipe> {
  NEST_INJECT(global_enhancers, container, validation_pipe*);

 public:
  app_pipe(global_enhancers& globals, container& from, const validation_pipe* options) {
    globals.of(from.building()).validation = options != nullptr ? *options : validation_pipe{};
  }
};

}  // namespace nestcpp
