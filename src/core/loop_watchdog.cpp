#include "core/loop_watchdog.hpp"

#include "core/thread_name.hpp"

#include <nestcpp/core/log.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>

namespace nestcpp::detail {

namespace {
constexpr logger log{"Runtime"};
}  // namespace

loop_watchdog::~loop_watchdog() {
  stop();
  join();
}

void loop_watchdog::start(const std::vector<std::unique_ptr<event_loop>>& loops) {
  for (const auto& loop : loops) pulses_.push_back(std::make_unique<pulse>(*loop));
  thread_ = std::thread{&loop_watchdog::run, this};
}

void loop_watchdog::stop() {
  const std::lock_guard lock{mutex_};
  stopped_ = true;
  wake_.notify_all();
}

void loop_watchdog::join() {
  if (thread_.joinable()) thread_.join();
}

void loop_watchdog::run() {
  name_this_thread("watchdog", 0);
  // Half the limit: what blocks for one and a half of it is always seen, and an idle loop is woken seldom.
  const auto period = std::max<clock::duration>(limit_ / 2, std::chrono::milliseconds{1});
  auto last = clock::now();
  std::unique_lock lock{mutex_};
  while (!wake_.wait_for(lock, period, [this] { return stopped_; })) {
    const auto now = clock::now();
    // Where this thread itself did not get on (the process was suspended, the machine slept), no loop is to blame.
    const bool overslept = now - last > 2 * period;
    last = now;
    for (auto& each : pulses_) {
      if (overslept) each->sent = now;
      check(*each, now);
    }
  }
}

void loop_watchdog::check(pulse& of, clock::time_point now) {
  if (!of.outstanding.load(std::memory_order_acquire)) {
    of.sent = now;
    of.reported = false;
    of.outstanding.store(true, std::memory_order_relaxed);
    boost::asio::post(of.loop.executor(), [&of] { of.outstanding.store(false, std::memory_order_release); });
  } else if (!of.reported && now - of.sent >= limit_) {
    of.reported = true;
    const char* activity = of.loop.activity();
    log.warn("Event loop {} has been blocked for {} ms{}{}: blocking work belongs on a blocking_pool", of.loop.index(),
             std::chrono::duration_cast<std::chrono::milliseconds>(now - of.sent).count(),
             *activity != '\0' ? " by " : "", activity);
  }
}

}  // namespace nestcpp::detail
