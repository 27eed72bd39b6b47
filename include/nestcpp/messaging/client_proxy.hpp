#pragma once
/// @file nestcpp/messaging/client_proxy.hpp
/// @brief The client side of a transport: requests and events to one service.

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/stream.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/dto/json.hpp>
#include <nestcpp/dto/json_text.hpp>
#include <nestcpp/messaging/client_status.hpp>
#include <nestcpp/messaging/contract.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// Of one call.
struct call_options {
  /// Connecting included; of a stream, the longest wait for the next value. Default: the client's. The deadline of the
  /// call that is being served, if any, limits it further.
  std::optional<std::chrono::milliseconds> timeout{};
  /// From the second on it travels in the request's metadata, as `nestcpp-attempt`.
  int attempt = 1;
  /// More members of the request's metadata, texts, for who looks for them (`rpc_context::get_metadata`).
  /// @par Errors std::invalid_argument: a name of nestcpp's own (messaging/metadata.hpp)
  std::vector<std::pair<std::string, std::string>> metadata{};
};

/// NestJS's ClientProxy. Connects at the first call. A connection that is lost is made again in the background, with
/// growing pauses; a call that finds none tries at once. Connections belong to loops: each loop has one, to each
/// instance of the service.
/// @par Thread safety Safe; a call made outside of the runtime's loops runs on one of them, for a thread always the
/// same.
/// @par Lifetime Must outlive its calls; its runtime must outlive it.
class client_proxy {
 public:
  virtual ~client_proxy() = default;
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  /// Time limit of a call that names none.
  [[nodiscard]] virtual std::chrono::milliseconds timeout() const noexcept = 0;

  /// Sends a request and waits for the first value of its reply.
  /// @param pattern text, or the JSON of an object pattern
  /// @param payload JSON text
  /// @return no value where the service completed without one
  /// @par Errors rpc_exception: the service's `err` · timeout_exception · unavailable_exception
  /// @par Cancellation Terminal: the call ends at once, the reply is dropped when it comes.
  [[nodiscard]] virtual task<reply> send_text(std::string pattern, std::string payload, call_options options) = 0;

  /// Sends a request, at the first `next()`, and gives all values of its reply; one without a value is JavaScript's
  /// undefined. Destroying the stream gives the call up: what comes is dropped (the service is not told).
  /// Values wait for a slow reader up to a number of bytes (`tcp_client_options::max_stream_buffer_size`).
  /// @par Errors As send_text, after the values that came before; client_exception: the reader is too slow.
  /// timeout_exception: no value came within the time limit, which is of each wait.
  [[nodiscard]] virtual stream<reply> send_stream_text(std::string pattern, std::string payload,
                                                       call_options options) = 0;

  /// Sends an event; ends when it has been handed to the connection, which is no proof that it arrived.
  /// @par Errors unavailable_exception: no connection could be made
  [[nodiscard]] virtual task<void> emit_text(std::string pattern, std::string payload) = 0;

  /// Sends an event as a request and waits until all its handlers have ended.
  /// @par Errors As send_text: what the first failing handler answered is an rpc_exception.
  [[nodiscard]] virtual task<void> emit_acknowledged_text(std::string pattern, std::string payload,
                                                          call_options options) = 0;

  /// No value: nobody has tried to connect so far.
  [[nodiscard]] virtual std::optional<client_status> status() const = 0;
  /// Calls `listener` with the present status, if there is one, in this thread, and then with every change on the loop
  /// that noticed it; never twice with the same status in a row, never in two threads at a time. It must not block:
  /// loops wait for it. What it throws is logged.
  /// @return keep it: destroyed, it detaches the listener
  [[nodiscard]] virtual client_status_subscription on_status(client_status_listener listener) = 0;

  /// Connects all loops now instead of each at its first call. @par Errors unavailable_exception · timeout_exception
  [[nodiscard]] virtual task<void> connect() = 0;
  /// Fails pending calls with "Connection closed" and closes the connections; the next call connects again.
  virtual void close() = 0;

  /// `UserDto user = co_await proxy.send<contracts::create_user>(dto);`
  template <contract Contract>
    requires(!is_stream_v<typename Contract::reply_type>)
  [[nodiscard]] task<typename Contract::reply_type> send(typename Contract::request request,
                                                         call_options options = {}) {
    std::string payload;
    write_json(payload, request);
    reply answer = co_await send_text(std::string{Contract::pattern()}, std::move(payload), options);
    if constexpr (!std::is_void_v<typename Contract::reply_type>) {
      co_return decode<typename Contract::reply_type>(Contract::pattern(), answer);
    }
  }

  /// `auto ticks = proxy.send_stream<contracts::ticks>(dto); while (auto tick = co_await ticks.next()) …`
  template <contract Contract>
    requires(!Contract::is_event && !std::is_void_v<typename Contract::reply_type>)
  [[nodiscard]] stream<stream_value_t<typename Contract::reply_type>> send_stream(typename Contract::request request,
                                                                                  call_options options = {}) {
    std::string payload;
    write_json(payload, request);
    return send_stream_text(std::string{Contract::pattern()}, std::move(payload), options)
        .map([this](const reply& answer) {
          return decode<stream_value_t<typename Contract::reply_type>>(Contract::pattern(), answer);
        });
  }

  template <contract Contract>
    requires Contract::is_event
  [[nodiscard]] task<void> emit(typename Contract::request payload) {
    std::string text;
    write_json(text, payload);
    co_await emit_text(std::string{Contract::pattern()}, std::move(text));
  }

  template <contract Contract>
    requires Contract::is_event
  [[nodiscard]] task<void> emit_acknowledged(typename Contract::request payload, call_options options = {}) {
    std::string text;
    write_json(text, payload);
    co_await emit_acknowledged_text(std::string{Contract::pattern()}, std::move(text), options);
  }

  /// Reads a reply as what the contract says. @throws std::runtime_error where the service sent something else than the
  /// contract says. No value is refused, unless the contract says json_text
  template <class T>
  [[nodiscard]] T decode(std::string_view pattern, const reply& answer) const {
    if (!std::is_same_v<T, json_text> && !answer.has_value())
      throw std::runtime_error{name() + " answered " + std::string{pattern} + " without a value"};
    // A payload of null reads as an empty object; an answer of null is none.
    if (dto<T> && answer.text() == "null") {
      throw std::runtime_error{name() + " answered " + std::string{pattern} + " with null"};
    }
    try {
      return from_json<T>(answer.text());
    } catch (const http_exception& error) {  // a validation error of theirs is no fault of our caller
      throw std::runtime_error{name() + " answered " + std::string{pattern} +
                               " with something unexpected: " + error.what()};
    }
  }
};

}  // namespace nestcpp
