#pragma once
/// @file nestcpp/messaging/typed_client.hpp
/// @brief A service's messages as member functions: `UserDto user = co_await users.create(dto);`

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/stream.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/macros.hpp>
#include <nestcpp/messaging/client_policy.hpp>
#include <nestcpp/messaging/client_proxy.hpp>
#include <nestcpp/messaging/contract.hpp>
#include <nestcpp/resilience/retry_budget.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// Derive from it and name the messages:
///
///     class UserClient : public nest::typed_client {
///       NEST_CLIENT(UserClient, "user-service", timeout(5s), retry(exponential_backoff{.attempts = 3}));
///      public:
///       NEST_SEND(create, contracts::create_user);
///       NEST_SEND(get, contracts::get_user, idempotent());
///       NEST_SEND(watch, contracts::watch_users);                     // a contract whose reply is a stream<T>
///       NEST_EMIT(on_user_seen, contracts::user_seen);
///       NEST_EMIT(on_user_gone, contracts::user_gone, acknowledged());
///     };
///
/// @par Errors As client_proxy::send_text.
/// @par Thread safety Safe.
class typed_client {
 public:
  typed_client(std::unique_ptr<client_proxy> proxy, client_policy policy) : proxy_{std::move(proxy)}, policy_{policy} {}
  typed_client(const typed_client&) = delete;
  typed_client& operator=(const typed_client&) = delete;

  [[nodiscard]] client_proxy& proxy() noexcept { return *proxy_; }

  /// Sends JSON text under the client's policies. @param call what differs for this call
  [[nodiscard]] task<reply> send_text(std::string pattern, std::string payload, client_policy call = {});
  /// The same for all values of the reply. Repeated as calls are, but not once a value has come.
  [[nodiscard]] stream<reply> send_stream_text(std::string pattern, std::string payload, client_policy call = {});
  /// Sends an event as a request, under the client's policies, and waits until its handlers have ended.
  [[nodiscard]] task<void> emit_acknowledged_text(std::string pattern, std::string payload, client_policy call = {});

 protected:
  ~typed_client() = default;

  template <contract Contract>
    requires is_stream_v<typename Contract::reply_type>
  [[nodiscard]] typename Contract::reply_type send_contract(typename Contract::request request, client_policy call) {
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
                                                                  client_policy call) {
    std::string payload;
    write_json(payload, request);
    reply answer = co_await send_text(std::string{Contract::pattern()}, std::move(payload), call);
    if constexpr (!std::is_void_v<typename Contract::reply_type>) {
      co_return proxy_->decode<typename Contract::reply_type>(Contract::pattern(), answer);
    }
  }

  template <contract Contract>
  [[nodiscard]] task<void> emit_contract(typename Contract::request payload, client_policy call) {
    std::string text;
    write_json(text, payload);
    if (call.acknowledged) {
      co_await emit_acknowledged_text(std::string{Contract::pattern()}, std::move(text), call);
    } else {
      co_await proxy_->emit_text(std::string{Contract::pattern()}, std::move(text));
    }
  }

 private:
  [[nodiscard]] task<reply> repeated(std::string pattern, std::string payload, client_policy call, bool acknowledged);
  [[nodiscard]] deadline limit_of(const client_policy& call) const;
  // How long to wait before the call is repeated after its `failed`-th failure; nullopt: it is not.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> retry_after(const std::exception_ptr& error, int failed,
                                                                    const client_policy& call);

  std::unique_ptr<client_proxy> proxy_;
  client_policy policy_;
  retry_budget budget_;
};

namespace detail {
/// What a typed client's member function for a contract gives.
template <contract Contract>
using sent_t = std::conditional_t<is_stream_v<typename Contract::reply_type>, typename Contract::reply_type,
                                  task<typename Contract::reply_type>>;
}  // namespace detail

}  // namespace nestcpp
