#pragma once
/// @file nestcpp/testing/message_agent.hpp
/// @brief Messages to an application of this process: `app.messages().send<contracts::create_user>(dto)`.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/stream.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/messaging/client_proxy.hpp>
#include <nestcpp/messaging/contract.hpp>
#include <nestcpp/pipeline/reply.hpp>
#include <nestcpp/testing/pending.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <string>
#include <utility>
#include <vector>

namespace nestcpp::testing {

/// A client of the application, over the transport's own frames; without a time limit, so that a test may advance a
/// `mock_clock` as far as it likes. What it sends is not recorded, and no faults befall it.
/// Members that block must not be called on an event loop of that application; in a coroutine use `proxy()`.
/// @par Errors As client_proxy::send_text; expectation_failed where no answer comes within 10 s of real time
class message_agent {
 public:
  message_agent(client_proxy& proxy, event_loop& loop) : proxy_{&proxy}, loop_{&loop} {}

  /// Sends a request and waits for the reply.
  template <contract Contract>
    requires(!Contract::is_event && !is_stream_v<typename Contract::reply_type>)
  typename Contract::reply_type send(typename Contract::request request) {
    return start<Contract>(std::move(request)).get();
  }
  /// Sends a request; the reply can be waited for.
  template <contract Contract>
    requires(!Contract::is_event && !is_stream_v<typename Contract::reply_type>)
  [[nodiscard]] pending<typename Contract::reply_type> start(typename Contract::request request) {
    return spawn(proxy_->send<Contract>(std::move(request)));
  }
  /// Sends a request and waits for all values of its reply.
  template <contract Contract>
    requires(!Contract::is_event)
  [[nodiscard]] std::vector<stream_value_t<typename Contract::reply_type>> collect(typename Contract::request request) {
    using value = stream_value_t<typename Contract::reply_type>;
    return spawn(all<value>(proxy_->send_stream<Contract>(std::move(request)))).get();
  }
  /// Sends an event, and lets everything run that can: its handlers have ended, or wait for time, a socket or a thread.
  template <contract Contract>
    requires Contract::is_event
  void emit(typename Contract::request payload) {
    spawn(proxy_->emit<Contract>(std::move(payload))).get();
    settle();
  }
  /// Sends an event as a request and waits until its handlers have ended.
  /// @par Errors What the first of them threw is an rpc_exception
  template <contract Contract>
    requires Contract::is_event
  void emit_acknowledged(typename Contract::request payload) {
    spawn(proxy_->emit_acknowledged<Contract>(std::move(payload))).get();
  }

  /// Sends anything: what a contract could not say, or should refuse.
  /// @param pattern text, or the JSON of an object pattern @param payload JSON text
  reply send_text(std::string pattern, std::string payload);
  [[nodiscard]] pending<reply> start_text(std::string pattern, std::string payload);
  /// As `emit`.
  void emit_text(std::string pattern, std::string payload);

  [[nodiscard]] client_proxy& proxy() noexcept { return *proxy_; }

 private:
  template <class T>
  [[nodiscard]] pending<T> spawn(task<T> work) {
    return pending<T>{boost::asio::co_spawn(loop_->executor(), std::move(work), boost::asio::use_future)};
  }
  template <class T>
  static task<std::vector<T>> all(stream<T> values) {
    std::vector<T> found;
    while (std::optional<T> each = co_await values.next()) found.push_back(std::move(*each));
    co_return found;
  }

  client_proxy* proxy_;
  event_loop* loop_;
};

}  // namespace nestcpp::testing
