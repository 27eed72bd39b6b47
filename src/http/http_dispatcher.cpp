#include <nestcpp/http/http_dispatcher.hpp>

#include "http/body_parser.hpp"
#include "http/cors.hpp"
#include "http/http_call.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/http_router.hpp>

#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <map>
#include <stdexcept>
#include <vector>

namespace nestcpp {

namespace {

// The end of a chain for requests that reach no handler: what is wrong with them goes through the global filters.
class refusing_endpoint final : public endpoint {
 public:
  [[nodiscard]] bool is_plain() const noexcept override { return true; }
  [[nodiscard]] bool returns_text() const noexcept override { return false; }
  bool call(execution_context& context, std::string&) const override {
    std::rethrow_exception(static_cast<detail::refusable_context&>(context).failure);
  }
  [[nodiscard]] task<reply> call_async(execution_context&) const override {
    throw std::logic_error{"requests are refused without a coroutine"};
  }
};

std::shared_ptr<const detail::served_route> make_refusing_route(const std::vector<exception_filter*>& filters) {
  enhancers level;
  level.filters = filters;
  auto chain = std::make_shared<handler_chain>(handler_info{"HttpServer", "dispatch", ""},
                                               std::vector<const enhancers*>{&level});
  chain->set_endpoint(std::make_unique<refusing_endpoint>());
  return std::make_shared<detail::served_route>(
      detail::served_route{std::move(chain), 500, true, {}, 0, std::make_unique<detail::route_meter>("", "")});
}

class preflight_endpoint final : public endpoint {
 public:
  [[nodiscard]] bool is_plain() const noexcept override { return true; }
  [[nodiscard]] bool returns_text() const noexcept override { return false; }
  bool call(execution_context&, std::string&) const override { return false; }
  [[nodiscard]] task<reply> call_async(execution_context&) const override { co_return reply{}; }
};

std::shared_ptr<const detail::served_route> make_preflight_route(int status) {
  auto chain = std::make_shared<handler_chain>(handler_info{"Cors", "preflight", ""}, std::vector<const enhancers*>{});
  chain->set_endpoint(std::make_unique<preflight_endpoint>());
  return std::make_shared<detail::served_route>(detail::served_route{
      std::move(chain), status, true, {}, 0, std::make_unique<detail::route_meter>("OPTIONS", "")});
}

boost::json::value text(std::string_view message) { return boost::json::string{message}; }

std::string handler_name(const handler_info& info) { return info.class_name + '.' + info.method_name; }

}  // namespace

struct http_dispatcher::impl {
  impl(runtime& runtime, http_dispatcher_options given)
      : loops{runtime}, options{std::move(given)}, refusing{make_refusing_route(options.global_filters)} {
    if (options.cors) preflight = make_preflight_route(options.cors->options_success_status);
  }

  runtime& loops;
  http_dispatcher_options options;
  http_router router;  // of routes that serve whatever version
  std::map<std::string, http_router> by_version;
  std::vector<std::shared_ptr<const detail::served_route>> routes;
  std::shared_ptr<const detail::served_route> refusing;
  std::shared_ptr<const detail::served_route> preflight;
  std::shared_ptr<detail::http_counters> counters = std::make_shared<detail::http_counters>();
  bool has_own_limits = false;

  [[nodiscard]] http_router::result match(const http_request& request) const {
    if (options.versions_of) {
      for (const std::string& version : options.versions_of(request)) {
        const auto found = by_version.find(version);
        if (found == by_version.end()) continue;
        auto result = found->second.match(request.method(), request.path());
        if (result.what != http_router::outcome::not_found) return result;
      }
    }
    return router.match(request.method(), request.path());
  }

  // The loop this runs on, where it is one of ours.
  [[nodiscard]] event_loop* own_loop() const {
    event_loop* const current = event_loop::current();
    const bool ours =
        current != nullptr && current->index() < loops.loop_count() && &loops.loop(current->index()) == current;
    return ours ? current : nullptr;
  }

