#pragma once
/// @file nestcpp/app/application.hpp
/// @brief The composition root: modules become a running service with listeners, signals and a graceful end.

#include <nestcpp/app/controller_registrar.hpp>
#include <nestcpp/app/global_enhancers.hpp>
#include <nestcpp/app/route_info.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/dto/enums.hpp>
#include <nestcpp/http/health_routes.hpp>
#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/http/http_server.hpp>
#include <nestcpp/http/openapi/openapi_document.hpp>
#include <nestcpp/http/static_files.hpp>
#include <nestcpp/macros.hpp>
#include <nestcpp/messaging/transports/in_memory/in_memory.hpp>
#include <nestcpp/messaging/transports/tcp/tcp_options.hpp>
#include <nestcpp/module/container.hpp>
#include <nestcpp/observability/health.hpp>
#include <nestcpp/observability/metrics_registry.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// What reads the bodies of HTTP requests. Connections live on the event loops with either, and both keep the same
/// promises (`http_server_options`).
enum class http_adapter {
  httplib,  ///< cpp-httplib: whole ones, those above 256 KiB on a thread of a pool
  beast,    ///< Boost.Beast: piece by piece, as they come
};
NEST_ENUM(http_adapter, httplib, beast);

struct application_options {
  std::size_t io_threads = 0;                       ///< Event loops. Default: 0 = number of cores.
  std::chrono::milliseconds shutdown_grace{10000};  ///< What in-flight work gets at shutdown. Default: 10 s.
  /// How long the service goes on serving at shutdown while `/health` already says `shutting_down`, so that a load
  /// balancer turns away first (Terminus' gracefulShutdownTimeoutMs). Default: 0.
  std::chrono::milliseconds shutdown_delay{0};
};

/// Where a request says which version of an API it wants: NestJS's VersioningType.
enum class versioning_type {
  uri,         ///< in the path, `/v1/users`
  header,      ///< in a header of its own, `X-API-Version: 1`
  media_type,  ///< in a parameter of `Accept`, `Accept: application/json;v=1`
  custom,      ///< where a function of yours finds it
};

/// How versions are told.
struct versioning_options {
  versioning_type type = versioning_type::uri;
  /// `uri`: before the version in the path. Default: "v".
  std::string prefix = "v";
  /// `header`: its name.
  std::string header = "X-API-Version";
  /// `media_type`: what stands before the version. Default: "v=".
  std::string key = "v=";
  /// `custom`: gives the versions that a request asks for, the wanted first. Called from all loops at a time.
  std::function<std::vector<std::string>(const http_request&)> extractor{};
  /// Of controllers and routes that name none. Default: none, they are served whatever the version.
  std::string default_version{};
};

/// How a microservice hangs together with the application it is connected to.
struct microservice_options {
  /// The globals stand around its handlers too: those of `use_global_…` and of providers (`app_guard<…>`). NestJS calls
  /// it inheritAppConfig; there the default is false. Default: true.
  bool inherit_app_config = true;
};

/// `nest::application app{UserModule{}}; app.connect_microservice(nest::tcp_options{}); app.listen_http(); return
/// app.run();`
///
/// Every module can inject `runtime&`, `container&`, `metrics_registry&` and `health_check&`, which shows each listener
/// by its kind: `http`, `tcp`. Start: providers are built, handlers bound, `on_module_init` and
/// `on_application_bootstrap` called, then listeners opened. Stop: `on_module_destroy`, `before_application_shutdown`;
/// HTTP and message handlers that are under way end (or are cut after the grace period), new HTTP requests get 503;
/// listeners and connections close; `on_application_shutdown`.
/// @par Thread safety Not safe: set up and run from one thread, usually main's.
class application {
 public:
  template <class Root>
  explicit application(Root root, application_options options = {})
      : application{std::make_unique<runtime>(runtime_options{options.io_threads}), options} {
    adopt(std::make_unique<container>(std::move(root)));
  }
  /// Stops, if it has been started and not been stopped.
  ~application();
  application(const application&) = delete;
  application& operator=(const application&) = delete;

  /// @name Before the start
  /// @{
  application& connect_microservice(tcp_options options, microservice_options with = {});
  /// @param network must outlive the application
  application& connect_microservice(in_memory_network& network, std::string address, microservice_options with = {});
  application& listen_http(http_server_options options = {}, http_adapter adapter = http_adapter::httplib);
  /// Binds the HTTP handlers without a listener: requests are given to `http()`. For tests, or a server of one's own.
  application& serve_http();

