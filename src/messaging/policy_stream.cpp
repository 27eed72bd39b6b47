// The policies around a call that gives all values of its reply.

#include "messaging/policy_engine.hpp"

#include <nestcpp/core/with_deadline.hpp>

namespace nestcpp::detail {

stream<reply> policy_engine::send_stream(sent_call call) {
  const client_policy& policy = *call.policy;
  const auto patience = policy.timeout ? policy.timeout : own().timeout;
  const call_guards guards = guarded(policy) ? guards_of(call) : call_guards{};
  deadline limit = limit_of(policy);  // until the next attempt must have begun
  async_semaphore::permit place;
  if (guards.gate) place = co_await enter(guards, limit);
  for (int number = 1;; ++number) {
    std::exception_ptr error;
    bool begun = false;
    call_verdict verdict;
    try {
      circuit_visit visit = admit(guards);
      if (const auto wait = turn(guards, limit); wait.count() > 0) co_await sleep_for(wait);
      visit.begin();
      std::exception_ptr failure;
      try {
        stream<reply> answers =
            proxy_.send_stream_text(call.pattern, call.payload, {.timeout = patience, .attempt = number});
        while (std::optional<reply> answer = co_await answers.next()) {
          if (!begun) settle(guards, visit, {.circuit = circuit_outcome::success});
          begun = true;
          co_yield std::move(*answer);
        }
        if (!begun) settle(guards, visit, {.circuit = circuit_outcome::success});
        note_success();
        co_return;
      } catch (...) {
        failure = std::current_exception();
      }
      const circuit_breaker* const breaker = guards.circuit ? &guards.circuit->circuit->options() : nullptr;
      if (!begun) settle(guards, visit, judge(failure, rules_of(policy), breaker));
      std::rethrow_exception(failure);
    } catch (...) {
      error = std::current_exception();
    }
    verdict = judge(error, rules_of(policy), nullptr);
    std::optional<std::chrono::nanoseconds> wait;
    if (begun) {
      note_in_budget(verdict);
    } else {  // a stream has no limit as a whole, but each wait has one
      limit = limit_of(policy);
      wait = retry_after(verdict, number, policy, limit);
    }
    if (!wait) {
      counters_.count(verdict.result);
      std::rethrow_exception(error);
    }
    counters_.count_retry();
    co_await sleep_for(*wait);
  }
}

}  // namespace nestcpp::detail
