#include "core/mock_time.hpp"

#include <nestcpp/core/log.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace nestcpp::detail {

// All members but the first are under the registry's mutex.
struct loop_station {
  boost::asio::io_context& context;
  std::thread::id thread{};
  bool engaged = false;     // `attend` has been posted
  bool gone = false;        // the loop has ended
  std::uint64_t round = 0;  // the last one that it has done
  std::size_t ran = 0;      // handlers in it
};

namespace {

constexpr logger log{"MockClock"};

struct registry {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::shared_ptr<loop_station>> loops;
  std::vector<std::pair<const driven_pool*, std::function<bool()>>> pools;
  std::set<clock::time_point> expiries;
  std::uint64_t round = 0;
  bool settling = false;
};

// Never destroyed: loops may end after everything else.
registry& all() {
  static registry& instance = *new registry;
  return instance;
}

std::size_t poll_one(boost::asio::io_context& context) {
  try {
    return context.poll_one();
  } catch (const std::exception& failure) {
    log.error("An exception escaped on an event loop: {}", failure.what());
  } catch (...) {
    log.error("An unknown exception escaped on an event loop");
  }
  return 1;
}

// Runs what is ready, and what that makes ready. Asio looks at its timers again when one comes that is due before all
// others.
// @return how many handlers that were
std::size_t drain(boost::asio::io_context& context, std::chrono::steady_clock::time_point limit) {
  const auto woken = std::make_shared<bool>(false);
  clock_timer alarm{context};
  alarm.expires_at(clock::time_point::min());
  alarm.async_wait([woken](boost::system::error_code) { *woken = true; });
  std::size_t ran = 0;
  while (!context.stopped() && std::chrono::steady_clock::now() < limit) {
    const std::size_t now = poll_one(context);
    ran += now;
    if (now == 0 && *woken) break;
  }
  return ran - (*woken ? 1 : 0);
}

// On the loop's thread, as a handler: takes part in each round until the settling is over.
void attend(const std::shared_ptr<loop_station>& station, std::chrono::steady_clock::time_point limit) {
  registry& r = all();
  std::unique_lock lock{r.mutex};
  while (r.settling) {
    if (station->round == r.round) {
      r.changed.wait(lock);
      continue;
    }
    const std::uint64_t round = r.round;
    lock.unlock();
    const std::size_t ran = drain(station->context, limit);
    lock.lock();
    station->ran = ran;
    station->round = round;
    r.changed.notify_all();
  }
  station->engaged = false;
}

class settling_scope {
 public:
  explicit settling_scope(registry& of) : of_{of} {
    if (std::exchange(of_.settling, true)) {
      throw std::logic_error{"the mock clock is being advanced already; nothing that its timers start may advance it"};
    }
  }
  ~settling_scope() {
    of_.settling = false;
    of_.changed.notify_all();
  }
  settling_scope(const settling_scope&) = delete;
  settling_scope& operator=(const settling_scope&) = delete;

 private:
  registry& of_;
};

}  // namespace

void note_expiry(clock::time_point at) {
  if (at == clock::time_point::max()) return;
  registry& r = all();
  const std::lock_guard lock{r.mutex};
  r.expiries.insert(at);
}

driven_loop::driven_loop(boost::asio::io_context& context)
    : station_{std::make_shared<loop_station>(loop_station{.context = context})} {
  registry& r = all();
  const std::lock_guard lock{r.mutex};
  r.loops.push_back(station_);
}

void driven_loop::run_by_this_thread() {
  const std::lock_guard lock{all().mutex};
  station_->thread = std::this_thread::get_id();
}

driven_loop::~driven_loop() {
  registry& r = all();
  const std::lock_guard lock{r.mutex};
  std::erase(r.loops, station_);
  station_->gone = true;
  r.changed.notify_all();
}

driven_pool::driven_pool(std::function<bool()> is_idle) {
  registry& r = all();
  const std::lock_guard lock{r.mutex};
  r.pools.emplace_back(this, std::move(is_idle));
}

driven_pool::~driven_pool() {
  registry& r = all();
  const std::lock_guard lock{r.mutex};
  std::erase_if(r.pools, [this](const auto& each) { return each.first == this; });
}

void mock_time::install(clock::time_point now) {
  registry& r = all();
  const std::lock_guard lock{r.mutex};
  if (time_is_mocked()) throw std::logic_error{"there is a mock clock already; a process has one at a time"};
  mock_time_now.store(now.time_since_epoch().count());
}

void mock_time::remove() noexcept {
  registry& r = all();
  const std::lock_guard lock{r.mutex};
  mock_time_now.store(no_mock_time);
  r.expiries.clear();
}

void mock_time::set(clock::time_point now) noexcept { mock_time_now.store(now.time_since_epoch().count()); }

std::optional<clock::time_point> mock_time::next_expiry(clock::time_point until) {
  registry& r = all();
  const std::lock_guard lock{r.mutex};
  r.expiries.erase(r.expiries.begin(), r.expiries.upper_bound(clock::now()));
  if (r.expiries.empty() || *r.expiries.begin() > until) return {};
  return r.expiries.extract(r.expiries.begin()).value();
}

// In a round each loop runs all it has, and none goes on by itself between the rounds. Where one round finds the pools
// idle and nothing to run anywhere, nobody is left who could give anybody something to do.
void mock_time::settle(std::chrono::milliseconds patience) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  const auto self = std::this_thread::get_id();
  registry& r = all();
  std::unique_lock lock{r.mutex};
  const settling_scope scope{r};
  for (;;) {
    const bool pools_idle = std::all_of(r.pools.begin(), r.pools.end(), [](const auto& each) { return each.second(); });
    const auto stations = r.loops;
    ++r.round;
    std::shared_ptr<loop_station> own;
    bool all_attended = true;  // else what a loop ran before it came may have given a pool something to do
    for (const auto& each : stations) {
      if (each->thread == self) {
        own = each;
      } else if (!std::exchange(each->engaged, true)) {
        all_attended = false;
        boost::asio::post(each->context, [each, limit] { attend(each, limit); });
      }
    }
    r.changed.notify_all();
    if (own) {
      lock.unlock();
      const std::size_t ran = drain(own->context, limit);
      lock.lock();
      own->ran = ran;
      own->round = r.round;
    }
    const bool done = r.changed.wait_until(lock, limit, [&] {
      return std::all_of(stations.begin(), stations.end(),
                         [&](const auto& each) { return each->gone || each->round == r.round; });
    });
    const bool quiet = done && std::all_of(stations.begin(), stations.end(),
                                           [](const auto& each) { return each->gone || each->ran == 0; });
    if (quiet && pools_idle && all_attended) return;
    if (std::chrono::steady_clock::now() >= limit) {
      throw std::runtime_error{"the event loops and pools did not become idle within " +
                               std::to_string(patience.count()) +
                               " ms: something runs on and on, or blocks a loop or a pool"};
    }
    if (quiet) {
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::microseconds{50});  // a pool works
      lock.lock();
    }
  }
}

}  // namespace nestcpp::detail
