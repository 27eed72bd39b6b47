#pragma once
/// @file nestcpp/http/throttler_guard.hpp
/// @brief Limits how often a caller may call a route: NestJS's `@nestjs/throttler`, on a token bucket.

#include <nestcpp/http/http_context.hpp>
#include <nestcpp/pipeline/guard.hpp>
#include <nestcpp/pipeline/metadata.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nestcpp {

/// `limit` calls in `ttl`, steadily; after a pause `burst` of them at once.
struct throttle_limit {
  int limit = 10;                        ///< 1 to 1,000,000. Default: 10.
  std::chrono::milliseconds ttl{60000};  ///< 1 ms to 24 h. Default: 60 s.
  int burst = 0;                         ///< Default: 0 = as many as `limit`.
};

/// NestJS's `@Throttle()`: the limit of a controller or a route, which goes before the guard's.
[[nodiscard]] constexpr auto throttle(throttle_limit limit) { return set_metadata(limit); }

struct skip_throttle_value {};
/// NestJS's `@SkipThrottle()`.
[[nodiscard]] constexpr auto skip_throttle() { return set_metadata(skip_throttle_value{}); }

struct throttler_options {
  throttle_limit limit{};
  /// Who is limited. Default: the caller's address, of IPv6 the first 64 bits.
  std::function<std::string(http_context&)> get_tracker{};
  /// Calls that are not limited. Default: none.
  std::function<bool(http_context&)> skip_if{};
  /// Proxies in front of the service that add to `X-Forwarded-For`: the address before the last so many is the
  /// caller's. Default: 0, the header is not looked at, as callers could write it.
  std::size_t trusted_proxies = 0;
  std::string error_message = "ThrottlerException: Too Many Requests";
  /// `X-RateLimit-Limit`, `-Remaining` and `-Reset` in answers. Default: on.
  bool set_headers = true;
  /// Callers and routes remembered at a time; beyond it those that have called least lately are forgotten, so that an
  /// attacker with many addresses takes no memory. Default: 100,000, about 10 MB.
  std::size_t max_trackers = 100'000;
};

/// A guard: `use_guards<throttler_guard>()`, or `app.use_global_guards<nest::throttler_guard>()`. The options are
/// injected; `provide_value(nest::throttler_options{…})` in a module replaces the defaults. Each route counts by
/// itself.
///
/// An allowed call is answered with `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset` (seconds until
/// all of the burst is there again); one too many with 429 `{"statusCode":429,"message":"ThrottlerException: Too Many
/// Requests"}` and `Retry-After` in seconds. Other than NestJS's, which counts in windows, it lets through no double
/// burst around the end of one. Messages (RPC) pass.
/// @par Thread safety Safe: exact over all loops.
class throttler_guard final : public plain_guard {
 public:
  /// @throws startup_error for a limit that cannot be
  explicit throttler_guard(const throttler_options& options);
  ~throttler_guard() override;

  [[nodiscard]] bool can_activate_now(execution_context& context) override;

  /// Callers and routes remembered.
  [[nodiscard]] std::size_t trackers() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp
