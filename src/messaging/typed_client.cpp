#include <nestcpp/messaging/typed_client.hpp>

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/pipeline/execution_context.hpp>

#include <exception>

namespace nestcpp {

namespace {

enum class failure { final, retryable };

// A request that provably never left may always be repeated; one that may have arrived only if that does no harm.
failure classify(const std::exception_ptr& error, bool idempotent) {
  try {
    std::rethrow_exception(error);
  } catch (const unavailable_exception& down) {
    const bool safe = down.state() == unavailable_exception::request::never_sent || idempotent;
    return safe ? failure::retryable : failure::final;
  } catch (...) {
    return failure::final;
  }
}

}  // namespace

deadline typed_client::limit_of(const client_policy& call) const {
  const auto timeout = call.timeout ? call.timeout : policy_.timeout;
  const deadline limit = deadline::after(timeout.value_or(proxy_->timeout()));
  const auto* const context = execution_context::current();
  return context == nullptr ? limit : earlier(limit, context->get_deadline());
}

std::optional<std::chrono::nanoseconds> typed_client::retry_after(const std::exception_ptr& error, int failed,
                                                                  const client_policy& call) {
  budget_.on_failure();
  const auto& backoff = call.retry ? call.retry : policy_.retry;
  if (!backoff || classify(error, call.idempotent || policy_.idempotent) == failure::final || !budget_.can_retry()) {
    return std::nullopt;
  }
  return backoff->delay_after(failed);
}

task<reply> typed_client::send_text(std::string pattern, std::string payload, client_policy call) {
  return repeated(std::move(pattern), std::move(payload), call, false);
}

task<void> typed_client::emit_acknowledged_text(std::string pattern, std::string payload, client_policy call) {
  co_await repeated(std::move(pattern), std::move(payload), call, true);
}

task<reply> typed_client::repeated(std::string pattern, std::string payload, client_policy call, bool acknowledged) {
  const deadline limit = limit_of(call);
  for (int failed = 1;; ++failed) {
    const call_options options{.timeout = std::chrono::ceil<std::chrono::milliseconds>(limit.remaining())};
    std::exception_ptr error;
    try {
      reply answer;
      if (acknowledged) {
        co_await proxy_->emit_acknowledged_text(pattern, payload, options);
      } else {
        answer = co_await proxy_->send_text(pattern, payload, options);
      }
      budget_.on_success();
      co_return answer;
    } catch (const rpc_exception&) {  // the service answered
      budget_.on_success();
      throw;
    } catch (...) {
      error = std::current_exception();
    }
    const auto wait = retry_after(error, failed, call);
    if (!wait || *wait >= limit.remaining()) std::rethrow_exception(error);
    co_await sleep_for(*wait);
  }
}

stream<reply> typed_client::send_stream_text(std::string pattern, std::string payload, client_policy call) {
  const auto timeout = call.timeout ? call.timeout : policy_.timeout;
  for (int failed = 1;; ++failed) {
    std::exception_ptr error;
    bool begun = false;
    try {
      stream<reply> answers = proxy_->send_stream_text(pattern, payload, {.timeout = timeout});
      while (std::optional<reply> answer = co_await answers.next()) {
        begun = true;
        co_yield std::move(*answer);
      }
      budget_.on_success();
      co_return;
    } catch (const rpc_exception&) {  // the service answered
      budget_.on_success();
      throw;
    } catch (...) {
      error = std::current_exception();
    }
    const auto wait = retry_after(error, failed, call);
    if (!wait || begun) std::rethrow_exception(error);
    co_await sleep_for(*wait);
  }
}

}  // namespace nestcpp