  void run(http_request request, route_parameters parameters, const std::shared_ptr<const detail::served_route>& route,
           std::shared_ptr<http_responder> responder, std::exception_ptr failure = {}) {
    event_loop* const current = own_loop();
    event_loop& loop = current != nullptr ? *current : loops.next_loop();
    boost::intrusive_ptr<detail::http_call> call{
        new detail::http_call{loop,
                              std::move(request),
                              std::move(parameters),
                              route,
                              std::move(responder),
                              counters,
                              {options.access_log, options.etag, options.compression}}};
    call->context().failure = std::move(failure);
    if (options.cors) call->add_headers(detail::cors_headers(*options.cors, call->context().request()));
    if (current != nullptr) return call->run();
    boost::asio::post(loop.executor(), [call = std::move(call)] { call->run(); });
  }
};

http_dispatcher::http_dispatcher(runtime& loops, http_dispatcher_options options)
    : impl_{std::make_unique<impl>(loops, std::move(options))} {}

http_dispatcher::~http_dispatcher() = default;

void http_dispatcher::add_route(http_method method, std::string_view path, std::shared_ptr<const handler_chain> chain,
                                http_route_options options) {
  const std::string handler = handler_name(chain->info());
  if (options.versions.empty()) impl_->router.add(method, path, impl_->routes.size(), handler);
  for (const std::string& version : options.versions) {
    impl_->by_version[version].add(method, path, impl_->routes.size(), handler);
  }
  const int status = options.status != 0 ? options.status : method == http_method::post ? 201 : 200;
  http_headers headers;
  for (auto& [name, value] : options.headers) headers.set(name, std::move(value));
  if (options.body_limit != 0) impl_->has_own_limits = true;
  impl_->routes.push_back(std::make_shared<detail::served_route>(detail::served_route{
      std::move(chain), status, options.while_draining, std::move(headers), options.body_limit,
      std::make_unique<detail::route_meter>(to_string(method), std::string{path}), options.events}));
}

runtime& http_dispatcher::loops() const noexcept { return impl_->loops; }

std::size_t http_dispatcher::body_limit(const http_request& head) const {
  if (!impl_->has_own_limits) return impl_->options.body_limit;
  try {
    const auto match = impl_->match(head);
    if (match.what != http_router::outcome::found) return impl_->options.body_limit;
    const std::size_t own = impl_->routes[match.route]->body_limit;
    return own != 0 ? own : impl_->options.body_limit;
  } catch (...) {  // versions_of threw; it will again, in dispatch, which answers it
    return impl_->options.body_limit;
  }
}

void http_dispatcher::dispatch(http_request request, std::shared_ptr<http_responder> responder) {
  std::exception_ptr failure;
  try {
    if (request.body.size() > body_limit(request)) std::rethrow_exception(request_entity_too_large());
    detail::check_body(request);
    if (impl_->options.cors && request.method() == http_method::options) {
      return impl_->run(std::move(request), {}, impl_->preflight, std::move(responder));
    }
    auto match = impl_->match(request);
    if (match.what == http_router::outcome::undecodable) {
      throw bad_request_exception{text("Failed to decode param '" + std::string{match.segment} + "'")};
    }
    const bool found = match.what == http_router::outcome::found;
    if (is_shutting_down() && !(found && impl_->routes[match.route]->while_draining)) {
      throw service_unavailable_exception{"Server is shutting down"};
    }
    if (!found) throw not_found_exception{text("Cannot " + request.method_text() + ' ' + request.target())};
    impl_->run(std::move(request), std::move(match.parameters), impl_->routes[match.route], std::move(responder));
    return;
  } catch (...) {  // also what versions_of threw: it is the application's
    failure = std::current_exception();
  }
  // Given away whole: the loop that answers is the last to hold it.
  refuse(std::move(request), std::move(failure), std::move(responder));
}

void http_dispatcher::refuse(http_request request, std::exception_ptr failure,
                             std::shared_ptr<http_responder> responder) {
  impl_->run(std::move(request), {}, impl_->refusing, std::move(responder), std::move(failure));
}

http_response http_dispatcher::unanswered(std::string_view request_id) const {
  http_request request;
  if (!request_id.empty()) request.headers.set("X-Request-Id", std::string{request_id});
  const http_context context{impl_->refusing->chain->info(), std::move(request)};
  http_response response;
  const service_unavailable_exception failure{"Server is shutting down"};
  response.status = failure.status();
  response.set_json(failure.body());
  response.headers.set("Connection", "close");
  response.headers.set("X-Request-Id", context.request_id());
  return response;
}

void http_dispatcher::begin_shutdown() noexcept {
  impl_->counters->shutting_down.store(true, std::memory_order_relaxed);
  impl_->counters->event_streams->end_all();
}

bool http_dispatcher::is_shutting_down() const noexcept {
  return impl_->counters->shutting_down.load(std::memory_order_relaxed);
}

std::vector<metric_sample> http_dispatcher::metrics() const {
  std::vector<metric_sample> samples;
  for (const auto& each : impl_->routes) each->meter->append_to(samples);
  impl_->refusing->meter->append_to(samples);
  if (impl_->preflight) impl_->preflight->meter->append_to(samples);
  samples.push_back({"http_server_requests_in_flight",
                     {},
                     static_cast<double>(in_flight()),
                     metric_kind::gauge,
                     "HTTP requests that are not answered yet"});
  return samples;
}

std::size_t http_dispatcher::in_flight() const noexcept {
  return impl_->counters->in_flight.load(std::memory_order_acquire);
}

bool http_dispatcher::is_stopped() const noexcept {
  for (std::size_t i = 0; i < impl_->loops.loop_count(); ++i) {
    if (impl_->loops.loop(i).context().stopped()) return true;
  }
  return false;
}

std::exception_ptr request_entity_too_large() {
  return std::make_exception_ptr(
      http_exception{boost::json::object{{"statusCode", 413}, {"message", "request entity too large"}}, 413});
}

}  // namespace nestcpp
