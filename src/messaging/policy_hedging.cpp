// A call with attempts beside each other, of which the first good answer counts.

#include "messaging/policy_engine.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/runtime.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <utility>

namespace nestcpp::detail {

namespace asio = boost::asio;

// Shared with the attempts; used on one loop, or on one strand.
struct policy_engine::race {
  struct ended_attempt {
    int number;  // from 0
    std::exception_ptr failure;
    reply answer;
  };

  explicit race(const asio::any_io_executor& on) : wake{on} {}

  void end(int number, std::exception_ptr failure, reply answer) {
    --running;
    ended.push_back({number, std::move(failure), std::move(answer)});
    wake.cancel();
  }
  void cancel_all() {
    for (auto& each : signals) each.emit(asio::cancellation_type::terminal);
  }

  timer wake;
  int running = 0;
  std::vector<ended_attempt> ended;  // and not looked at so far
  std::array<asio::cancellation_signal, hedging::most_attempts> signals;
};

task<reply> policy_engine::hedged(const sent_call& call, const call_guards& guards, deadline limit) {
  const auto executor = co_await asio::this_coro::executor;
  // As a coroutine of its own: it must be able to wait for its attempts when it is cancelled.
  auto work = run_race(call, guards, limit);
  const bool one_thread = event_loop::current() != nullptr;
  const asio::any_io_executor on = one_thread ? executor : asio::any_io_executor{asio::make_strand(executor)};
  std::exception_ptr error;
  call_verdict verdict;
  try {
    reply answer = co_await asio::co_spawn(on, std::move(work), asio::use_awaitable);
    note_success();
    co_return answer;
  } catch (...) {
    error = std::current_exception();
    verdict = judge(error, rules_of(*call.policy), nullptr);
  }
  counters_.count(verdict.result);
  std::rethrow_exception(error);
}

task<reply> policy_engine::run_race(const sent_call& call, const call_guards& guards, deadline limit) {
  const auto executor = co_await asio::this_coro::executor;
  const auto shared = std::make_shared<race>(executor);
  const hedging how = *guards.hedges->policy.hedging;
  guards.hedges->hedges->on_call();

  int sent = 0;
  clock::time_point next_at{};
  const auto start = [&] {
    const int number = sent++;
    next_at = clock::now() + how.delay;
    asio::co_spawn(executor, attempt(call, guards, limit, number + 1),
                   asio::bind_cancellation_slot(shared->signals[static_cast<std::size_t>(number)].slot(),
                                                [shared, number](std::exception_ptr failure, reply answer) {
                                                  shared->end(number, std::move(failure), std::move(answer));
                                                }));
    ++shared->running;  // after what may throw; one that has ended by now was counted down
  };

  std::optional<race::ended_attempt> decided;  // ends the call
  std::exception_ptr failure;                  // of the last attempt that reached the service
  bool more = true, cancelled = false;
  std::exception_ptr broken;  // the race itself
  try {
    start();
    while (!decided && !cancelled) {
      if (shared->running == 0 && shared->ended.empty() && !(more && sent < how.max_attempts)) break;
      if (shared->ended.empty()) {
        const bool waits = more && sent < how.max_attempts;
        shared->wake.expires_at(waits ? next_at : clock::time_point::max());
        boost::system::error_code woken;
        co_await shared->wake.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        const auto state = co_await asio::this_coro::cancellation_state;
        cancelled = state.cancelled() != asio::cancellation_type::none;
      }
      bool at_once = false;
      for (auto& each : std::exchange(shared->ended, {})) {
        if (decided) break;
        if (!each.failure) {
          decided = std::move(each);
          break;
        }
        const call_verdict verdict = judge(each.failure, rules_of(*call.policy), nullptr);
        note_in_budget(verdict);
        if (verdict.result == call_result::rejected) {  // by a guard: it would refuse the next one as well
          more = false;
          if (!failure) failure = each.failure;
          continue;
        }
        failure = each.failure;
        if (!verdict.repeatable && !(verdict.pushback && shared->running > 0)) decided = std::move(each);
        if (verdict.pushback) {
          more = more && verdict.pushback->count() >= 0;
          next_at = clock::now() + *verdict.pushback;
        } else {
          at_once = true;
        }
      }
      if (decided || cancelled || !more || sent >= how.max_attempts) continue;
      if (next_at >= limit.at() && !at_once) {
        more = false;
      } else if (at_once || clock::now() >= next_at) {
        more = !limit.expired() && budget_allows() && guards.hedges->hedges->take();
        if (more) {
          guards.hedges->hedged.fetch_add(1, std::memory_order_relaxed);
          start();
        }
      }
    }
  } catch (...) {
    broken = std::current_exception();
  }

  // The others end before this call does, however it ends, as they use what is the call's.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  shared->cancel_all();
  while (shared->running > 0) {
    shared->wake.expires_at(clock::time_point::max());
    boost::system::error_code woken;
    co_await shared->wake.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  if (broken) std::rethrow_exception(broken);
  if (cancelled && !decided) throw boost::system::system_error{asio::error::operation_aborted};
  if (decided && !decided->failure) {
    if (decided->number > 0) guards.hedges->hedged_won.fetch_add(1, std::memory_order_relaxed);
    co_return std::move(decided->answer);
  }
  std::rethrow_exception(decided ? decided->failure : failure);
}

}  // namespace nestcpp::detail
