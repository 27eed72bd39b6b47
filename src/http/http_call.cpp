#include "http/http_call.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/json/object.hpp>

#include <chrono>

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
                     std::shared_ptr<http_counters> counters, bool access_log)
    : call{loop},
      route_{std::move(route)},
      context_{route_->chain->info(), std::move(request), std::move(parameters)},
      responder_{std::move(responder)},
      counters_{std::move(counters)},
      access_log_{access_log} {
  context_.response().status = route_->status;
  if (!route_->headers.empty()) context_.response().headers = route_->headers;
  counters_->in_flight.fetch_add(1, std::memory_order_relaxed);
}

http_call::~http_call() {
  if (responder_) counters_->in_flight.fetch_sub(1, std::memory_order_release);
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
  set_error(error);
  send();
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
  response.headers.set("X-Request-Id", context_.request_id());
  if (counters_->shutting_down.load(std::memory_order_relaxed)) response.headers.set("Connection", "close");
  if (access_log_) write_access_log(response.status);
  const auto responder = std::move(responder_);
  responder->respond(std::move(response));
  counters_->in_flight.fetch_sub(1, std::memory_order_release);
}

void http_call::write_access_log(int status) const {
  if (!logger::enabled(log_level::info)) return;
  const context_scope scope{const_cast<refusable_context&>(context_)};
  const http_request& request = context_.request();
  const auto took = clock::now() - request.received_at;
  access.info("{} {} {} {:.2f}ms", request.method_text().empty() ? "-" : request.method_text(),
              request.path().empty() ? "-" : request.path(), status,
              std::chrono::duration<double, std::milli>(took).count());
}

}  // namespace nestcpp::detail
