#pragma once
// The policies of a typed client around its calls, and what they remember.

#include "messaging/call_verdict.hpp"
#include "messaging/client_counters.hpp"

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/stream.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/messaging/client_policy.hpp>
#include <nestcpp/messaging/client_proxy.hpp>
#include <nestcpp/messaging/policy_snapshot.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp::detail {

// What the policies of a client, or of a call with its own, remember. Shared with the calls under way: their frames may
// be destroyed after the client.
struct policy_state {
  policy_state(const client_policy& of, std::string pattern);

  const client_policy policy;
  const std::string call;  // the pattern; empty: the client's
  std::optional<bulkhead_gate> gate;
  std::optional<hedge_budget> hedges;
  std::optional<nestcpp::throttle> throttle;
  std::optional<nestcpp::circuit> circuit;
  std::optional<rate_limiter> rate;
  std::atomic<std::uint64_t> kept_out{0}, hedged{0}, hedged_won{0}, throttled{0}, limited{0};
};
using policy_state_ptr = std::shared_ptr<policy_state>;

// The states that a call is subject to: its own where it has one, else the client's; null where there is none.
struct call_guards {
  policy_state_ptr gate, hedges, throttle, circuit, rate;
};

struct sent_call {
  std::string pattern, payload;
  const client_policy* policy;
  bool acknowledged = false;
};

class circuit_visit;

class policy_engine {
 public:
  // The proxy must outlive it. @throws startup_error
  policy_engine(client_proxy& proxy, const client_policy& policy);

  [[nodiscard]] task<reply> send(sent_call call);
  [[nodiscard]] stream<reply> send_stream(sent_call call);

  [[nodiscard]] std::vector<policy_snapshot> snapshots() const;
  [[nodiscard]] std::vector<metric_sample> metrics() const;
  [[nodiscard]] circuit* find_circuit(std::string_view pattern) noexcept;

 private:
  using clock = deadline::clock;
  struct race;

  [[nodiscard]] const client_policy& own() const noexcept { return state_->policy; }
  [[nodiscard]] bool guarded(const client_policy& call) const noexcept { return has_state_ || call.has_state(); }
  [[nodiscard]] bool idempotent(const client_policy& call) const noexcept {
    return call.idempotent || own().idempotent;
  }
  [[nodiscard]] const retry_rules& rules_of(const client_policy& call) const noexcept;
  [[nodiscard]] deadline limit_of(const client_policy& call) const;
  [[nodiscard]] call_options options_of(const client_policy& call, deadline limit, int attempt) const;
  [[nodiscard]] call_guards guards_of(const sent_call& call);
  [[nodiscard]] policy_state_ptr state_of(const sent_call& call);

  // A call with its attempts. @param guards null: there are none, and `limit` is still to be found out
  [[nodiscard]] task<reply> repeated(sent_call call, const call_guards* guards, deadline limit);
  [[nodiscard]] task<reply> guarded_send(sent_call call);
  [[nodiscard]] task<async_semaphore::permit> enter(const call_guards& guards, deadline limit);
  // One attempt behind its guards.
  [[nodiscard]] task<reply> attempt(const sent_call& call, const call_guards& guards, deadline limit, int number);
  [[nodiscard]] task<reply> hedged(const sent_call& call, const call_guards& guards, deadline limit);
  [[nodiscard]] task<reply> run_race(const sent_call& call, const call_guards& guards, deadline limit);

  // Past throttle and circuit. @throws call_rejected_exception
  [[nodiscard]] circuit_visit admit(const call_guards& guards);
  // How long one that was admitted waits for the rate limit. @throws rate_limited_exception
  [[nodiscard]] std::chrono::nanoseconds turn(const call_guards& guards, deadline limit);
  void settle(const call_guards& guards, circuit_visit& visit, const call_verdict& verdict);
  void log_transition(const policy_state& state, const circuit_transition& change) const;

  void note_in_budget(const call_verdict& verdict) noexcept;
  // How long to wait before the next attempt after the `failed`-th failure; nullopt: there is none.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> retry_after(const call_verdict& verdict, int failed,
                                                                    const client_policy& call, deadline limit);
  void note_success() noexcept {
    if (budget_) budget_->on_success();
    counters_.count(call_result::answered);
  }
  [[nodiscard]] bool budget_allows() noexcept { return !budget_ || budget_->may_retry(clock::now()); }

  client_proxy& proxy_;
  policy_state_ptr state_;
  bool has_state_;
  std::optional<nestcpp::retry_budget> budget_;
  client_counters counters_;

  mutable std::shared_mutex mutex_;
  struct call_state {
    const client_policy* of;
    policy_state_ptr state;
  };
  std::vector<call_state> calls_;  // those with a state of their own, as many as the class has
};

// A call's stay within a circuit, which always ends: where nothing is known of its outcome, as one that says nothing.
class circuit_visit {
 public:
  circuit_visit() = default;
  circuit_visit(policy_state_ptr state, std::uint64_t generation)
      : state_{std::move(state)}, generation_{generation}, begun_{deadline::clock::now()} {}
  circuit_visit(circuit_visit&&) noexcept = default;
  circuit_visit& operator=(circuit_visit&&) = delete;
  ~circuit_visit() { end(circuit_outcome::ignored); }

  // From here on counts how long the call takes.
  void begin() noexcept { begun_ = deadline::clock::now(); }
  std::optional<circuit_transition> end(circuit_outcome outcome) {
    const auto state = std::exchange(state_, nullptr);
    if (!state) return std::nullopt;
    const auto now = deadline::clock::now();
    return state->circuit->leave(generation_, outcome, now - begun_, now);
  }
  [[nodiscard]] const policy_state_ptr& state() const noexcept { return state_; }

 private:
  policy_state_ptr state_;
  std::uint64_t generation_ = 0;
  deadline::clock::time_point begun_{};
};

}  // namespace nestcpp::detail
