#pragma once
/// @file nestcpp/testing/http_agent.hpp
/// @brief HTTP requests to an application of this process, without a socket: `app.http().post("/users", dto).send()`.

#include <nestcpp/core/task.hpp>
#include <nestcpp/dto/json.hpp>
#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/http/http_request.hpp>
#include <nestcpp/http/http_response.hpp>
#include <nestcpp/testing/pending.hpp>

#include <boost/json/value.hpp>

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace nestcpp::testing {

/// What was answered.
struct http_answer {
  int status = 0;
  http_headers headers;
  std::string body;

  /// A header's value; empty where there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
  /// @throws expectation_failed that shows the body, where it is no JSON
  [[nodiscard]] boost::json::value json() const;
  /// The body as a DTO. @throws expectation_failed that shows the body, where it is none
  template <class T>
  [[nodiscard]] T as() const {
    try {
      return from_json<T>(body);
    } catch (const std::exception& error) {
      fail(error.what());
    }
  }

 private:
  [[noreturn]] void fail(std::string_view why) const;
};

/// A request to be sent, once.
class http_call_builder {
 public:
  http_call_builder(http_dispatcher& to, std::string method, std::string target);

  /// @throws std::invalid_argument for what cannot be a header
  http_call_builder& header(std::string_view name, std::string value) &;
  http_call_builder&& header(std::string_view name, std::string value) && { return std::move(header(name, value)); }
  /// A body as it is; JSON where no other type is given.
  http_call_builder& body(std::string text, std::string type = "application/json") &;
  http_call_builder&& body(std::string text, std::string type = "application/json") && {
    return std::move(body(std::move(text), std::move(type)));
  }

  /// Sends it and waits. Blocks this thread: on an event loop of that application nobody would answer.
  /// @throws expectation_failed where no answer comes within 10 s of real time
  http_answer send() { return start().get(); }
  /// Sends it; the answer can be waited for.
  [[nodiscard]] pending<http_answer> start();
  /// Sends it and waits, in a coroutine.
  [[nodiscard]] task<http_answer> send_async();

 private:
  [[nodiscard]] http_request take();

  http_dispatcher* to_;
  http_request request_;
  bool head_ = false;
};

/// Gives requests to an application's router: body parser, pipeline, error bodies and `X-Request-Id` are those of
/// its server; what belongs to sockets (limits of heads, compression, keep-alive) is not there.
class http_agent {
 public:
  explicit http_agent(http_dispatcher& to) : to_{&to} {}

  /// @param target path and query
  [[nodiscard]] http_call_builder get(std::string target) { return request("GET", std::move(target)); }
  [[nodiscard]] http_call_builder head(std::string target) { return request("HEAD", std::move(target)); }
  [[nodiscard]] http_call_builder del(std::string target) { return request("DELETE", std::move(target)); }
  /// @param body a DTO, or a text that is sent as it is; both as JSON
  template <class Body = std::string>
  [[nodiscard]] http_call_builder post(std::string target, const Body& body = {}) {
    return request("POST", std::move(target), body);
  }
  template <class Body = std::string>
  [[nodiscard]] http_call_builder put(std::string target, const Body& body = {}) {
    return request("PUT", std::move(target), body);
  }
  template <class Body = std::string>
  [[nodiscard]] http_call_builder patch(std::string target, const Body& body = {}) {
    return request("PATCH", std::move(target), body);
  }
  /// Any method.
  template <class Body = std::string>
  [[nodiscard]] http_call_builder request(std::string method, std::string target, const Body& body = {}) {
    http_call_builder call{*to_, std::move(method), std::move(target)};
    if constexpr (std::convertible_to<const Body&, std::string_view>) {
      if (const std::string_view text{body}; !text.empty()) call.body(std::string{text});
    } else {
      call.body(to_json(body));
    }
    return call;
  }

 private:
  http_dispatcher* to_;
};

}  // namespace nestcpp::testing
