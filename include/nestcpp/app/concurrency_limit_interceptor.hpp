#pragma once
/// @file nestcpp/app/concurrency_limit_interceptor.hpp
/// @brief Refuses what a handler cannot do in time while it is overloaded, so that it does the rest as fast as ever.

#include <nestcpp/observability/metric_sample.hpp>
#include <nestcpp/pipeline/interceptor.hpp>
#include <nestcpp/resilience/concurrency_limit.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace nestcpp {

/// Configured by the value of this type that a module provides; without one these defaults.
struct concurrency_limit_options {
  concurrency_limit limit{};  ///< Of each handler. Default: 20 calls at first, 20 to 200.
  /// What refused callers are told to wait, at least: `retryAfterMs`, and over HTTP `Retry-After` in whole seconds.
  /// Default: 100 ms.
  std::chrono::milliseconds retry_after{100};
  bool dry_run = false;  ///< Measures and counts, but refuses nothing. Default: false.
};

/// `use_interceptors<concurrency_limit_interceptor>()`: each handler has a limit of its own (Netflix's Gradient2) for
/// the calls that are under way, found from how long they take. Calls above it are answered at once, before the inner
/// interceptors, pipes and the handler: 503 `{"statusCode":503,"message":"overloaded","error":"Service
/// Unavailable","retryAfterMs":100}`, which nestcpp's clients take for overload: their circuit breakers do not count
/// it.
///
/// For handlers whose work is short and much alike. Not for those that wait for something for as long as it takes;
/// guards run before it, and handlers without it (health checks, say) are not touched. Of a handler that gives a
/// stream, the call ends where the stream begins; cancelled calls are not measured.
/// @par Thread safety Safe.
class concurrency_limit_interceptor : public interceptor {
 public:
  /// @throws startup_error for values that cannot be used
  explicit concurrency_limit_interceptor(const concurrency_limit_options& options);
  task<reply> intercept(execution_context& context, call_handler next) override;

  /// `nestcpp_server_concurrency_limit`, `…_concurrency_calls` and `nestcpp_server_shed_total`, with the labels `class`
  /// and `handler`.
  [[nodiscard]] std::vector<metric_sample> metrics() const;

 private:
  struct handler_limit;
  [[nodiscard]] std::shared_ptr<handler_limit> limit_of(const execution_context& context);
  [[noreturn]] void refuse(execution_context& context, handler_limit& limit) const;

  concurrency_limit_options options_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<const void*, std::shared_ptr<handler_limit>> limits_;  // by the handler's name, which lives longer
};

}  // namespace nestcpp
