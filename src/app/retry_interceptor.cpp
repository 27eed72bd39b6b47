#include <nestcpp/app/retry_interceptor.hpp>

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <optional>

namespace nestcpp {

namespace {

constexpr logger log{"RetryInterceptor"};

// nullopt: no further attempt.
std::optional<std::chrono::nanoseconds> wait_after(const std::exception_ptr& failure, int failed,
                                                   const retry_options& options, const execution_context& context) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    if (!options.when(error)) return std::nullopt;
    const auto wait = options.backoff.delay_after(failed);
    if (!wait || *wait >= context.get_deadline().remaining()) return std::nullopt;
    log.debug("{}.{} failed and is called again: {}", context.get_class(), context.get_handler(), error.what());
    return wait;
  } catch (...) {
    return std::nullopt;
  }
}

}  // namespace

bool is_transient_failure(const std::exception& error) {
  if (const auto* http = dynamic_cast<const http_exception*>(&error)) return http->status() >= 500;
  if (dynamic_cast<const rpc_exception*>(&error) != nullptr) return false;
  if (dynamic_cast<const deadline_exceeded*>(&error) != nullptr) return false;
  if (const auto* system = dynamic_cast<const boost::system::system_error*>(&error)) {
    return system->code() != boost::asio::error::operation_aborted;  // the call was cancelled
  }
  return true;
}

retry_interceptor::retry_interceptor(const retry_options& options) : options_{options} {
  options_.backoff.validate();
  if (!options_.when) options_.when = &is_transient_failure;
}

task<reply> retry_interceptor::intercept(execution_context& context, call_handler next) {
  for (int failed = 1;; ++failed) {
    std::exception_ptr failure;
    try {
      co_return co_await next.handle();
    } catch (...) {
      failure = std::current_exception();
    }
    const auto wait = wait_after(failure, failed, options_, context);
    if (!wait) std::rethrow_exception(failure);
    co_await sleep_for(*wait);
  }
}

}  // namespace nestcpp
