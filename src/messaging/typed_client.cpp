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

task<reply> typed_client::send_text(std::string pattern, std::string payload, client_policy call) {
  const bool idempotent = call.idempotent || policy_.idempotent;
  const auto backoff = call.retry ? call.retry : policy_.retry;
  const auto timeout = call.timeout ? call.timeout : policy_.timeout;
  deadline limit = deadline::after(timeout.value_or(proxy_->timeout()));
  if (const auto* context = execution_context::current()) limit = earlier(limit, context->get_deadline());

  for (int failed = 0;;) {
    const call_options options{.timeout = std::chrono::ceil<std::chrono::milliseconds>(limit.remaining())};
    std::exception_ptr error;
    try {
      reply answer = co_await proxy_->send_text(pattern, payload, options);
      budget_.on_success();
      co_return answer;
    } catch (const rpc_exception&) {  // the service answered
      budget_.on_success();
      throw;
    } catch (...) {
      error = std::current_exception();
    }
    budget_.on_failure();
    ++failed;
    if (!backoff || classify(error, idempotent) == failure::final || !budget_.can_retry())
      std::rethrow_exception(error);
    const auto wait = backoff->delay_after(failed);
    if (!wait || *wait >= limit.remaining()) std::rethrow_exception(error);
    co_await sleep_for(*wait);
  }
}

}  // namespace nestcpp
