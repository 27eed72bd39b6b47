#include "messaging/policy_engine.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/pipeline/execution_context.hpp>
#include <nestcpp/resilience/rejections.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace nestcpp::detail {

namespace {

constexpr logger log{"Client"};
constexpr retry_rules default_rules{};

client_policy checked(const client_policy& policy) {
  policy.validate();
  return policy;
}

}  // namespace

policy_state::policy_state(const client_policy& of, std::string pattern)
    : policy{checked(of)}, call{std::move(pattern)} {
  if (policy.bulkhead) gate.emplace(*policy.bulkhead);
  if (policy.hedging) hedges.emplace(policy.hedging->max_ratio);
  if (policy.adaptive_throttle) throttle.emplace(*policy.adaptive_throttle);
  if (policy.circuit_breaker) circuit.emplace(*policy.circuit_breaker);
  if (policy.rate_limit) rate.emplace(*policy.rate_limit);
}

policy_engine::policy_engine(client_proxy& proxy, const client_policy& policy)
    : proxy_{proxy}, state_{std::make_shared<policy_state>(policy, "")}, has_state_{policy.has_state()} {
  if (!policy.without_budget) budget_.emplace(policy.budget.value_or(retry_budget_options{}));
}

// ---- what holds for a call

const retry_rules& policy_engine::rules_of(const client_policy& call) const noexcept {
  if (call.retry_rules) return *call.retry_rules;
  return own().retry_rules ? *own().retry_rules : default_rules;
}

deadline policy_engine::limit_of(const client_policy& call) const {
  const auto timeout = call.timeout ? call.timeout : own().timeout;
  const deadline limit = deadline::after(timeout.value_or(proxy_.timeout()));
  const auto* const context = execution_context::current();
  return context == nullptr ? limit : earlier(limit, context->get_deadline());
}

call_options policy_engine::options_of(const client_policy& call, deadline limit, int attempt) const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit.remaining());
  const auto& own_limit = call.attempt_timeout ? call.attempt_timeout : own().attempt_timeout;
  return {.timeout = own_limit ? std::min(*own_limit, left) : left, .attempt = attempt};
}

policy_state_ptr policy_engine::state_of(const sent_call& call) {
  const auto find = [&]() -> policy_state_ptr {
    for (const call_state& each : calls_) {
      if (each.of == call.policy) return each.state;
    }
    return nullptr;
  };
  {
    const std::shared_lock lock{mutex_};
    if (auto known = find()) return known;
  }
  auto made = std::make_shared<policy_state>(*call.policy, call.pattern);
  const std::lock_guard lock{mutex_};
  if (auto known = find()) return known;
  calls_.push_back({call.policy, made});
  return made;
}

call_guards policy_engine::guards_of(const sent_call& call) {
  const policy_state_ptr mine = call.policy->has_state() ? state_of(call) : nullptr;
  const auto whose = [&](auto member) -> policy_state_ptr {
    if (mine && (*mine).*member) return mine;
    return (*state_).*member ? state_ : nullptr;
  };
  return {.gate = whose(&policy_state::gate),
          .hedges = whose(&policy_state::hedges),
          .throttle = whose(&policy_state::throttle),
          .circuit = whose(&policy_state::circuit),
          .rate = whose(&policy_state::rate)};
}

// ---- a call

task<reply> policy_engine::send(sent_call call) {
  if (guarded(*call.policy)) return guarded_send(std::move(call));
  return repeated(std::move(call), nullptr, deadline::never());
}

task<reply> policy_engine::guarded_send(sent_call call) {
  const deadline limit = limit_of(*call.policy);
  call_guards guards = guards_of(call);
  async_semaphore::permit place;
  if (guards.gate) {
    if (auto free = guards.gate->gate->try_enter()) place = std::move(*free);
    if (!place) place = co_await enter(guards, limit);
  }
  if (guards.hedges && idempotent(*call.policy)) co_return co_await hedged(call, guards, limit);
  co_return co_await repeated(std::move(call), &guards, limit);
}

task<async_semaphore::permit> policy_engine::enter(const call_guards& guards, deadline limit) {
  std::optional<bulkhead_gate::permit> place;
  try {
    place = co_await guards.gate->gate->enter(limit);
  } catch (...) {  // cancelled
    counters_.count(call_result::aborted);
    throw;
  }
  if (place) co_return std::move(*place);
  if (limit.expired()) {
    counters_.count(call_result::late);
    throw timeout_exception{proxy_.name()};
  }
  guards.gate->kept_out.fetch_add(1, std::memory_order_relaxed);
  counters_.count(call_result::rejected);
  throw bulkhead_full_exception{proxy_.name(), fmt::format("the bulkhead is full: {} calls are under way",
                                                           guards.gate->policy.bulkhead->max_concurrent)};
}

task<reply> policy_engine::repeated(sent_call call, const call_guards* guards, deadline limit) {
  if (guards == nullptr) limit = limit_of(*call.policy);
  for (int number = 1;; ++number) {
    std::exception_ptr error;
    call_verdict verdict;
    try {
      reply answer;
      if (guards != nullptr) {
        answer = co_await attempt(call, *guards, limit, number);
      } else if (call.acknowledged) {
        co_await proxy_.emit_acknowledged_text(call.pattern, call.payload, options_of(*call.policy, limit, number));
      } else {
        answer = co_await proxy_.send_text(call.pattern, call.payload, options_of(*call.policy, limit, number));
      }
      note_success();
      co_return answer;
    } catch (const rpc_exception& refused) {
      verdict = judge(refused, rules_of(*call.policy), nullptr);
      error = std::current_exception();
    } catch (...) {
      error = std::current_exception();
      verdict = judge(error, rules_of(*call.policy), nullptr);
    }
    const auto wait = retry_after(verdict, number, *call.policy, limit);
    if (!wait) {
      counters_.count(verdict.result);
      std::rethrow_exception(error);
    }
    counters_.count_retry();
    try {
      co_await sleep_for(*wait);
    } catch (...) {  // cancelled
      counters_.count(call_result::aborted);
      throw;
    }
  }
}

