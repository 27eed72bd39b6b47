#pragma once
/// @file nestcpp/http/http_dispatcher.hpp
/// @brief From a request to its answer: route, body, handler chain on a loop, result. What adapters stand on.

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/http/compression_options.hpp>
#include <nestcpp/http/cors_options.hpp>
#include <nestcpp/http/event_stream.hpp>
#include <nestcpp/http/http_method.hpp>
#include <nestcpp/http/http_request.hpp>
#include <nestcpp/http/http_response.hpp>
#include <nestcpp/http/openapi/openapi_details.hpp>
#include <nestcpp/observability/metric_sample.hpp>
#include <nestcpp/pipeline/exception_filter.hpp>
#include <nestcpp/pipeline/handler_chain.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp {

struct http_dispatcher_options {
  /// Bytes of a body, after decompression. Default: 100 KiB, as Express' body parser. Over it: 413.
  std::size_t body_limit = 100 * 1024;
  /// Filters for what fails before a route is found (unknown route, bad JSON), searched from last to first.
  /// @par Lifetime They must outlive the runtime's loops.
  std::vector<exception_filter*> global_filters{};
  /// One line per request at info, context `HTTP`: method, path, status, milliseconds. Default: on.
  bool access_log = true;
  /// A weak `ETag` in every answer with a body, as Express, and 304 for callers who have it already. Default: on.
  bool etag = true;
  /// Default: none, pages of other origins may not call.
  std::optional<cors_options> cors{};
  /// Default: none, answers travel as they are.
  std::optional<compression_options> compression{};
  /// Which versions a request asks for, the wanted first; where set, a request is served by a route of one of them, or
  /// by one that has none. Default: versions play no part.
  std::function<std::vector<std::string>(const http_request&)> versions_of{};
};

struct http_route_options {
  /// Status of a success. Default: 0 = 201 for POST, 200 for the other methods.
  int status = 0;
  /// Served also after `begin_shutdown()`: health checks.
  bool while_draining = false;
  /// Set before the handler runs, by name and value. Names that are no token are refused as `http_headers::set` does.
  std::vector<std::pair<std::string, std::string>> headers{};
  /// Bytes of a body, after decompression. Default: 0 = the dispatcher's. Over it: 413.
  std::size_t body_limit = 0;
  event_stream events = event_stream::none;
  /// The versions that the route serves, for `versions_of`. Default: none = whatever the version.
  std::vector<std::string> versions{};
  /// What documents say about it.
  openapi_details details{};
};

/// Where an answer goes; implemented by adapters.
class http_responder {
 public:
  virtual ~http_responder() = default;
  /// Called exactly once, on any thread; where the runtime stopped in between, never (the responder is then released).
  virtual void respond(http_response response) noexcept = 0;
};

/// @par Thread safety `add_route` not safe and only before the first `dispatch`; everything else safe.
/// @par Lifetime Must outlive what it was given to (servers) and must itself be outlived by the runtime; calls still
/// under way when it is destroyed keep their chains alive.
class http_dispatcher {
 public:
  explicit http_dispatcher(runtime& loops, http_dispatcher_options options = {});
  ~http_dispatcher();
  http_dispatcher(const http_dispatcher&) = delete;
  http_dispatcher& operator=(const http_dispatcher&) = delete;

  /// @param path as `http_router::add`
  /// @throws startup_error as `http_router::add`, naming the handlers by class and method
  void add_route(http_method method, std::string_view path, std::shared_ptr<const handler_chain> chain,
                 http_route_options options = {});

  /// What it was made with.
  [[nodiscard]] runtime& loops() const noexcept;

  /// Bytes that the body of this request may have, after decompression: its route's limit, or the dispatcher's.
  /// @param head a request whose body has not been read yet
  [[nodiscard]] std::size_t body_limit(const http_request& head) const;

  /// Serves a request on the runtime's next loop; called on one of its loops, on that one, at once. Whatever goes wrong
  /// becomes an answer in NestJS's shape; every answer carries `X-Request-Id`.
  void dispatch(http_request request, std::shared_ptr<http_responder> responder);
  /// Answers a request that cannot be served, for example one whose body is too large or was cut off, through the
  /// global filters. @param failure an exception as a handler would throw it
  void refuse(http_request request, std::exception_ptr failure, std::shared_ptr<http_responder> responder);

  /// What a caller gets whose request nobody will answer any more: 503 with `Connection: close`.
  /// @param request_id as the caller sent it; a new one replaces what cannot be one
  [[nodiscard]] http_response unanswered(std::string_view request_id) const;

  /// From now on requests are answered 503 with `Connection: close`; those under way go on, but streams of server-sent
  /// events end: browsers then connect again.
  void begin_shutdown() noexcept;
  [[nodiscard]] bool is_shutting_down() const noexcept;
  /// Requests dispatched and not yet answered.
  [[nodiscard]] std::size_t in_flight() const noexcept;
  /// `http_server_requests_total{method,route,status}`, `http_server_request_duration_seconds{method,route}` and
  /// `http_server_requests_in_flight`. The route is its pattern, `/users/:id`; empty for requests that none was found
  /// for, whose method is empty, too: callers cannot make labels.
  [[nodiscard]] std::vector<metric_sample> metrics() const;
  /// The loops have ended: nothing that is under way will be answered.
  [[nodiscard]] bool is_stopped() const noexcept;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// 413 as body-parser words it: `{"statusCode":413,"message":"request entity too large"}`.
[[nodiscard]] std::exception_ptr request_entity_too_large();

}  // namespace nestcpp
