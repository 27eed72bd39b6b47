#pragma once
/// @file nestcpp/messaging/typed_client.hpp
/// @brief A service's messages as member functions: `UserDto user = co_await users.create(dto);`

#include <nestcpp/core/stream.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/macros.hpp>
#include <nestcpp/messaging/client_policy.hpp>
#include <nestcpp/messaging/client_proxy.hpp>
#include <nestcpp/messaging/contract.hpp>
#include <nestcpp/messaging/policy_snapshot.hpp>
#include <nestcpp/observability/metric_sample.hpp>
#include <nestcpp/resilience/circuit_breaker.hpp>
#include <nestcpp/resilience/rejections.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

namespace detail {
class policy_engine;
}

/// Derive from it and name the messages:
///
///     class UserClient : public nest::typed_client {
///       NEST_CLIENT(UserClient, "user-service", timeout(5s), retry(exponential_backoff{.attempts = 3}));
///      public:
///       NEST_SEND(create, contracts::create_user);
///       NEST_SEND(get, contracts::get_user, idempotent());
///       NEST_SEND(search, contracts::search_users, circuit_breaker{.minimum_calls = 20});    // one of its own
///       NEST_SEND(watch, contracts::watch_users);                     // a contract whose reply is a stream<T>
///       NEST_EMIT(on_user_seen, contracts::user_seen);
///       NEST_EMIT(on_user_gone, contracts::user_gone, acknowledged());
///     };
///
/// @par Errors As client_proxy::send_text, and call_rejected_exception where a policy refuses the call.
/// @par Thread safety Safe.
class typed_client {
 public:
  /// @par Exceptions startup_error where a policy's values cannot be used
  typed_client(std::unique_ptr<client_proxy> proxy, const client_policy& policy);
  typed_client(const typed_client&) = delete;
  typed_client& operator=(const typed_client&) = delete;

  [[nodiscard]] client_proxy& proxy() noexcept { return *proxy_; }

  /// Sends JSON text under the client's policies.
  [[nodiscard]] task<reply> send_text(std::string pattern, std::string payload);
  /// @param call what differs for this call. It must outlive the client: what remembers calls (a circuit breaker, say)
  /// belongs to this object, and calls with the same object share it.
  [[nodiscard]] task<reply> send_text(std::string pattern, std::string payload, const client_policy& call);
  task<reply> send_text(std::string, std::string, const client_policy&&) = delete;

  /// The same for all values of the reply. Repeated as calls are, but not once a value has come; not hedged. A circuit
  /// breaker counts the first value; a place in the bulkhead is held until the stream ends.
  [[nodiscard]] stream<reply> send_stream_text(std::string pattern, std::string payload);
  [[nodiscard]] stream<reply> send_stream_text(std::string pattern, std::string payload, const client_policy& call);
  stream<reply> send_stream_text(std::string, std::string, const client_policy&&) = delete;

  /// Sends an event as a request, under the client's policies, and waits until its handlers have ended.
  [[nodiscard]] task<void> emit_acknowledged_text(std::string pattern, std::string payload);
  [[nodiscard]] task<void> emit_acknowledged_text(std::string pattern, std::string payload, const client_policy& call);
  task<void> emit_acknowledged_text(std::string, std::string, const client_policy&&) = delete;

  /// What the policies have done so far, the client's first; those of a call once it has been made.
  [[nodiscard]] std::vector<policy_snapshot> policies() const;
  /// The same for exporters: `nestcpp_client_retries_total{client="user-service"}`; see docs/resilience.md.
  [[nodiscard]] std::vector<metric_sample> metrics() const;
  /// The client's circuit breaker, to look at, open or reset; null where it has none.
  /// @param pattern of a call with one of its own, once it has been made
  [[nodiscard]] circuit* find_circuit(std::string_view pattern = {}) noexcept;

 protected:
  ~typed_client();

  template <contract Contract>
    requires is_stream_v<typename Contract::reply_type>
  [[nodiscard]] typename Contract::reply_type send_contract(typename Contract::request request,
                                                            const client_policy& call) {
    std::string payload;
    write_json(payload, request);
    return send_stream_text(std::string{Contract::pattern()}, std::move(payload), call)
        .map([this](const reply& answer) {
          return proxy_->decode<stream_value_t<typename Contract::reply_type>>(Contract::pattern(), answer);
        });
  }

  template <contract Contract>
    requires(!is_stream_v<typename Contract::reply_type>)
  [[nodiscard]] task<typename Contract::reply_type> send_contract(typename Contract::request request,
                                                                  const client_policy& call) {
    std::string payload;
    write_json(payload, request);
    reply answer = co_await send_text(std::string{Contract::pattern()}, std::move(payload), call);
    if constexpr (!std::is_void_v<typename Contract::reply_type>) {
      co_return proxy_->decode<typename Contract::reply_type>(Contract::pattern(), answer);
    }
  }

  template <contract Contract>
  [[nodiscard]] task<void> emit_contract(typename Contract::request payload, const client_policy& call) {
    std::string text;
    write_json(text, payload);
    if (call.acknowledged) {
      co_await emit_acknowledged_text(std::string{Contract::pattern()}, std::move(text), call);
    } else {
      co_await proxy_->emit_text(std::string{Contract::pattern()}, std::move(text));
    }
  }

  // A policy outlives its client.
  template <contract Contract>
  void send_contract(typename Contract::request request, const client_policy&& call) = delete;
  template <contract Contract>
  void emit_contract(typename Contract::request payload, const client_policy&& call) = delete;

 private:
  std::unique_ptr<client_proxy> proxy_;
  std::unique_ptr<detail::policy_engine> engine_;
};

namespace detail {
/// What a typed client's member function for a contract gives.
template <contract Contract>
using sent_t = std::conditional_t<is_stream_v<typename Contract::reply_type>, typename Contract::reply_type,
                                  task<typename Contract::reply_type>>;
}  // namespace detail

}  // namespace nestcpp
