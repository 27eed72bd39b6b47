#pragma once
/// @file nestcpp/messaging/typed_client.hpp
/// @brief A service's messages as member functions: `UserDto user = co_await users.create(dto);`

#include <nestcpp/core/task.hpp>
#include <nestcpp/macros.hpp>
#include <nestcpp/messaging/client_policy.hpp>
#include <nestcpp/messaging/client_proxy.hpp>
#include <nestcpp/messaging/contract.hpp>
#include <nestcpp/resilience/retry_budget.hpp>

#include <memory>
#include <string>
#include <utility>

namespace nestcpp {

/// Derive from it and name the messages:
///
///     class UserClient : public nest::typed_client {
///       NEST_CLIENT(UserClient, "user-service", timeout(5s), retry(exponential_backoff{.attempts = 3}));
///      public:
///       NEST_SEND(create, contracts::create_user);
///       NEST_SEND(get, contracts::get_user, idempotent());
///       NEST_EMIT(on_user_seen, contracts::user_seen);
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

 protected:
  ~typed_client() = default;

  template <contract Contract>
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
  [[nodiscard]] task<void> emit_contract(typename Contract::request payload) {
    static_assert(Contract::is_event, "nestcpp: NEST_EMIT takes an event<…>; write NEST_SEND for a message<…>");
    return proxy_->emit<Contract>(std::move(payload));
  }

 private:
  std::unique_ptr<client_proxy> proxy_;
  client_policy policy_;
  retry_budget budget_;
};

}  // namespace nestcpp
