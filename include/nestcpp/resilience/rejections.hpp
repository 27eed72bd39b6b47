#pragma once
/// @file nestcpp/resilience/rejections.hpp
/// @brief What a client's own policies throw in place of a call: nothing has left this process, and nothing is
/// repeated.

#include <nestcpp/core/exceptions.hpp>

#include <string>
#include <utility>

namespace nestcpp {

/// A policy of the client refused the call. To whoever waits it is a service that is unavailable (503 `User service is
/// unavailable`), but a retry leaves it alone: the policy would refuse again, and that is what it is there for.
class call_rejected_exception : public unavailable_exception {
 public:
  call_rejected_exception(std::string client, const std::string& what)
      : unavailable_exception{std::move(client), what, request::never_sent} {}
};

/// The circuit breaker is open, or half open with all its probes under way.
class circuit_open_exception : public call_rejected_exception {
 public:
  using call_rejected_exception::call_rejected_exception;
};

/// As many calls as the bulkhead allows are under way, and no place came free in time.
class bulkhead_full_exception : public call_rejected_exception {
 public:
  using call_rejected_exception::call_rejected_exception;
};

/// The client's rate limit would have to be waited for longer than `max_wait`, or than the call's time limit.
class rate_limited_exception : public call_rejected_exception {
 public:
  using call_rejected_exception::call_rejected_exception;
};

/// The service refuses most calls, so that a part of them is refused here.
class throttled_exception : public call_rejected_exception {
 public:
  using call_rejected_exception::call_rejected_exception;
};

}  // namespace nestcpp
