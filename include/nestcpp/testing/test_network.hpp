#pragma once
/// @file nestcpp/testing/test_network.hpp
/// @brief The network between the applications of a test: in memory, recorded, and faulty where the test says so.

#include <nestcpp/app/clients.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/dto/json.hpp>
#include <nestcpp/messaging/contract.hpp>
#include <nestcpp/messaging/transports/in_memory/in_memory.hpp>
#include <nestcpp/pipeline/reply.hpp>
#include <nestcpp/testing/fault.hpp>
#include <nestcpp/testing/pending.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp::testing {

/// A request or an event that a typed client was given to send, once for each attempt.
struct sent_message {
  std::string service;  ///< the client's name, "user-service"
  std::string pattern;  ///< its route: "user.created"
  std::string payload;  ///< JSON text
};

template <contract Contract>
class publications;

/// Where the typed clients of a test's applications connect to, whatever TCP address their module gives them: a
/// `testing_module` of the client's name, or what `stub` says. An event to a service that is not there ends here, and
/// is recorded; a request to one is an unavailable_exception.
/// @par Thread safety Safe.
/// @par Lifetime Must outlive the applications that it connects.
class test_network {
 public:
  test_network();
  ~test_network();
  test_network(const test_network&) = delete;
  test_network& operator=(const test_network&) = delete;

  /// Answers requests with this contract's pattern here, whatever their service: by a value, or by a function of the
  /// request that gives one, or a task of one. What it throws is the service's `err`. Later ones replace earlier ones.
  template <contract Contract, class Answer>
  void stub(Answer answer) {
    using request = typename Contract::request;
    using reply_type = typename Contract::reply_type;
    static_assert(!is_stream_v<reply_type>, "nestcpp: a contract whose reply is a stream cannot be stubbed.");
    if constexpr (std::is_invocable_v<Answer&, request>) {
      set_stub(Contract::pattern(),
               [answer = std::make_shared<Answer>(std::move(answer))](std::string payload) -> task<reply> {
                 return answered<Contract>(answer, std::move(payload));
               });
    } else {
      static_assert(!std::is_void_v<reply_type>, "nestcpp: an event is stubbed by a function of its payload.");
      set_stub(Contract::pattern(),
               [text = to_json(static_cast<reply_type>(std::move(answer)))](std::string) -> task<reply> {
                 return value(text);
               });
    }
  }

  /// What was published with this contract, by any application; see `publications`.
  template <contract Contract>
  [[nodiscard]] publications<Contract> expect_published() const;
  /// All that was sent so far, in order.
  [[nodiscard]] std::vector<sent_message> sent() const;
  /// Forgets what was sent so far.
  void clear_sent();

  /// Faults of calls with this contract's pattern.
  template <contract Contract>
  [[nodiscard]] fault_builder fault() const {
    return fault_at({}, Contract::pattern());
  }
  /// Faults of all calls to this service, by the client's name; of all calls, where it is empty.
  [[nodiscard]] fault_builder fault(std::string_view service) const { return fault_at(service, {}); }
  void clear_faults();

  /// The transport below: neither recorded nor faulty.
  [[nodiscard]] in_memory_network& memory() noexcept;
  /// For `container::add_value`; `testing_module` does so.
  [[nodiscard]] client_connector& connector() noexcept;
  /// A service of that name is there, or no longer.
  void announce(std::string service);
  void withdraw(std::string_view service);

 private:
  template <contract>
  friend class publications;

  template <contract Contract, class Answer>
  static task<reply> answered(std::shared_ptr<Answer> answer, std::string payload) {
    using result = std::invoke_result_t<Answer&, typename Contract::request>;
    auto request = from_json<typename Contract::request>(payload);
    if constexpr (std::is_void_v<task_value_t<result>>) {
      if constexpr (is_task_v<result>) {
        co_await std::invoke(*answer, std::move(request));
      } else {
        std::invoke(*answer, std::move(request));
      }
      co_return reply{};
    } else if constexpr (is_task_v<result>) {
      const typename Contract::reply_type given = co_await std::invoke(*answer, std::move(request));
      co_return reply::from_text(to_json(given));
    } else {
      const typename Contract::reply_type given = std::invoke(*answer, std::move(request));
      co_return reply::from_text(to_json(given));
    }
  }
  static task<reply> value(std::string text) { co_return reply::from_text(std::move(text)); }

  void set_stub(std::string_view pattern, std::function<task<reply>(std::string)> stub);
  [[nodiscard]] fault_builder fault_at(std::string_view service, std::string_view pattern) const;
  [[nodiscard]] std::vector<std::string> payloads(std::string_view pattern) const;
  [[nodiscard]] std::vector<std::string> wait_for(std::string_view pattern, std::size_t count, bool exactly,
                                                  std::chrono::milliseconds patience) const;

  std::shared_ptr<detail::network_state> state_;
};

/// What was published with one contract. The waits take real time at most, and first let everything run that can.
/// @throws expectation_failed that says what was published instead
/// @par Lifetime As its network.
template <contract Contract>
class publications {
 public:
  using payload = typename Contract::request;

  explicit publications(const test_network& network) : network_{&network} {}

  /// So far.
  [[nodiscard]] std::size_t count() const { return network_->payloads(Contract::pattern()).size(); }
  /// So far, in order.
  [[nodiscard]] std::vector<payload> payloads() const { return read(network_->payloads(Contract::pattern())); }

  /// Waits for the first, and that no second follows at once.
  payload once(std::chrono::milliseconds patience = default_patience) const {
    return std::move(times(1, patience).front());
  }
  /// Waits for this many, and that no other follows at once.
  std::vector<payload> times(std::size_t count, std::chrono::milliseconds patience = default_patience) const {
    return read(network_->wait_for(Contract::pattern(), count, true, patience));
  }
  /// Waits for this many; others may follow.
  std::vector<payload> at_least(std::size_t count, std::chrono::milliseconds patience = default_patience) const {
    return read(network_->wait_for(Contract::pattern(), count, false, patience));
  }
  /// Lets everything run that can: none was published. Under a `mock_clock`, advance it before.
  void never() const { static_cast<void>(network_->wait_for(Contract::pattern(), 0, true, default_patience)); }

 private:
  static std::vector<payload> read(const std::vector<std::string>& texts) {
    std::vector<payload> read;
    for (const std::string& each : texts) read.push_back(from_json<payload>(each));
    return read;
  }

  const test_network* network_;
};

template <contract Contract>
publications<Contract> test_network::expect_published() const {
  return publications<Contract>{*this};
}

}  // namespace nestcpp::testing
