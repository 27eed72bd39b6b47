#pragma once
/// @file nestcpp/app/controller_registrar.hpp
/// @brief Binds a controller's decorated methods to the message registry and the HTTP dispatcher.

#include <nestcpp/app/route_info.hpp>
#include <nestcpp/core/tag.hpp>
#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/http/http_route.hpp>
#include <nestcpp/http/openapi/api_options.hpp>
#include <nestcpp/http/openapi/openapi_operation.hpp>
#include <nestcpp/http/uploaded_file.hpp>
#include <nestcpp/messaging/asyncapi_document.hpp>
#include <nestcpp/messaging/message_registry.hpp>
#include <nestcpp/messaging/message_route.hpp>
#include <nestcpp/module/container.hpp>
#include <nestcpp/pipeline/api_version.hpp>
#include <nestcpp/pipeline/controller.hpp>
#include <nestcpp/pipeline/enhancer_options.hpp>
#include <nestcpp/pipeline/metadata.hpp>
#include <nestcpp/pipeline/method_endpoint.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace nestcpp {

namespace detail {

template <class C, auto Method, http_method Verb, fixed_string Path, class... Options>
constexpr bool table_path_fits(const http_route<Method, Verb, Path, Options...>&) {
  return path_parameters_exist<Method>(describe_controller<C>().prefix, Path.view());
}
template <class C, class Route>
constexpr bool table_path_fits(const Route&) {
  return true;
}

// What the decorators check by themselves.
template <class C>
constexpr bool table_paths_fit() {
  if constexpr (has_controller_table<C>) {
    return std::apply([](const auto&... each) { return (table_path_fits<C>(each) && ...); },
                      controller_table<C>::routes());
  } else {
    return true;
  }
}

}  // namespace detail

/// What stands before the paths in the decorators.
struct route_paths {
  std::string prefix;
  std::vector<std::string> excluded;  ///< from the prefix
  bool versions = false;
  bool versions_in_path = true;
  std::string version_prefix = "v";
  std::string default_version;

  struct place {
    std::vector<std::string> paths;     ///< one for each version, where versions are in the path
    std::vector<std::string> versions;  ///< where they are not; empty: whatever the version
  };
  /// @param path as the decorators have it @param versions null: it names none
  [[nodiscard]] place of(std::string_view path, const api_versions* versions) const;
};

/// One per controller, while the application starts.
class controller_registrar {
 public:
  /// @param http null: HTTP routes are not served (no listener)
  controller_registrar(container& providers, module_id home, const enhancers& globals, message_registry& messages,
                       http_dispatcher* http)
      : providers_{&providers}, home_{home}, globals_{&globals}, messages_{&messages}, http_{http} {}

  /// Lists in `routes` what is bound, and logs it. Default: neither.
  void list_in(std::vector<route_info>& routes, std::string_view module_name, bool request_scoped);

  void place_routes(const route_paths& paths) noexcept { paths_ = &paths; }
  /// Lists what documents say about routes and patterns.
  void document_in(std::vector<openapi_operation>& routes, std::vector<asyncapi_operation>& patterns) noexcept {
    documented_routes_ = &routes;
    documented_patterns_ = &patterns;
  }
  /// Counts messages by pattern. Default: not.
  void meter_messages() noexcept { meters_messages_ = true; }

  template <controller Controller>
  void add(Controller& instance) {
    add_source(controller_source<Controller>{instance});
  }
  /// @param each_call must outlive the handlers
  template <controller Controller>
  void add(const instance_source& each_call) {
    add_source(controller_source<Controller>{each_call});
  }

  /// The guard, interceptor, pipe or filter that a decorator names.
  template <class T>
  [[nodiscard]] T& get() {
    return providers_->resolve_or_create<T>(home_, place_);
  }

 private:
  template <controller Controller>
  void add_source(controller_source<Controller> instance) {
    static_assert(detail::table_paths_fit<Controller>(),
                  "nestcpp: controller_table: a path<> parameter of a route has no :placeholder in its path");
    const auto info = describe_controller<Controller>();
    begin(info.name, info.prefix);
    const enhancers level = collect(info.options);
    method_metadata_.clear();
    for (const bool binding : {false, true}) {  // a method's metadata may stand below its routes
      for_each_route<Controller>([&]<class Route>(const Route& route) {
        if constexpr (detail::is_method_metadata<Route>) {
          if (!binding) add_metadata(route);
        } else if (binding) {
          enter(info.name, route.name);
          add_route(instance, info.name, info.prefix, level, route);
        }
      });
    }
    check_metadata(info.name);
  }

  template <class... Options>
  enhancers collect(const std::tuple<Options...>& options) {
    enhancers level;
    std::apply([&](const auto&... each) { (apply(level, each), ...); }, options);
    return level;
  }
  template <class Option>
  void apply(enhancers& level, const Option& option) {
    if constexpr (std::is_base_of_v<detail::enhancer_option, Option>) option.apply(level, *this);
  }

  template <class... T>
  void add_metadata(const detail::method_metadata<T...>& line) {
    detail::metadata_set& to = method_metadata_[std::string{line.name}].values;
    std::apply([&](const auto&... each) { (to.set(each), ...); }, line.values);
  }

