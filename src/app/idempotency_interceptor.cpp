#include <nestcpp/app/idempotency_interceptor.hpp>

#include "core/digest.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/http/http_context.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nestcpp {

namespace {

constexpr logger log{"Idempotency"};
constexpr std::size_t max_key_size = 255;

// The key as it is kept: those of other routes are others. Nothing: the request has none, or needs none.
std::optional<std::string> key_of(execution_context& context) {
  if (context.get_type() != context_type::http) return std::nullopt;
  const http_request& request = context.switch_to_http().request();
  if (request.method() == http_method::get || request.method() == http_method::head ||
      request.method() == http_method::options) {
    return std::nullopt;
  }
  const auto sent = request.headers.get("Idempotency-Key");
  if (!sent) return std::nullopt;
  const bool fits = !sent->empty() && sent->size() <= max_key_size &&
                    std::ranges::all_of(*sent, [](char c) { return c > ' ' && c < 0x7f; });
  if (!fits) throw bad_request_exception{"Idempotency-Key must be 1 to 255 visible ASCII characters"};
  return std::string{context.route()} + ' ' + std::string{*sent};
}

std::string fingerprint_of(const http_request& request) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t byte : detail::sha1(request.method_text() + ' ' + request.target() + '\n' + request.body)) {
    hex += digits[byte >> 4U];
    hex += digits[byte & 15U];
  }
  return hex;
}

reply replayed(http_context& context, const idempotent_answer& kept) {
  context.response().headers.set("Idempotent-Replayed", "true");
  switch (kept.outcome) {
    case idempotent_outcome::http_exception: throw http_exception{boost::json::parse(kept.body), kept.status};
    case idempotent_outcome::rpc_exception:
      throw rpc_exception{boost::json::parse(kept.body), rpc_exception::origin::service};
    case idempotent_outcome::value: context.response().status = kept.status; return reply::from_text(kept.body);
    case idempotent_outcome::nothing: break;
  }
  context.response().status = kept.status;
  return {};
}

// The status that a service's error names; 0: none.
int status_of(const boost::json::value& error) {
  const auto* object = error.if_object();
  const auto* status = object != nullptr ? object->if_contains("statusCode") : nullptr;
  return status != nullptr && status->is_int64() ? static_cast<int>(status->get_int64()) : 0;
}

// What is worth keeping of a failure: what would come out the same again.
std::optional<idempotent_answer> refusal_in(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const http_exception& refusal) {
    if (refusal.status() >= 500) return std::nullopt;
    return idempotent_answer{idempotent_outcome::http_exception, refusal.status(),
                             boost::json::serialize(refusal.body())};
  } catch (const rpc_exception& refusal) {
    const int status = status_of(refusal.error());
    if (status < 400 || status >= 500) return std::nullopt;
    return idempotent_answer{idempotent_outcome::rpc_exception, status, boost::json::serialize(refusal.error())};
  } catch (...) {
    return std::nullopt;
  }
}

}  // namespace

task<reply> idempotency_interceptor::intercept(execution_context& context, call_handler next) {
  const std::optional<std::string> key = key_of(context);
  if (!key) co_return co_await next.handle();
  http_context& http = context.switch_to_http();
  const std::string fingerprint = fingerprint_of(http.request());
  const idempotent_claim claim = co_await store_->begin(*key, fingerprint);
  if (claim.what != idempotent_claim::state::first) {
    if (claim.fingerprint != fingerprint) {
      throw unprocessable_entity_exception{"The Idempotency-Key was used with another request"};
    }
    if (claim.what == idempotent_claim::state::running) {
      throw conflict_exception{"A request with this Idempotency-Key is in progress"};
    }
    co_return replayed(http, claim.answer);
  }

  std::exception_ptr failure;
  reply answer;
  try {
    answer = co_await next.handle();
  } catch (...) {
    failure = std::current_exception();
  }
  std::optional<idempotent_answer> kept;
  if (failure) {
    // A call over its time limit is cancelled; the key is given back all the same.
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    kept = refusal_in(failure);
  } else if (answer.has_value()) {
    kept = {idempotent_outcome::value, http.response().status, answer.text()};
  } else if (!answer.is_stream()) {
    kept = {idempotent_outcome::nothing, http.response().status, ""};
  }
  try {
    if (kept) {
      co_await store_->finish(*key, *std::move(kept));
    } else {
      co_await store_->release(*key);
    }
  } catch (const std::exception& problem) {  // the effect has happened: its answer counts
    log.error("what came of a request with an Idempotency-Key could not be kept: {}", problem.what());
  }
  if (failure) std::rethrow_exception(failure);
  co_return answer;
}

}  // namespace nestcpp