  /// @name HTTP, in NestJS's words
  /// @{
  /// Before the path of every route, but those excluded and `/health…`, `/metrics`.
  /// @param exclude paths as they are in the decorators, `/status`, and what is below them
  application& set_global_prefix(std::string prefix, std::vector<std::string> exclude = {});
  /// Serves the versions of `api_version(…)`: by default in the path, before the controller's, `/v1/users` (NestJS's
  /// VersioningType.URI). A request for a version that is not there is a 404.
  /// @throws std::invalid_argument for `custom` without an extractor, a header's name that is none, an empty key
  application& enable_versioning(versioning_options options = {});
  application& enable_cors(cors_options options = {});
  /// Compresses answers by gzip or deflate for callers who take it. Default: not.
  application& enable_compression(compression_options options = {});
  /// Serves the files of a folder at `<path>/…` (NestJS's ServeStaticModule), outside of the global prefix. May be
  /// called several times. `start()` throws startup_error where the folder is none.
  /// @param path "/assets"; "/": whatever no route serves
  application& serve_static(std::string path, std::string folder, static_files_options options = {});
  /// Bytes of a body, after decompression, where the route says nothing else. Default: 100 KiB.
  application& set_body_limit(std::size_t bytes);
  /// Default: on, as Express.
  application& set_etag(bool on);
  /// @}

  /// Serves the service's OpenAPI document at `/<path>-json` and `/<path>-yaml`, Swagger UI at `/<path>` (NestJS's
  /// SwaggerModule.setup), and where there are message patterns the AsyncAPI document at `/asyncapi-json` and
  /// `/asyncapi-yaml`. Swagger UI is the npm package swagger-ui-dist: where its folder is not found, the page says so.
  /// @param ui_folder default: `../share/nestcpp/swagger-ui` beside the executable's folder, then what scripts/build
  /// has fetched
  application& setup_swagger(std::string path, document_builder document, std::string ui_folder = {});

  /// Serves `GET <path>` for Prometheus: HTTP requests by route, messages by pattern, typed clients, pools, loops, the
  /// process, and what `metrics_registry&` was given; docs/observability.md lists the names.
  application& enable_metrics(std::string path = "/metrics");

  /// @name Guards, interceptors, filters and pipes around every handler, HTTP and messages alike
  /// By class: built by the container, as the root module sees it. By object: `use_global_guards(audit)` for one that
  /// outlives the application, `use_global_guards(std::make_unique<AuditGuard>())` for one it shall own. Of both and of
  /// several calls, those named first stand outside.
  /// @{
  template <class... T>
  application& use_global_guards() {
    return add_global_classes<guard, T...>();
  }
  template <class First, class... Rest>
  application& use_global_guards(First&& first, Rest&&... rest) {
    return add_global_objects<guard>(std::forward<First>(first), std::forward<Rest>(rest)...);
  }
  template <class... T>
  application& use_global_interceptors() {
    return add_global_classes<interceptor, T...>();
  }
  template <class First, class... Rest>
  application& use_global_interceptors(First&& first, Rest&&... rest) {
    return add_global_objects<interceptor>(std::forward<First>(first), std::forward<Rest>(rest)...);
  }
  template <class... T>
  application& use_global_filters() {
    return add_global_classes<exception_filter, T...>();
  }
  template <class First, class... Rest>
  application& use_global_filters(First&& first, Rest&&... rest) {
    return add_global_objects<exception_filter>(std::forward<First>(first), std::forward<Rest>(rest)...);
  }
  template <class... T>
  application& use_global_pipes() {
    return add_global_classes<any_pipe, T...>();
  }
  template <class First, class... Rest>
    requires(!std::is_convertible_v<First, validation_pipe>)
  application& use_global_pipes(First&& first, Rest&&... rest) {
    return add_global_objects<any_pipe>(std::forward<First>(first), std::forward<Rest>(rest)...);
  }
  /// How strict the validation of bodies and payloads is.
  application& use_global_pipes(validation_pipe options);
  /// @}

