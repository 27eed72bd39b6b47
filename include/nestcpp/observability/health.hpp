#pragma once
/// @file nestcpp/observability/health.hpp
/// @brief Health checks in the JSON of NestJS' Terminus.

#include <nestcpp/core/task.hpp>

#include <boost/json/object.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp {

/// What an indicator found; `data` (`message`, `responseTime`, …) stands before `status` in the answer.
struct indicator_result {
  bool is_up = true;
  boost::json::object data;
  /// It works, but not as it should: shown as `degraded`, answered 200 (Terminus 12).
  bool is_degraded = false;

  [[nodiscard]] static indicator_result up(boost::json::object data = {}) { return {true, std::move(data)}; }
  [[nodiscard]] static indicator_result degraded(boost::json::object data = {}) {
    return {true, std::move(data), true};
  }
  [[nodiscard]] static indicator_result down(boost::json::object data) { return {false, std::move(data)}; }
  /// `{"message":message,"status":"down"}`
  [[nodiscard]] static indicator_result down(std::string_view message);
};

struct indicator_options {
  /// Patience with the check; over it the indicator is down with `timeout of 5000ms exceeded`. Default: 5 s.
  std::chrono::milliseconds timeout{5000};
  /// False: the service is of use without it. Where it is down it is shown as `degraded`, and the answer stays 200.
  bool required = true;
};

/// @par Lifetime The indicators live as long as the health_check.
class health_check {
 public:
  using check_function = std::function<task<indicator_result>()>;

  struct result {
    int status = 200;  ///< 200, or 503 where something is down or the service is shutting down.
    boost::json::object body;
  };

  /// @param name the key in the answer; one name once
  /// @param check awaited per request, on the request's loop, together with the others; what it throws is the caller's
  /// error (500), as with Terminus. It is cancelled when its time is over.
  /// @par Thread safety Not safe: indicators are added before the listeners open.
  /// @throws startup_error where the name is taken
  void add(std::string name, check_function check, indicator_options options = {});

  /// All indicators, in the order added: can the service do its work? `/health` and `/health/ready`.
  /// `{"status":"ok","info":{"database":{"status":"up"}},"error":{},"details":{"database":{"status":"up"}}}`; `error`
  /// where one is down (logged), `degraded` where one is, `shutting_down` after `begin_shutdown()`.
  /// @par Thread safety Safe.
  [[nodiscard]] task<result> check() const;
  /// Does the process answer at all? No indicators, and no change while it shuts down: `/health/live`.
  [[nodiscard]] result check_live() const;

  /// @par Thread safety Safe.
  void begin_shutdown() noexcept { shutting_down_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool is_shutting_down() const noexcept { return shutting_down_.load(std::memory_order_relaxed); }

 private:
  struct indicator {
    std::string name;
    check_function check;
    indicator_options options;
  };
  class round;
  [[nodiscard]] static task<indicator_result> ask(const indicator& each);
  std::vector<indicator> indicators_;
  std::atomic<bool> shutting_down_{false};
};

}  // namespace nestcpp