  template <class... A>
  void add_parameter_pipes(handler_chain& chain, std::tuple<A...>*) {
    (add_pipes_of(chain, tag<std::remove_cvref_t<A>>{}), ...);
  }
  template <class A>
  void add_pipes_of(handler_chain&, tag<A>) {}
  template <class Parameter, class... Pipes>
  void add_pipes_of(handler_chain& chain, tag<piped<Parameter, Pipes...>>) {
    (chain.add_parameter_pipe(get<Pipes>()), ...);
  }

  // The classes of asynchronous rules of the parameters' DTOs.
  template <class... A>
  void add_validators(handler_chain& chain, std::tuple<A...>*) {
    auto visit = [self = this, &chain]<class Class>(std::type_identity<Class>) {
      chain.add_validator(self->template get<Class>());
    };
    (detail::visit_async_rules<detail::argument_value_t<A>>(visit), ...);
  }

  template <auto Method, class C>
  std::unique_ptr<handler_chain> make_chain(C& instance, handler_info info, const enhancers& outer,
                                            const enhancers& inner) {
    describe(info, outer, inner);
    auto chain =
        std::make_unique<handler_chain>(std::move(info), std::vector<const enhancers*>{globals_, &outer, &inner});
    add_parameter_pipes(*chain, static_cast<typename detail::traits_of<Method>::arguments*>(nullptr));
    add_validators(*chain, static_cast<typename detail::traits_of<Method>::arguments*>(nullptr));
    chain->set_endpoint(std::make_unique<method_endpoint<Method>>(instance, *chain));
    return chain;
  }

  template <class C, auto Method, contract Contract, class... Options>
  void add_route(C& instance, std::string_view name, std::string_view, const enhancers& level,
                 const message_route<Method, Contract, Options...>& route) {
    auto chain =
        make_chain<Method>(instance, {std::string{name}, std::string{route.name}, std::string{Contract::pattern()}},
                           level, collect(route.options));
    if (documented_patterns_ != nullptr) {
      documented_patterns_->push_back({std::string{Contract::pattern()}, Contract::is_event, std::string{name},
                                       std::string{route.name}, &describe_contract<Contract>});
    }
    add_message(Contract::pattern(), Contract::is_event, std::move(chain));
  }

  template <class C, auto Method, http_method Verb, fixed_string Path, class... Options>
  void add_route(C& instance, std::string_view name, std::string_view prefix, const enhancers& level,
                 const http_route<Method, Verb, Path, Options...>& route) {
    http_route_options options;
    std::apply([&](const auto&... each) { (apply_to(options, each), ...); }, route.options);
    enhancers own = collect(route.options);
    if (auto uploads = detail::uploads_of<Method>()) {
      own.metadata.set(*std::move(uploads));
      if (options.body_limit == 0) options.body_limit = detail::upload_body_limit;
    }
    const route_paths::place place = place_of(join_paths(prefix, Path.view()), route.name, level, own);
    options.versions = place.versions;
    for (const std::string& path : place.paths) {
      auto chain = make_chain<Method>(
          instance, {std::string{name}, std::string{route.name}, std::string{to_string(Verb)} + " " + path}, level,
          own);
      document(Verb, path, *chain, options, &describe_signature<Method>);
      add_http(Verb, path, std::move(chain), options);
    }
  }
  template <class Option>
  static void apply_to(http_route_options& to, const Option& option) {
    if constexpr (std::is_base_of_v<detail::http_option, Option>) option.apply_to(to);
  }

  [[nodiscard]] route_paths::place place_of(const std::string& path, std::string_view method, const enhancers& outer,
                                            const enhancers& inner) const;
  void begin(std::string_view controller, std::string_view prefix);
  void enter(std::string_view controller, std::string_view method);
  void list(route_kind kind, std::string_view method, std::string_view path, const handler_chain& chain);
  void describe(handler_info& info, const enhancers& outer, const enhancers& inner);
  void check_metadata(std::string_view controller) const;
  void add_message(std::string_view pattern, bool is_event, std::unique_ptr<handler_chain> chain);
  void document(http_method verb, const std::string& path, const handler_chain& chain,
                const http_route_options& options, openapi_signature (*describe)(schema_components&));
  void add_http(http_method verb, const std::string& path, std::unique_ptr<handler_chain> chain,
                http_route_options options);

  container* providers_;
  module_id home_;
  const enhancers* globals_;
  message_registry* messages_;
  http_dispatcher* http_;
  std::string place_;  // what is being bound: "UsersController.find"
  std::vector<route_info>* routes_ = nullptr;
  std::string_view module_name_;
  bool request_scoped_ = false;
  bool meters_messages_ = false;
  const route_paths* paths_ = nullptr;
  std::vector<openapi_operation>* documented_routes_ = nullptr;
  std::vector<asyncapi_operation>* documented_patterns_ = nullptr;

  struct named_metadata {
    detail::metadata_set values;
    bool used = false;
  };
  std::map<std::string, named_metadata> method_metadata_;  // by the method's name
};

template <class Controller>
void nest_register_controller(Controller& instance, controller_registrar& registrar) {
  static_assert(controller<Controller>,
                "nestcpp: a controller needs NEST_CONTROLLER(Type, \"/prefix\") in its class, or a "
                "nestcpp::controller_table<Type> beside it");
  if constexpr (controller<Controller>) registrar.add(instance);
}

template <class Controller>
void nest_register_scoped_controller(tag<Controller>, const instance_source& source, controller_registrar& registrar) {
  if constexpr (controller<Controller>) registrar.add<Controller>(source);  // else the other one has said what to write
}

}  // namespace nestcpp