void policy_engine::note_in_budget(const call_verdict& verdict) noexcept {
  if (!budget_) return;
  if (verdict.wears_budget) {
    budget_->on_failure();
  } else if (verdict.result == call_result::refused) {  // the service answered
    budget_->on_success();
  }
}

std::optional<std::chrono::nanoseconds> policy_engine::retry_after(const call_verdict& verdict, int failed,
                                                                   const client_policy& call, deadline limit) {
  note_in_budget(verdict);
  const auto& backoff = call.retry ? call.retry : own().retry;
  if (!backoff || !verdict.repeatable || !(verdict.never_sent || idempotent(call))) return std::nullopt;
  auto wait = backoff->delay_after(failed);
  if (!wait) return std::nullopt;
  // The service names the earliest time; callers that it sent away together do not come back together.
  if (verdict.pushback) *wait += *verdict.pushback;
  if (*wait >= limit.remaining()) return std::nullopt;
  if (budget_allows()) return wait;
  counters_.count_suppressed_retry();
  return std::nullopt;
}

// ---- an attempt

circuit_visit policy_engine::admit(const call_guards& guards) {
  const auto now = clock::now();
  if (guards.throttle && !guards.throttle->throttle->admit(now, random_fraction())) {
    guards.throttle->throttled.fetch_add(1, std::memory_order_relaxed);
    throw throttled_exception{proxy_.name(), "most calls are refused, so that some are not sent"};
  }
  if (!guards.circuit) return {};
  const circuit::entry entry = guards.circuit->circuit->enter(now);
  if (entry.transition) log_transition(*guards.circuit, *entry.transition);
  if (entry.admitted) return {guards.circuit, entry.generation};
  if (guards.throttle) guards.throttle->throttle->withdraw(now);
  throw circuit_open_exception{proxy_.name(),
                               fmt::format("the circuit breaker is {}", to_string(guards.circuit->circuit->state()))};
}

std::chrono::nanoseconds policy_engine::turn(const call_guards& guards, deadline limit) {
  if (!guards.rate) return std::chrono::nanoseconds::zero();
  rate_limiter& rate = *guards.rate->rate;
  const auto now = clock::now();
  const auto most = std::min<std::chrono::nanoseconds>(rate.max_wait(), limit.remaining());
  if (const auto wait = rate.take(now, most)) return *wait;
  if (guards.throttle) guards.throttle->throttle->withdraw(now);
  guards.rate->limited.fetch_add(1, std::memory_order_relaxed);
  throw rate_limited_exception{proxy_.name(),
                               fmt::format("more than {} calls in {} ms", guards.rate->policy.rate_limit->calls,
                                           guards.rate->policy.rate_limit->per.count())};
}

void policy_engine::settle(const call_guards& guards, circuit_visit& visit, const call_verdict& verdict) {
  if (guards.throttle && verdict.accepted) guards.throttle->throttle->on_accepted(clock::now());
  if (const auto change = visit.end(verdict.circuit)) log_transition(*guards.circuit, *change);
}

task<reply> policy_engine::attempt(const sent_call& call, const call_guards& guards, deadline limit, int number) {
  circuit_visit visit = admit(guards);
  if (const auto wait = turn(guards, limit); wait.count() > 0) co_await sleep_for(wait);
  visit.begin();
  std::exception_ptr error;
  try {
    reply answer;
    if (call.acknowledged) {
      co_await proxy_.emit_acknowledged_text(call.pattern, call.payload, options_of(*call.policy, limit, number));
    } else {
      answer = co_await proxy_.send_text(call.pattern, call.payload, options_of(*call.policy, limit, number));
    }
    settle(guards, visit, {.circuit = circuit_outcome::success});
    co_return answer;
  } catch (...) {
    error = std::current_exception();
  }
  const circuit_breaker* const breaker = guards.circuit ? &guards.circuit->circuit->options() : nullptr;
  settle(guards, visit, judge(error, rules_of(*call.policy), breaker));
  std::rethrow_exception(error);
}

void policy_engine::log_transition(const policy_state& state, const circuit_transition& change) const {
  const std::string where = state.call.empty() ? proxy_.name() : proxy_.name() + " " + state.call;
  const auto from = to_string(change.from), to = to_string(change.to);
  if (change.to != circuit_state::open) {
    log.info("{}: circuit breaker {} -> {}", where, from, to);
  } else if (change.calls == 0) {
    log.warn("{}: circuit breaker {} -> open: its probes have not ended in time", where, from);
  } else {
    log.warn("{}: circuit breaker {} -> open for {} ms: of {} calls {:.1f} % failed and {:.1f} % were slow", where,
             from, state.policy.circuit_breaker->open_for.count(), change.calls, change.failure_rate,
             change.slow_call_rate);
  }
}

}  // namespace nestcpp::detail
