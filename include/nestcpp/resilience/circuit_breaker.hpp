#pragma once
/// @file nestcpp/resilience/circuit_breaker.hpp
/// @brief Stops calling a service that fails, and finds out with a few calls when it works again: Resilience4j's
/// circuit breaker. No timers; the time is a parameter.

#include <nestcpp/resilience/detail/outcome_window.hpp>
#include <nestcpp/resilience/detail/refuse.hpp>
#include <nestcpp/resilience/sliding_window.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

namespace nestcpp {

class rpc_exception;

/// `circuit_breaker{.failure_rate = 50, .window = sliding_window::time(30s)}`: Resilience4j's parameters and defaults.
///
/// A call has failed where no answer came (unavailable, timeout), or the service answered with an `err` whose
/// `statusCode` is 500 or above, or with NestJS's "Internal server error". Not counted at all: other `err`s with a
/// `statusCode` below 500 (the caller's fault), overload (429, or a `retryAfterMs`), calls that were cancelled.
/// @par Thread safety A value.
struct circuit_breaker {
  double failure_rate = 50;                            ///< Opens at so many percent failed calls. Default: 50.
  double slow_call_rate = 100;                         ///< Opens at so many percent slow calls. Default: 100.
  std::chrono::milliseconds slow_call{60000};          ///< A call is slow from here on. Default: 60 s.
  sliding_window window = sliding_window::calls(100);  ///< Of which calls. Default: the last 100.
  int minimum_calls = 100;                             ///< With fewer in the window it stays closed. Default: 100.
  std::chrono::milliseconds open_for{60000};           ///< Until the first probe. Default: 60 s.
  int half_open_calls = 10;                            ///< Probes; their rates close or open it. Default: 10.
  std::chrono::milliseconds max_half_open{0};          ///< Opens again after so long; 0 = waits. Default: 0.
  bool (*is_failure)(const rpc_exception& error) =
      nullptr;  ///< In place of the rule above, for `err`s; if it throws, that decides.

  /// @par Exceptions startup_error that names the first value that cannot be used and what is accepted.
  constexpr void validate() const {
    constexpr const char* name = "circuit_breaker";
    if (!(failure_rate > 0 && failure_rate <= 100)) {
      detail::refuse_value(name, "failure_rate", failure_rate, "above 0 to 100 (percent)");
    }
    if (!(slow_call_rate > 0 && slow_call_rate <= 100)) {
      detail::refuse_value(name, "slow_call_rate", slow_call_rate, "above 0 to 100 (percent)");
    }
    if (slow_call.count() < 1) detail::refuse_value(name, "slow_call", slow_call, "1 ms or more");
    window.validate();
    if (minimum_calls < 1) detail::refuse_value(name, "minimum_calls", minimum_calls, "1 or more");
    if (open_for.count() < 1) detail::refuse_value(name, "open_for", open_for, "1 ms or more");
    if (half_open_calls < 1 || half_open_calls > sliding_window::max_calls) {
      detail::refuse_value(name, "half_open_calls", half_open_calls, "1 to 100000");
    }
    if (max_half_open.count() < 0) detail::refuse_value(name, "max_half_open", max_half_open, "0 (no limit) or more");
  }
};

enum class circuit_state : std::uint8_t {
  closed,       ///< calls pass and are counted
  open,         ///< calls are refused
  half_open,    ///< so many calls pass as probes, others are refused
  disabled,     ///< calls pass and are not counted
  forced_open,  ///< calls are refused until somebody says otherwise
};

/// "closed", "open", "half_open", "disabled", "forced_open"
[[nodiscard]] std::string_view to_string(circuit_state state) noexcept;

/// How a call ended, to a circuit.
enum class circuit_outcome : std::uint8_t {
  success,
  failure,
  ignored,  ///< neither: the caller's fault, overload, cancelled
};

struct circuit_transition {
  circuit_state from, to;
  std::int64_t calls = 0;     ///< in the window that decided; 0: time or a person did
  double failure_rate = 0;    ///< percent
  double slow_call_rate = 0;  ///< percent
};

/// A look at a circuit.
struct circuit_snapshot {
  circuit_state state = circuit_state::closed;
  std::int64_t calls = 0;      ///< in the window
  double failure_rate = 0;     ///< of them, percent; 0 without any
  double slow_call_rate = 0;   ///< of them, percent
  std::uint64_t admitted = 0;  ///< since the start
  std::uint64_t refused = 0;   ///< since the start
  std::uint64_t failed = 0;    ///< since the start
  std::uint64_t slow = 0;      ///< since the start
  std::uint64_t opened = 0;    ///< how often it has opened
};

/// The state machine. Every call that `enter` admits is followed by one `leave`. Results of calls that began in another
/// state are not counted: a slow call from before cannot decide on what the probes are to find out.
/// @par Thread safety Safe; a transition is told to exactly one caller.
class circuit {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// What a call needs for its `leave`.
  struct entry {
    bool admitted = false;
    std::uint64_t generation = 0;
    std::optional<circuit_transition> transition{};  ///< that this call has caused
  };

  /// @par Exceptions As circuit_breaker::validate.
  explicit circuit(const circuit_breaker& options);

  [[nodiscard]] entry enter(time_point now);
  /// @param took counts only where the outcome is a success or a failure
  std::optional<circuit_transition> leave(std::uint64_t generation, circuit_outcome outcome,
                                          std::chrono::nanoseconds took, time_point now);

  /// Sets a state from outside: `closed` begins anew, `open` waits `open_for`, `disabled` and `forced_open` stay.
  std::optional<circuit_transition> set(circuit_state state, time_point now);

  [[nodiscard]] circuit_state state() const;
  /// How long until the first probe; 0 where the circuit is not open.
  [[nodiscard]] std::chrono::nanoseconds probes_in(time_point now) const;
  [[nodiscard]] circuit_snapshot snapshot(time_point now) const;
  [[nodiscard]] const circuit_breaker& options() const noexcept { return options_; }

 private:
  circuit_transition go_to(circuit_state state, time_point now, const detail::outcome_counts& because);
  std::optional<circuit_transition> decide(const detail::outcome_counts& counts, time_point now);

  const circuit_breaker options_;
  mutable std::mutex mutex_;
  mutable detail::outcome_window closed_, half_open_;  // looking moves them on
  circuit_state state_ = circuit_state::closed;
  std::uint64_t generation_ = 0;
  time_point since_{};  // of the state
  int permits_ = 0;     // probes that may still begin
  circuit_snapshot totals_;
};

}  // namespace nestcpp
