#pragma once
/// @file nestcpp/core/exceptions.hpp
/// @brief What handlers throw: NestJS's `HttpException` family and `RpcException`, and what clients throw.
///
/// Bodies have NestJS's keys in NestJS's order: `{"message":…,"error":…,"statusCode":…}`.

#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace nestcpp {

/// The standard title of an HTTP status ("Not Found"), or "Unknown Error".
[[nodiscard]] std::string_view http_status_title(int status) noexcept;

/// An error with an HTTP status and a JSON body. Over HTTP it is answered as it is; thrown in a message handler, its
/// body becomes the reply's `err`.
class http_exception : public std::exception {
 public:
  /// NestJS's `new HttpException(body, status)`: a string or any JSON text; objects and arrays are answered verbatim,
  /// other values as `{"statusCode":status,"message":body}`.
  http_exception(boost::json::value body, int status);

  [[nodiscard]] int status() const noexcept { return status_; }
  /// The whole answer.
  [[nodiscard]] const boost::json::value& body() const noexcept { return body_; }
  [[nodiscard]] const char* what() const noexcept override { return what_.c_str(); }

 protected:
  struct titled {};  ///< `{"message":message,"error":title,"statusCode":status}`; without a message NestJS's short form
  http_exception(titled, int status, boost::json::value message, std::string_view title);

 private:
  boost::json::value body_;
  int status_;
  std::string what_;
};

namespace detail {
/// One class per status, as NestJS has them. `message` may be a text, or an array of texts (validation).
template <int Status>
class http_exception_of : public http_exception {
 public:
  http_exception_of() : http_exception{titled{}, Status, nullptr, http_status_title(Status)} {}
  template <class Text>
    requires std::is_convertible_v<const Text&, std::string_view>
  explicit http_exception_of(const Text& message)
      : http_exception{titled{}, Status, boost::json::string{std::string_view{message}}, http_status_title(Status)} {}
  explicit http_exception_of(boost::json::value message)
      : http_exception{titled{}, Status, std::move(message), http_status_title(Status)} {}
  /// `error` replaces the standard title.
  http_exception_of(boost::json::value message, std::string_view error)
      : http_exception{titled{}, Status, std::move(message), error} {}

 protected:
  /// For a class that may be told to answer with another status.
  http_exception_of(titled, boost::json::value message, int status)
      : http_exception{titled{}, status, std::move(message), http_status_title(status)} {}
};
}  // namespace detail

using bad_request_exception = detail::http_exception_of<400>;
using unauthorized_exception = detail::http_exception_of<401>;
using forbidden_exception = detail::http_exception_of<403>;
using not_found_exception = detail::http_exception_of<404>;
using method_not_allowed_exception = detail::http_exception_of<405>;
using not_acceptable_exception = detail::http_exception_of<406>;
using request_timeout_exception = detail::http_exception_of<408>;
using conflict_exception = detail::http_exception_of<409>;
using gone_exception = detail::http_exception_of<410>;
using precondition_failed_exception = detail::http_exception_of<412>;
using payload_too_large_exception = detail::http_exception_of<413>;
using unsupported_media_type_exception = detail::http_exception_of<415>;
using im_a_teapot_exception = detail::http_exception_of<418>;
using misdirected_exception = detail::http_exception_of<421>;
using unprocessable_entity_exception = detail::http_exception_of<422>;
using internal_server_error_exception = detail::http_exception_of<500>;
using not_implemented_exception = detail::http_exception_of<501>;
using bad_gateway_exception = detail::http_exception_of<502>;
using service_unavailable_exception = detail::http_exception_of<503>;
using gateway_timeout_exception = detail::http_exception_of<504>;
using http_version_not_supported_exception = detail::http_exception_of<505>;

/// NestJS's `RpcException`: its value is what the peer gets as `err`. On the client side it carries the `err` a service
/// sent.
class rpc_exception : public std::exception {
 public:
  /// Who made the exception: the running code, or a service that was called and answered with this `err`. It tells the
  /// two apart for `nestjs_compatible_errors()` only.
  enum class origin { here, service };

  /// NestJS's `new RpcException(undefined)`: travels as `{"status":"error"}`.
  rpc_exception();
  /// A string (or other primitive) travels as `{"status":"error","message":error}`; objects and arrays as they are.
  explicit rpc_exception(boost::json::value error, origin from = origin::here);

  /// The value given, unchanged; null where none was.
  [[nodiscard]] const boost::json::value& error() const noexcept { return error_; }
  [[nodiscard]] origin from() const noexcept { return from_; }
  /// What travels as `err`.
  [[nodiscard]] boost::json::value wire_error() const;
  [[nodiscard]] const char* what() const noexcept override { return what_.c_str(); }

 private:
  boost::json::value error_;
  std::string what_;
  origin from_ = origin::here;
  bool undefined_ = false;
};

/// A client's call that got no answer from the service.
class client_exception : public std::runtime_error {
 public:
  client_exception(std::string client, const std::string& what)
      : std::runtime_error{what}, client_{std::move(client)} {}
  /// The client's name, for example "user-service".
  [[nodiscard]] const std::string& client() const noexcept { return client_; }

 private:
  std::string client_;
};

/// The service cannot be reached, or the connection broke while the call was pending ("Connection closed").
class unavailable_exception : public client_exception {
 public:
  enum class request { never_sent, maybe_sent };
  unavailable_exception(std::string client, const std::string& what, request state)
      : client_exception{std::move(client), what}, state_{state} {}
  /// `never_sent`: the request provably never left this process, so that repeating it is safe.
  [[nodiscard]] request state() const noexcept { return state_; }

 private:
  request state_;
};

/// The service did not answer within the call's time limit ("Timeout has occurred").
class timeout_exception : public client_exception {
 public:
  explicit timeout_exception(std::string client) : client_exception{std::move(client), "Timeout has occurred"} {}
};

/// Work did not end before its deadline; thrown by `with_deadline` and by waits that take a deadline.
class deadline_exceeded : public std::runtime_error {
 public:
  deadline_exceeded() : std::runtime_error{"The deadline has passed"} {}
};

/// What is wrong with a set-up, found before any listener opens: a missing provider, a cycle, two handlers for one
/// pattern.
class startup_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace nestcpp
