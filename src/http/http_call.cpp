#include "http/http_call.hpp"

#include "http/compression.hpp"
#include "http/entity_tag.hpp"
#include "http/event_format.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/asio/post.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <cmath>

namespace nestcpp::detail {

namespace {

constexpr logger access{"HTTP"};
constexpr logger log{"HttpServer"};

error_response internal_error() {
  return {500, boost::json::object{{"statusCode", 500}, {"message", "Internal server error"}}};
}

// Express answers 204 and 304 without a body, whatever the handler gave.
bool has_no_body(int status) { return status == 204 || status == 304 || (status >= 100 && status < 200); }

}  // namespace

http_call::http_call(event_loop& loop, http_request request, route_parameters parameters,
                     std::shared_ptr<const served_route> route, std::shared_ptr<http_responder> responder,
                     std::shared_ptr<http_counters> counters, options with)
    : call{loop},
      route_{std::move(route)},
      context_{route_->chain->info(), std::move(request), std::move(parameters)},
      responder_{std::move(responder)},
      counters_{std::move(counters)},
      options_{with} {
  context_.response().status = route_->status;
  if (!route_->headers.empty()) context_.response().headers = route_->headers;
  counters_->in_flight.fetch_add(1, std::memory_order_relaxed);
}

http_call::~http_call() {
  if (responder_) counters_->in_flight.fetch_sub(1, std::memory_order_release);
}

void http_call::add_headers(const http_headers& headers) {
  for (const auto& [name, value] : headers) context_.response().headers.add(name, value);
}

void http_call::run() {
  if (!route_->chain->is_plain()) {
    start(*route_->chain);
    return;
  }
  const context_scope scope{context_};
  std::string out;
  error_response error;
  switch (route_->chain->run_plain(context_, out, error)) {
    case handler_chain::ended::value: set_result(std::move(out)); break;
    case handler_chain::ended::no_value: break;
    case handler_chain::ended::error: set_error(error); break;
  }
  send();
}

void http_call::answer_reply(const reply& result) noexcept {
  if (sends_each_value()) {
    if (result.has_value()) answer_value(result);
    if (const auto events = begin_events()) events->end();
    return;
  }
  try {
    if (result.has_value()) set_result(result.text());
  } catch (const std::exception& failure) {
    log.error("{}.{}: its result could not be answered: {}", context_.get_class(), context_.get_handler(),
              failure.what());
    set_error(internal_error());
  }
  send();
}

void http_call::answer_error(const error_response& error) noexcept {
  if (events_began_) {
    const auto events = events_.lock();
    if (!events) return;
    std::string text;
    append_error_event(text, error, std::to_string(++event_count_));
    events->push(text);
    return events->end();
  }
  set_error(error);
  send();
}

// NestJS sends the head when the first value is there, or has to be waited for: what fails before is answered as usual.
// Null: the peer has gone.
std::shared_ptr<event_source> http_call::begin_events() {
  if (events_began_) return events_.lock();
  events_began_ = true;
  const auto source = std::make_shared<event_source>(boost::intrusive_ptr<call>{this}, counters_->event_streams);
  events_ = source;
  counters_->event_streams->add(source);
  source->push("\n");
  http_response& response = context_.response();
  response.headers.set("Content-Type", "text/event-stream");
  response.headers.set("Cache-Control", "private, no-cache, no-store, must-revalidate, max-age=0, no-transform");
  response.headers.set("Pragma", "no-cache");
  response.headers.set("Expires", "0");
  response.headers.set("X-Accel-Buffering", "no");
  response.source = source;
  send();
  if (counters_->shutting_down.load(std::memory_order_relaxed)) {
    boost::asio::post(loop().executor(), [source] { source->close(); });
  }
  return source;
}

void http_call::append_value(std::string& out, const reply& value) {
  const std::string_view json = value.has_value() ? std::string_view{value.text()} : "null";
  if (route_->events == event_stream::messages) {
    append_message_event(out, json, event_count_);
  } else {
    append_event(out, json, std::to_string(++event_count_));
  }
}

void http_call::answer_value(const reply& value) noexcept {
  const auto events = begin_events();
  if (!events) return;
  std::string text;
  append_value(text, value);
  events->push(text);
}

void http_call::await_value() noexcept {
  if (sends_each_value()) static_cast<void>(begin_events());
}

bool http_call::peer_is_congested() const noexcept {
  const auto events = events_.lock();
  return events && events->is_full();
}

void http_call::await_room() noexcept {
  if (const auto events = events_.lock()) events->await_room();
}

void http_call::set_result(std::string text) {
  http_response& response = context_.response();
  if (route_->chain->handler().returns_text()) {
    response.set_text(std::move(text));
  } else if (text == "null") {
    return;
  } else if (text == "true" || text == "false" || text.starts_with('-') || (text[0] >= '0' && text[0] <= '9')) {
    response.set_text(std::move(text));  // as Express, which takes numbers and booleans for text
  } else {
    response.set_json(std::move(text));
  }
}

void http_call::set_error(const error_response& error) {
  http_response& response = context_.response();
  response.status = error.status;
  response.headers.remove("Content-Type");
  if (const auto* text = error.body.if_string()) {
    response.set_text(std::string{text->data(), text->size()});
  } else {
    response.set_json(error.body);
  }
}

void http_call::send() noexcept {
  http_response response = std::move(context_.response());
  if (response.status < 200 || response.status > 999) {
    log.error("{}.{}: {} is no status to answer with", context_.get_class(), context_.get_handler(), response.status);
    response.status = 500;
  }
  if (has_no_body(response.status)) {
    response.body.clear();
    response.headers.remove("Content-Type");
  }
  if (!events_began_) tag(response);
  if (options_.compression) compress(response, context_.request(), *options_.compression, loop());
  response.headers.set("X-Request-Id", context_.request_id());
  if (counters_->shutting_down.load(std::memory_order_relaxed)) response.headers.set("Connection", "close");
  route_->meter->record(response.status, clock::now() - context_.request().received_at);
  if (options_.access_log) write_access_log(response.status);
  const auto responder = std::move(responder_);
  responder->respond(std::move(response));
  counters_->in_flight.fetch_sub(1, std::memory_order_release);
}

// As Express' `res.send`.
void http_call::tag(http_response& response) const {
  const http_method method = context_.request().method();
  if (options_.etag && !response.source && !response.body.empty() && !response.headers.contains("ETag")) {
    response.headers.set("ETag", entity_tag(response.body));
  }
  const bool cacheable = method == http_method::get || method == http_method::head;
  const bool successful = (response.status >= 200 && response.status < 300) || response.status == 304;
  if (!cacheable || !successful || !is_fresh(context_.request(), response.headers)) return;
  response.status = 304;
  response.body.clear();
  if (response.source) response.source->abandon();
  response.source.reset();
  response.headers.remove("Content-Type");
}

void http_call::write_access_log(int status) const {
  if (!logger::enabled(log_level::info)) return;
  const context_scope scope{const_cast<refusable_context&>(context_)};
  const http_request& request = context_.request();
  const auto took = clock::now() - request.received_at;
  const double milliseconds = std::round(std::chrono::duration<double, std::milli>(took).count() * 1000) / 1000;
  const std::string_view method = request.method_text().empty() ? "-" : std::string_view{request.method_text()};
  const std::string_view path = request.path().empty() ? "-" : request.path();
  access
      .with({{"method", method},
             {"path", path},
             {"route", route_->meter->route()},
             {"status", status},
             {"durationMs", milliseconds}})
      .info("{} {} {} {:.2f}ms", method, path, status, milliseconds);
}

}  // namespace nestcpp::detail
