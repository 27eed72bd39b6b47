#pragma once
/// @file nestcpp/app/retry_interceptor.hpp
/// @brief Repeats a handler that failed, within the caller's time.

#include <nestcpp/pipeline/interceptor.hpp>
#include <nestcpp/resilience/exponential_backoff.hpp>

#include <exception>
#include <functional>

namespace nestcpp {

/// Whether an error may be another one next time: not of what is an answer (an http_exception below 500, an
/// rpc_exception, a refused validation), nor of a time limit that is over.
[[nodiscard]] bool is_transient_failure(const std::exception& error);

/// Configured by the value of this type that a module provides; without one these defaults.
struct retry_options {
  exponential_backoff backoff{};  ///< Default: 3 attempts, 100 ms at first, full jitter.
  /// Which errors are worth another attempt. Default: `is_transient_failure`.
  std::function<bool(const std::exception&)> when = &is_transient_failure;
};

/// `use_interceptors<retry_interceptor>()`: calls the inner interceptors, pipes and the handler again where they
/// failed. Naming it says that the handler may run several times for one call. A retry that would begin after the
/// caller's deadline is left out; a stream that has begun is not repeated.
/// @par Errors The last attempt's.
class retry_interceptor : public interceptor {
 public:
  /// @throws startup_error for a backoff that cannot be used
  explicit retry_interceptor(const retry_options& options);
  task<reply> intercept(execution_context& context, call_handler next) override;

 private:
  retry_options options_;
};

}  // namespace nestcpp
