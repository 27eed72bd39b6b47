#pragma once
/// @file nestcpp/testing/fault.hpp
/// @brief Things that go wrong on purpose: calls between services, and calls of a provider.

#include <nestcpp/core/exceptions.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>

namespace nestcpp::testing {

namespace detail {

struct network_state;

// What becomes of a call.
struct call_fault {
  enum class kind { none, fail, drop, disconnect };
  kind what = kind::none;
  std::exception_ptr failure{};
  std::chrono::nanoseconds delay{0};
};

// One rule of a network: which calls, and what becomes of them.
struct fault_rule {
  std::string service{};  // empty: any
  std::string route{};    // empty: any
  std::size_t first = 1;  // by number, from 1
  std::size_t last = static_cast<std::size_t>(-1);
  std::size_t seen = 0;
  call_fault fault{};
};

}  // namespace detail

/// A rule that is being made: which of the calls (all, where nothing is said), then what becomes of them. It holds from
/// then on, until `test_network::clear_faults()`. Every attempt of a client counts, so that the first of three may fail
/// and the second succeed. Where several rules match, delays add up and the first other fault wins.
/// @par Thread safety Safe, but for one object at a time.
class fault_builder {
 public:
  fault_builder(std::shared_ptr<detail::network_state> network, std::string service, std::string route);

  /// Only the n-th call from now on, from 1. @throws std::invalid_argument for 0, as the next
  fault_builder& nth_call(std::size_t n);
  /// Only the first n.
  fault_builder& first_calls(std::size_t n);

  /// The call throws this, before it has left: `fail(unavailable_exception{…})`.
  template <class E>
    requires std::is_base_of_v<std::exception, E>
  void fail(E error) {
    add({.what = detail::call_fault::kind::fail, .failure = std::make_exception_ptr(std::move(error))});
  }
  /// No connection can be made: unavailable_exception, `never_sent`, which clients with a retry repeat.
  void unavailable();
  /// The service answers with this `err`, without having been asked.
  void reply_error(boost::json::value error);
  /// The request is lost: the caller's time limit passes. An event is lost silently.
  void drop();
  /// The service handles the request, but the connection breaks before the answer arrives: unavailable_exception,
  /// `maybe_sent`, for this and all other pending calls of that client. Of an event: it arrives, then that happens.
  void disconnect();
  /// The request travels so long, on `nestcpp::clock`.
  void delay(std::chrono::nanoseconds by);

 private:
  void add(detail::call_fault fault);

  std::shared_ptr<detail::network_state> network_;
  detail::fault_rule rule_;
};

/// Lets the n-th call of a provider's member function fail: the double that replaces the provider calls `pass("save")`
/// first.
/// ```
/// struct flaky_users : UsersRepository {
///   fault_points faults;
///   nest::task<void> save(User user) override { faults.pass("save"); return UsersRepository::save(std::move(user)); }
/// };
/// users.faults.fail_nth_call("save", 2, nest::database_unavailable{"gone"});
/// ```
/// @par Thread safety Safe.
class fault_points {
 public:
  /// @param n counted from now on, from 1; other calls pass @throws std::invalid_argument for 0
  template <class E>
    requires std::is_base_of_v<std::exception, E>
  void fail_nth_call(std::string point, std::size_t n, E error) {
    set(std::move(point), n, std::make_exception_ptr(std::move(error)));
  }
  /// @throws what was said for this call of that point
  void pass(const std::string& point);
  /// How often it was passed.
  [[nodiscard]] std::size_t calls(const std::string& point) const;

 private:
  void set(std::string point, std::size_t n, std::exception_ptr error);

  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> calls_;
  std::map<std::pair<std::string, std::size_t>, std::exception_ptr> failures_;
};

}  // namespace nestcpp::testing
