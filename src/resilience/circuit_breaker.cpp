#include <nestcpp/resilience/circuit_breaker.hpp>

#include <algorithm>

namespace nestcpp {

namespace {

circuit_breaker checked(const circuit_breaker& options) {
  options.validate();
  return options;
}

}  // namespace

std::string_view to_string(circuit_state state) noexcept {
  switch (state) {
    case circuit_state::closed: return "closed";
    case circuit_state::open: return "open";
    case circuit_state::half_open: return "half_open";
    case circuit_state::disabled: return "disabled";
    case circuit_state::forced_open: return "forced_open";
  }
  return "unknown";
}

circuit::circuit(const circuit_breaker& options)
    : options_{checked(options)},
      closed_{options_.window},
      half_open_{sliding_window::calls(options_.half_open_calls)} {}

circuit::entry circuit::enter(time_point now) {
  const std::lock_guard lock{mutex_};
  entry made;
  if (state_ == circuit_state::open && now - since_ >= options_.open_for) {
    made.transition = go_to(circuit_state::half_open, now, {});
  } else if (state_ == circuit_state::half_open && options_.max_half_open.count() != 0 &&
             now - since_ >= options_.max_half_open) {
    made.transition = go_to(circuit_state::open, now, {});
  }
  switch (state_) {
    case circuit_state::closed:
    case circuit_state::disabled: made.admitted = true; break;
    case circuit_state::half_open:
      made.admitted = permits_ > 0;
      if (made.admitted) --permits_;
      break;
    case circuit_state::open:
    case circuit_state::forced_open: break;
  }
  made.generation = generation_;
  ++(made.admitted ? totals_.admitted : totals_.refused);
  return made;
}

std::optional<circuit_transition> circuit::leave(std::uint64_t generation, circuit_outcome outcome,
                                                 std::chrono::nanoseconds took, time_point now) {
  const bool failed = outcome == circuit_outcome::failure;
  const bool slow = outcome != circuit_outcome::ignored && took >= options_.slow_call;
  const std::lock_guard lock{mutex_};
  totals_.failed += failed ? 1 : 0;
  totals_.slow += slow ? 1 : 0;
  if (generation != generation_) return std::nullopt;
  if (state_ == circuit_state::closed) {
    if (outcome == circuit_outcome::ignored) return std::nullopt;
    closed_.add(failed, slow, now);
    return decide(closed_.counts(now), now);
  }
  if (state_ == circuit_state::half_open) {
    if (outcome == circuit_outcome::ignored) {  // it has told nothing: another one may
      ++permits_;
      return std::nullopt;
    }
    half_open_.add(failed, slow, now);
    return decide(half_open_.counts(now), now);
  }
  return std::nullopt;
}

std::optional<circuit_transition> circuit::decide(const detail::outcome_counts& counts, time_point now) {
  const bool probing = state_ == circuit_state::half_open;
  const int most = probing ? options_.half_open_calls : options_.window.count();
  const int needed = most == 0 ? options_.minimum_calls : std::min(options_.minimum_calls, most);
  if (counts.total < needed) return std::nullopt;
  if (counts.failure_rate() >= options_.failure_rate || counts.slow_rate() >= options_.slow_call_rate) {
    return go_to(circuit_state::open, now, counts);
  }
  if (probing) return go_to(circuit_state::closed, now, counts);
  return std::nullopt;
}

circuit_transition circuit::go_to(circuit_state state, time_point now, const detail::outcome_counts& because) {
  const circuit_transition made{.from = state_,
                                .to = state,
                                .calls = because.total,
                                .failure_rate = because.failure_rate(),
                                .slow_call_rate = because.slow_rate()};
  state_ = state;
  ++generation_;
  since_ = now;
  permits_ = state == circuit_state::half_open ? options_.half_open_calls : 0;
  closed_.clear();
  half_open_.clear();
  if (state == circuit_state::open) ++totals_.opened;
  return made;
}

std::optional<circuit_transition> circuit::set(circuit_state state, time_point now) {
  const std::lock_guard lock{mutex_};
  if (state_ == state && state != circuit_state::closed) return std::nullopt;
  const bool same = state_ == state;
  const circuit_transition made = go_to(state, now, {});
  return same ? std::nullopt : std::optional{made};
}

circuit_state circuit::state() const {
  const std::lock_guard lock{mutex_};
  return state_;
}

std::chrono::nanoseconds circuit::probes_in(time_point now) const {
  const std::lock_guard lock{mutex_};
  if (state_ != circuit_state::open) return std::chrono::nanoseconds::zero();
  return std::max(std::chrono::nanoseconds::zero(), std::chrono::nanoseconds{options_.open_for - (now - since_)});
}

circuit_snapshot circuit::snapshot(time_point now) const {
  const std::lock_guard lock{mutex_};
  circuit_snapshot seen = totals_;
  seen.state = state_;
  const detail::outcome_counts& counts = (state_ == circuit_state::half_open ? half_open_ : closed_).counts(now);
  seen.calls = counts.total;
  seen.failure_rate = counts.failure_rate();
  seen.slow_call_rate = counts.slow_rate();
  return seen;
}

}  // namespace nestcpp
