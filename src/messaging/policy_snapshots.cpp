// What a client's policies have done so far.

#include "messaging/policy_engine.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace nestcpp::detail {

namespace {

using enum metric_kind;

double value_of(const std::atomic<std::uint64_t>& counter) {
  return static_cast<double>(counter.load(std::memory_order_relaxed));
}

void append(std::vector<policy_snapshot>& out, const policy_state& state, deadline::clock::time_point now) {
  if (state.circuit) {
    const circuit_snapshot seen = state.circuit->snapshot(now);
    out.push_back({.policy = "circuit_breaker",
                   .call = state.call,
                   .state = to_string(seen.state),
                   .values = {{"circuit_admitted_total", static_cast<double>(seen.admitted)},
                              {"circuit_rejected_total", static_cast<double>(seen.refused)},
                              {"circuit_failures_total", static_cast<double>(seen.failed)},
                              {"circuit_slow_calls_total", static_cast<double>(seen.slow)},
                              {"circuit_opened_total", static_cast<double>(seen.opened)},
                              {"circuit_window_calls", static_cast<double>(seen.calls), gauge},
                              {"circuit_failure_ratio", seen.failure_rate / 100, gauge},
                              {"circuit_slow_call_ratio", seen.slow_call_rate / 100, gauge}}});
  }
  if (state.gate) {
    out.push_back({.policy = "bulkhead",
                   .call = state.call,
                   .values = {{"bulkhead_rejected_total", value_of(state.kept_out)},
                              {"bulkhead_calls", static_cast<double>(state.gate->in_use()), gauge},
                              {"bulkhead_waiting", static_cast<double>(state.gate->waiting()), gauge}}});
  }
  if (state.hedges) {
    out.push_back({.policy = "hedging",
                   .call = state.call,
                   .values = {{"hedges_total", value_of(state.hedged)},
                              {"hedges_won_total", value_of(state.hedged_won)},
                              {"hedge_budget_tokens", state.hedges->tokens(), gauge}}});
  }
  if (state.rate) {
    out.push_back({.policy = "rate_limit",
                   .call = state.call,
                   .values = {{"rate_limited_total", value_of(state.limited)},
                              {"rate_limit_available", state.rate->available(now), gauge}}});
  }
  if (state.throttle) {
    out.push_back({.policy = "adaptive_throttle",
                   .call = state.call,
                   .values = {{"throttled_total", value_of(state.throttled)},
                              {"throttle_probability", state.throttle->probability(now), gauge}}});
  }
}

constexpr std::pair<call_result, const char*> results[] = {
    {call_result::answered, "answered"},       {call_result::refused, "refused"},   {call_result::late, "timeout"},
    {call_result::unavailable, "unavailable"}, {call_result::rejected, "rejected"}, {call_result::aborted, "aborted"}};

// "calls_total" reads "What typed clients have done: calls".
std::string help_of(std::string name) {
  if (name.ends_with("_total")) name.resize(name.size() - 6);
  std::ranges::replace(name, '_', ' ');
  return "What typed clients and their policies have seen: " + name;
}

}  // namespace

std::vector<policy_snapshot> policy_engine::snapshots() const {
  std::vector<policy_snapshot> made;
  policy_snapshot calls{.policy = "calls"};
  for (const auto& [result, name] : results) {
    calls.values.push_back({name, static_cast<double>(counters_.calls(result))});
  }
  made.push_back(std::move(calls));
  policy_snapshot retry{.policy = "retry",
                        .values = {{"retries_total", static_cast<double>(counters_.retries())},
                                   {"retries_suppressed_total", static_cast<double>(counters_.suppressed_retries())}}};
  if (budget_) retry.values.push_back({"retry_budget_tokens", budget_->tokens(), gauge});
  made.push_back(std::move(retry));

  const auto now = clock::now();
  append(made, *state_, now);
  const std::shared_lock lock{mutex_};
  for (const call_state& each : calls_) append(made, *each.state, now);
  return made;
}

std::vector<metric_sample> policy_engine::metrics() const {
  std::vector<metric_sample> samples;
  for (const policy_snapshot& policy : snapshots()) {
    std::vector<std::pair<std::string, std::string>> labels{{"client", proxy_.name()}};
    if (!policy.call.empty()) labels.emplace_back("call", policy.call);
    const auto add = [&](const std::string& name, double value, metric_kind kind, const char* label,
                         std::string_view text) {
      samples.push_back({"nestcpp_client_" + name, labels, value, kind, help_of(name)});
      if (label != nullptr) samples.back().labels.emplace_back(label, text);
    };
    for (const policy_value& each : policy.values) {
      if (policy.policy == "calls") {
        add("calls_total", each.value, counter, "result", each.name);
      } else {
        add(std::string{each.name}, each.value, each.kind, nullptr, {});
      }
    }
    if (policy.state.empty()) continue;
    for (const circuit_state state : {circuit_state::closed, circuit_state::open, circuit_state::half_open,
                                      circuit_state::disabled, circuit_state::forced_open}) {
      const std::string_view name = to_string(state);
      add("circuit_state", name == policy.state ? 1 : 0, gauge, "state", name);
    }
  }
  return samples;
}

circuit* policy_engine::find_circuit(std::string_view pattern) noexcept {
  const auto of = [](policy_state& state) { return state.circuit ? &*state.circuit : nullptr; };
  if (pattern.empty()) return of(*state_);
  const std::shared_lock lock{mutex_};
  for (const call_state& each : calls_) {
    if (each.state->call == pattern && each.state->circuit) return of(*each.state);
  }
  return nullptr;
}

}  // namespace nestcpp::detail
