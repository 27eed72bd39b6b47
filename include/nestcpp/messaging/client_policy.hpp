#pragma once
/// @file nestcpp/messaging/client_policy.hpp
/// @brief Policies of a typed client and of its calls, as values: `NEST_CLIENT(UserClient, "user-service",
/// timeout(5s))`.

#include <nestcpp/resilience/exponential_backoff.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace nestcpp {

/// What is said of a client or of a call; what is not said of a call is the client's.
struct client_policy {
  /// Of a call with all its attempts; of a stream, the longest wait for the next value.
  std::optional<std::chrono::milliseconds> timeout{};
  std::optional<exponential_backoff> retry{};
  bool idempotent = false;
  bool acknowledged = false;  ///< of an event

  /// Says something that only a call with an answer can heed.
  [[nodiscard]] constexpr bool needs_answer() const { return timeout || retry || idempotent; }
};

/// A client's name and policies, as NEST_CLIENT states them.
struct client_info {
  std::string_view name;
  client_policy policy;
};

/// The options, written unqualified inside NEST_CLIENT and NEST_SEND.
namespace client_options {

struct timeout {
  explicit constexpr timeout(std::chrono::milliseconds limit) : limit_{limit} {}
  constexpr void apply(client_policy& to) const { to.timeout = limit_; }

 private:
  std::chrono::milliseconds limit_;
};

/// Calls are repeated only where that is safe: where the request provably never left this process, or where the call is
/// `idempotent()`; never past the call's time limit, and within the client's retry budget.
struct retry {
  explicit constexpr retry(exponential_backoff backoff) : backoff_{backoff} {}
  constexpr void apply(client_policy& to) const { to.retry = backoff_; }

 private:
  exponential_backoff backoff_;
};

/// Of an event: it is sent as a request, and the call ends when all its handlers have ended.
struct acknowledged {
  constexpr void apply(client_policy& to) const { to.acknowledged = true; }
};

/// Repeating the call has no further effect.
struct idempotent {
  constexpr void apply(client_policy& to) const { to.idempotent = true; }
};

}  // namespace client_options

template <class... Options>
[[nodiscard]] constexpr client_policy make_client_policy(const Options&... options) {
  client_policy policy;
  (options.apply(policy), ...);
  return policy;
}

}  // namespace nestcpp
