#include <nestcpp/app/application.hpp>

#include "app/scoped_controller.hpp"
#include "app/signal_watch.hpp"
#include "app/swagger_ui.hpp"
#include "app/version_reader.hpp"

#include <nestcpp/app/cache_interceptor.hpp>
#include <nestcpp/app/concurrency_limit_interceptor.hpp>
#include <nestcpp/app/retry_interceptor.hpp>
#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/core/process.hpp>
#include <nestcpp/core/version.hpp>
#include <nestcpp/http/metrics_route.hpp>
#include <nestcpp/http/throttler_guard.hpp>
#include <nestcpp/messaging/message_dispatcher.hpp>
#include <nestcpp/messaging/transports/tcp/tcp_server.hpp>
#include <nestcpp/pipeline/timeout_interceptor.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <iterator>
#include <map>
#include <thread>

namespace nestcpp {

namespace {

constexpr logger log{"Application"};

void wait_for(runtime& loops, task<void> work) {
  boost::asio::co_spawn(loops.loop(0).executor(), std::move(work), boost::asio::use_future).get();
}

std::string address_of(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

struct application::impl {
  impl(std::unique_ptr<runtime> run, application_options with) : options{with}, loops{std::move(run)} {}

  struct http_listener {
    http_server_options options;
    http_adapter adapter;
    std::unique_ptr<http_server> server;
  };

  struct microservice_listener {
    std::string kind;
    std::function<std::unique_ptr<transport_server>(message_dispatcher&)> make;
    microservice_options with;
  };

  // What is bound to messages, with the globals or without.
  struct message_side {
    message_registry registry;
    message_dispatcher dispatcher{registry};
  };

  void mount_documents();
  void add_listener_indicators();
  task<std::vector<metric_sample>> collect_metrics();
  task<indicator_result> check_listeners();
  void bind_handlers();
  void register_controller(const controller_record& record, controller_registrar& registrar);
  void write_routes(std::FILE* to) const;
  void open_listeners();
  void close_listeners(deadline limit);
  void wait_for_handlers(deadline limit);

  application_options options;
  std::unique_ptr<runtime> loops;
  health_check health;
  metrics_registry metrics;
  std::string metrics_path;  // empty: not served
  timeout_options default_timeout;
  retry_options default_retry;
  cache_options default_cache;
  throttler_options default_throttler;
  concurrency_limit_options default_concurrency_limit;
  std::unique_ptr<container> providers;  // after the loops: destroyed before them

  reflector metadata_reader;
  global_enhancers globals;
  enhancers no_globals;
  std::vector<global_setup> global_setups;
  message_side messages;
  message_side own_messages;  // of microservices that do not inherit
  std::unique_ptr<http_dispatcher> http;
  http_dispatcher_options http_options;
  route_paths paths;
  struct documents {
    std::string path;  // empty: not served
    document_builder builder;
    std::string ui_folder;
  };
  documents swagger;
  struct static_folder {
    std::string path, folder;
    static_files_options options;
  };
  std::vector<static_folder> static_folders;
  std::vector<openapi_operation> documented_routes;
  std::vector<asyncapi_operation> documented_patterns;
  bool serves_http = false;
  std::vector<std::unique_ptr<detail::scoped_controller>> scoped_controllers;
  std::vector<route_info> routes;
  std::FILE* routes_wanted = nullptr;

  std::vector<microservice_listener> microservices;
  std::vector<http_listener> http_listeners;
  std::vector<std::unique_ptr<transport_server>> servers;
  std::vector<std::string> opened;
  std::atomic<bool> listening{false};  // all of them
  enum class state { idle, running, stopped } state = state::idle;
};

application::application(std::unique_ptr<runtime> loops, application_options options)
    : impl_{std::make_unique<impl>(std::move(loops), options)} {}

void application::adopt(std::unique_ptr<container> providers) {
  impl_->providers = std::move(providers);
  impl_->providers->add_value<runtime>(*impl_->loops);
  impl_->providers->add_value<health_check>(impl_->health);
  impl_->providers->add_value<metrics_registry>(impl_->metrics);
  impl_->providers->add_value<timeout_options>(impl_->default_timeout);
  detail::provide_calls(*impl_->providers);
  impl_->providers->add_value<retry_options>(impl_->default_retry);
  impl_->providers->add_value<cache_options>(impl_->default_cache);
  impl_->providers->add_value<throttler_options>(impl_->default_throttler);
  impl_->providers->add_value<concurrency_limit_options>(impl_->default_concurrency_limit);
  impl_->providers->add_value<global_enhancers>(impl_->globals);
  impl_->providers->add_value<reflector>(impl_->metadata_reader);
}

application::~application() {
  stop();
  impl_->loops->stop();
  impl_->loops->join();
  impl_->loops->drop_pending();  // calls that were cut: what they hold may use providers
}

application& application::connect_microservice(tcp_options options, microservice_options with) {
  const auto make = [this, options = std::move(options)](message_dispatcher& dispatcher) {
    return make_tcp_server(*impl_->loops, dispatcher, options);
  };
  impl_->microservices.push_back({"tcp", make, with});
  return *this;
}

application& application::connect_microservice(in_memory_network& network, std::string address,
                                               microservice_options with) {
  const auto make = [&network, address = std::move(address)](message_dispatcher& dispatcher) {
    return make_in_memory_server(dispatcher, network, address);
  };
  impl_->microservices.push_back({"in-memory", make, with});
  return *this;
}

application& application::listen_http(http_server_options options, http_adapter adapter) {
  impl_->http_listeners.push_back({std::move(options), adapter, nullptr});
  return serve_http();
}

application& application::serve_http() {
  impl_->serves_http = true;
  return *this;
}

application& application::set_global_prefix(std::string prefix, std::vector<std::string> exclude) {
  impl_->paths.prefix = std::move(prefix);
  impl_->paths.excluded = std::move(exclude);
  return *this;
}

application& application::enable_versioning(versioning_options options) {
  impl_->http_options.versions_of = detail::version_reader(options);
  impl_->paths.versions = true;
  impl_->paths.versions_in_path = options.type == versioning_type::uri;
  impl_->paths.version_prefix = std::move(options.prefix);
  impl_->paths.default_version = std::move(options.default_version);
  return *this;
}

application& application::enable_compression(compression_options options) {
  impl_->http_options.compression = options;
  return *this;
}

application& application::serve_static(std::string path, std::string folder, static_files_options options) {
  impl_->static_folders.push_back({std::move(path), std::move(folder), std::move(options)});
  return *this;
}

application& application::enable_cors(cors_options options) {
  impl_->http_options.cors = std::move(options);
  return *this;
}

application& application::set_body_limit(std::size_t bytes) {
  impl_->http_options.body_limit = bytes;
  return *this;
}

application& application::set_etag(bool on) {
  impl_->http_options.etag = on;
  return *this;
}

application& application::setup_swagger(std::string path, document_builder document, std::string ui_folder) {
  impl_->swagger = {std::move(path), std::move(document), std::move(ui_folder)};
  return *this;
}

application& application::enable_metrics(std::string path) {
  impl_->metrics_path = std::move(path);
  return *this;
}

application& application::use_global_pipes(validation_pipe options) {
  return add_globals([options](enhancers& to, container&) { to.validation = options; });
}

application& application::nestjs_compatible_errors() {
  impl_->globals.all.nestjs_compatible_errors = true;
  impl_->no_globals.nestjs_compatible_errors = true;  // how errors are written, wherever they come from
  return *this;
}

application& application::add_globals(global_setup setup) {
  impl_->global_setups.push_back(std::move(setup));
  return *this;
}

http_dispatcher& application::http() {
  if (!impl_->http) {
    throw std::logic_error{"this application serves no HTTP (yet): call serve_http() or listen_http(), then start()"};
  }
  return *impl_->http;
}

container& application::providers() noexcept { return *impl_->providers; }
runtime& application::loops() noexcept { return *impl_->loops; }
const std::vector<std::string>& application::listeners() const noexcept { return impl_->opened; }
const std::vector<route_info>& application::routes() const noexcept { return impl_->routes; }

void application::print_routes(std::FILE* to) {
  if (impl_->state == impl::state::idle) {
    impl_->routes_wanted = to;
  } else {
    impl_->write_routes(to);
  }
}

void application::impl::mount_documents() {
  const document_builder& about = swagger.builder;
  mount_openapi(*http, swagger.path, about.build(documented_routes),
                swagger.ui_folder.empty() ? detail::find_swagger_ui() : swagger.ui_folder);
  if (documented_patterns.empty()) return;
  mount_document(*http, "asyncapi",
                 asyncapi_document({about.title(), about.description(), about.version(), {}}, documented_patterns));
}

task<std::vector<metric_sample>> application::impl::collect_metrics() {
  std::vector<metric_sample> samples = http->metrics();
  const auto add = [&](std::vector<metric_sample> more) {
    std::move(more.begin(), more.end(), std::back_inserter(samples));
  };
  if (!microservices.empty()) {
    add(messages.dispatcher.metrics());
    if (!own_messages.registry.empty()) add(own_messages.dispatcher.metrics());
  }
  add(co_await metrics.gather());
  add(process_metrics());
  for (const blocking_pool* pool : loops->pools()) {
    const metric_labels labels{{"pool", pool->name()}};
    samples.push_back({"blocking_pool_threads", labels, static_cast<double>(pool->threads()), metric_kind::gauge,
                       "Threads that a pool for blocking work may have"});
    samples.push_back({"blocking_pool_queued_jobs", labels, static_cast<double>(pool->queued()), metric_kind::gauge,
                       "Jobs that wait for a thread of the pool"});
  }
  for (std::size_t i = 0; i < loops->loop_count(); ++i) {
    const auto asked = clock::now();
    co_await boost::asio::co_spawn(
        loops->loop(i).executor(), []() -> task<void> { co_return; }, boost::asio::use_awaitable);
    samples.push_back({"event_loop_lag_seconds",
                       {{"loop", std::to_string(i)}},
                       std::chrono::duration<double>(clock::now() - asked).count(),
                       metric_kind::gauge,
                       "How long a loop took to come to new work, when it was asked for this figure"});
  }
  samples.push_back({"nestcpp_info", {{"version", version}}, 1, metric_kind::gauge, "The library's version"});
  co_return samples;
}

// "http", "tcp", and where there are more of a kind "tcp 2".
void application::impl::add_listener_indicators() {
  std::map<std::string, int> count;
  const auto add = [&](const std::string& kind) {
    const int number = ++count[kind];
    health.add(number == 1 ? kind : kind + " " + std::to_string(number), [this] { return check_listeners(); });
  };
  for (std::size_t i = 0; i < http_listeners.size(); ++i) add("http");
  for (const auto& each : microservices) add(each.kind);
}

task<indicator_result> application::impl::check_listeners() {
  co_return listening ? indicator_result::up() : indicator_result::down("not listening");
}

void application::impl::bind_handlers() {
  globals.collect(providers->modules());
  for (const auto& setup : global_setups) setup(globals.all, *providers);
  if (serves_http) {
    http_options.global_filters = globals.all.filters;
    http = std::make_unique<http_dispatcher>(*loops, http_options);
    mount_health(*http, health);
    if (!metrics_path.empty()) {
      mount_metrics(*http, metrics, [this] { return collect_metrics(); }, metrics_path);
    }
  }
  const bool all_inherit =
      std::ranges::all_of(microservices, [](const auto& each) { return each.with.inherit_app_config; });
  for (const controller_record& each : providers->controllers()) {
    controller_registrar registrar{*providers, each.home, globals.all, messages.registry, http.get()};
    registrar.list_in(routes, each.module_name, each.instance == nullptr);
    registrar.place_routes(paths);
    if (http && !swagger.path.empty()) registrar.document_in(documented_routes, documented_patterns);
    if (!metrics_path.empty()) registrar.meter_messages();
    register_controller(each, registrar);
    if (all_inherit) continue;
    controller_registrar without{*providers, each.home, no_globals, own_messages.registry, nullptr};
    if (!metrics_path.empty()) without.meter_messages();
    register_controller(each, without);
  }
  if (http && !swagger.path.empty()) mount_documents();
  for (const auto& each : static_folders) {
    if (http) mount_static_files(*http, *loops, each.path, each.folder, each.options);
  }
  if (routes_wanted != nullptr) write_routes(routes_wanted);
}

void application::impl::register_controller(const controller_record& record, controller_registrar& registrar) {
  if (record.instance != nullptr) return record.register_handlers(registrar);
  scoped_controllers.push_back(std::make_unique<detail::scoped_controller>(*providers, record));
  record.register_handlers(*scoped_controllers.back(), registrar);
}

void application::impl::write_routes(std::FILE* to) const {
  std::fputs(format_routes(routes).c_str(), to);
  std::fflush(to);
}

void application::impl::open_listeners() {
  for (auto& each : http_listeners) {
    each.server = each.adapter == http_adapter::beast ? make_beast_server(*http, *loops, each.options)
                                                      : make_httplib_server(*http, each.options);
    each.server->start();
    opened.push_back((each.options.tls ? "https " : "http ") + address_of(each.options.host, each.server->port()));
  }
  for (const auto& each : microservices) {
    auto server = each.make((each.with.inherit_app_config ? messages : own_messages).dispatcher);
    server->listen();
    opened.push_back(server->describe());
    logger{"NestMicroservice"}.info("Nest microservice successfully started");
    servers.push_back(std::move(server));
  }
  listening = true;
}

void application::impl::wait_for_handlers(deadline limit) {
  // Not on `nestcpp::clock`: nobody could advance a mock of it while this thread waits.
  const deadline::clock::duration patience = limit.remaining();
  const auto began = std::chrono::steady_clock::now();
  const auto in_flight = [this] {
    return messages.dispatcher.in_flight() + own_messages.dispatcher.in_flight() +
           (http && http_listeners.empty() ? http->in_flight() : 0);
  };
  while (in_flight() != 0 && std::chrono::steady_clock::now() - began < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  if (const std::size_t left = in_flight(); left != 0) {
    log.warn("{} message handler(s) did not end within the grace period and are cut", left);
  }
}

void application::impl::close_listeners(deadline limit) {
  for (auto& each : http_listeners) {
    if (each.server && !each.server->drain(limit))
      log.warn("HTTP requests did not end within the grace period and are cut");
  }
  wait_for_handlers(limit);
  for (auto& each : http_listeners) {
    if (each.server) each.server->close();
  }
  for (auto& each : servers) {
    const auto left = std::min<deadline::clock::duration>(limit.remaining(), std::chrono::milliseconds{500});
    each->close(std::chrono::duration_cast<std::chrono::milliseconds>(left));
  }
}

void application::start() {
  if (impl_->state != impl::state::idle) throw std::logic_error{"an application is started once"};
  impl_->state = impl::state::running;
  logger{"NestFactory"}.info("Starting Nest application...");
  impl_->loops->start();
  try {
    impl_->providers->build_all();
    impl_->bind_handlers();
    wait_for(*impl_->loops, impl_->providers->run_init());
    wait_for(*impl_->loops, impl_->providers->run_bootstrap());
    impl_->add_listener_indicators();
    if (!impl_->http_listeners.empty() || impl_->microservices.empty()) {
      logger{"NestApplication"}.info("Nest application successfully started");
    }
    impl_->open_listeners();
  } catch (...) {
    stop();
    throw;
  }
}

void application::stop(std::string signal) {
  if (impl_->state != impl::state::running) return;
  impl_->state = impl::state::stopped;
  impl_->health.begin_shutdown();
  if (const auto delay = impl_->options.shutdown_delay; delay.count() > 0) {
    log.info("goes on serving for {} ms", delay.count());
    std::this_thread::sleep_for(delay);
  }
  impl_->listening = false;
  const deadline limit = deadline::after(impl_->options.shutdown_grace);
  for (auto& each : impl_->http_listeners) {
    if (each.server) each.server->stop_accepting();
  }
  if (impl_->http) impl_->http->begin_shutdown();
  for (auto& each : impl_->servers) each->stop_accepting();
  wait_for(*impl_->loops, impl_->providers->run_module_destroy());
  wait_for(*impl_->loops, impl_->providers->run_before_shutdown(signal));
  impl_->close_listeners(limit);
  wait_for(*impl_->loops, impl_->providers->run_shutdown(signal));
}

int application::run() {
  raise_open_files_limit();
  detail::signal_watch signals;
  try {
    start();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  signals.started();
  for (const std::string& each : impl_->opened) std::printf("listening %s\n", each.c_str());
  std::fflush(stdout);
  const std::string signal = signals.wait();
  log.info("{}: shutting down", signal);
  stop(signal);
  log.info("stopped");
  return 0;
}

}  // namespace nestcpp