  /// Answers errors as NestJS itself does, byte for byte, where this library by default keeps what NestJS loses: in
  /// message handlers http_exceptions, refused payloads and the errors of called services become
  /// `{"status":"error","message":"Internal server error"}`, a guard's refusal
  /// `{"status":"error","message":"Forbidden resource"}`; HTTP handlers answer 500 where a called service is down or
  /// late, and of a service's `err` with a `statusCode` pass on that and the `message`. See docs/errors.md.
  application& nestjs_compatible_errors();
  /// @}

  /// Builds and opens everything. @throws startup_error, or what a provider or hook throws; nothing is left open then
  void start();
  /// Ends everything, as described above. Does nothing where the application does not run.
  /// @param signal what the hooks are told
  void stop(std::string signal = {});

  /// `start()`, a line `listening …` to stdout for each listener, then serves until SIGINT or SIGTERM, then `stop()`. A
  /// second signal ends the process at once.
  /// @return the exit status: 0, or 1 where the start failed (the reason is on stderr)
  [[nodiscard]] int run();

  /// "http 127.0.0.1:4000", "tcp 127.0.0.1:4001": what `start()` opened.
  [[nodiscard]] const std::vector<std::string>& listeners() const noexcept;

  /// What serves HTTP requests, from `start()` on.
  /// @throws std::logic_error before, and where neither `listen_http` nor `serve_http` was called
  [[nodiscard]] http_dispatcher& http();

  /// Every route and pattern that is served, in the order of the modules and of the lines in the controllers; routes
  /// only where HTTP is served. Empty before `start()`.
  [[nodiscard]] const std::vector<route_info>& routes() const noexcept;
  /// Writes them as a table (`format_routes`); before `start()`: as soon as the handlers are bound.
  void print_routes(std::FILE* to = stdout);

  template <class T>
  [[nodiscard]] decltype(auto) get() {
    return providers().resolve<T>();
  }
  [[nodiscard]] container& providers() noexcept;
  [[nodiscard]] runtime& loops() noexcept;

 private:
  using global_setup = std::function<void(enhancers&, container&)>;

  application(std::unique_ptr<runtime> loops, application_options options);
  void adopt(std::unique_ptr<container> providers);
  application& add_globals(global_setup setup);

  static void append(enhancers& to, guard& each) { to.guards.push_back(&each); }
  static void append(enhancers& to, interceptor& each) { to.interceptors.push_back(&each); }
  static void append(enhancers& to, exception_filter& each) { to.filters.push_back(&each); }
  static void append(enhancers& to, any_pipe& each) { to.pipes.push_back(&each); }

  template <class Base, class... T>
  application& add_global_classes() {
    static_assert(
        (std::is_base_of_v<Base, T> && ...),
        "nestcpp: use_global_guards<…>() takes classes derived from nest::guard, use_global_interceptors<…>() "
        "from nest::interceptor, use_global_filters<…>() from nest::exception_filter, use_global_pipes<…>() "
        "from nest::pipe<T>");
    if constexpr ((std::is_base_of_v<Base, T> && ...)) {
      add_globals([](enhancers& to, container& from) {
        (append(to, static_cast<Base&>(from.resolve_or_create<T>(from.root(), "use_global_…"))), ...);
      });
    }
    return *this;
  }

  template <class Base, class... Objects>
  application& add_global_objects(Objects&&... objects) {
    (add_global_object<Base>(std::forward<Objects>(objects)), ...);
    return *this;
  }
  template <class Base, class Object>
  void add_global_object(Object&& object) {
    constexpr bool referred = std::is_lvalue_reference_v<Object> && std::is_convertible_v<Object, Base&>;
    constexpr bool owned = !std::is_lvalue_reference_v<Object> && std::is_convertible_v<Object, std::shared_ptr<Base>>;
    static_assert(referred || owned,
                  "nestcpp: use_global_…(object) takes an object that outlives the application, by reference, or a "
                  "std::unique_ptr or std::shared_ptr to one (std::move what has a name); guards derive from "
                  "nest::guard, interceptors from nest::interceptor, filters from nest::exception_filter, pipes from "
                  "nest::pipe<T>");
    if constexpr (referred) {
      add_globals([&object](enhancers& to, container&) { append(to, static_cast<Base&>(object)); });
    } else if constexpr (owned) {
      std::shared_ptr<Base> kept{std::forward<Object>(object)};
      add_globals([kept = std::move(kept)](enhancers& to, container&) { append(to, *kept); });
    }
  }

  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp
