// Which of a service's instances takes the next call: the power of two choices by pending calls, past instances that do
// not answer.

#include "messaging/client_side.hpp"

#include <array>

namespace nestcpp::detail {

namespace {

// So many calls in a row without any answer, and calls go elsewhere.
constexpr int silent_limit = 5;

// How long until one call finds out whether an instance answers again.
constexpr exponential_backoff probe_backoff{.attempts = 1 << 30,
                                            .initial = std::chrono::milliseconds{1000},
                                            .multiplier = 2,
                                            .max = std::chrono::milliseconds{30000},
                                            .jitter = backoff_jitter::proportional};

}  // namespace

client_session* client_side::pick() {
  if (ready_.empty()) return nullptr;
  return ready_.size() == 1 ? ready_.front()->session.get() : pick_one_of_many();
}

client_session* client_side::pick_one_of_many() {
  const std::size_t count = ready_.size();
  const std::size_t first = random_() % count;
  std::size_t second = random_() % (count - 1);
  if (second >= first) ++second;

  channel* best = nullptr;
  const auto consider = [&best](channel* each) {
    if (best == nullptr || each->session->pending() < best->session->pending()) best = each;
  };
  for (channel* const each : std::array{ready_[first], ready_[second]}) {
    if (each->session->silent() < silent_limit) {
      each->ejections = 0;
      consider(each);
      continue;
    }
    const auto now = clock::now();
    const bool probe = each->ejections != 0 && now >= each->probe_at;
    if (each->ejections == 0 || probe) {
      ++each->ejections;
      each->probe_at = now + *probe_backoff.delay_after(each->ejections);
    }
    if (probe) return each->session.get();
  }
  if (best == nullptr) {
    for (channel* const each : ready_) {
      if (each->session->silent() < silent_limit) consider(each);
    }
  }
  if (best == nullptr) {  // none answers: better one of them than none
    consider(ready_[first]);
    consider(ready_[second]);
  }
  return best->session.get();
}

}  // namespace nestcpp::detail
