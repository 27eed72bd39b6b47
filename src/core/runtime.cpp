#include <nestcpp/core/runtime.hpp>

#include "core/loop_watchdog.hpp"
#include "core/mock_time.hpp"
#include "core/thread_name.hpp"

#include <nestcpp/core/log.hpp>

#include <boost/asio/executor_work_guard.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace nestcpp {

namespace {

constexpr logger log{"Runtime"};

thread_local event_loop* current_loop = nullptr;

void run_logging(event_loop& loop) {
  for (;;) {
    try {
      loop.context().run();
      return;
    } catch (const std::exception& failure) {
      log.error("An exception escaped on event loop {}: {}", loop.index(), failure.what());
    } catch (...) {
      log.error("An unknown exception escaped on event loop {}", loop.index());
    }
  }
}

}  // namespace

event_loop::event_loop(std::size_t index) : index_{index} {}

event_loop* event_loop::current() noexcept { return current_loop; }

struct runtime::impl {
  using work_guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

  explicit impl(const runtime_options& options) : watchdog{options.blocked_loop_warning} {}

  detail::loop_watchdog watchdog;  // outlives the loops
  std::vector<std::unique_ptr<event_loop>> loops;
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // all below
  std::map<std::string, std::unique_ptr<blocking_pool>, std::less<>> pools;
  std::vector<std::thread> threads;
  std::vector<work_guard> guards;
  bool watched = false;
  bool started = false;
  bool stopped = false;

  void stop() {
    stopped = true;
    watchdog.stop();
    guards.clear();
    for (auto& loop : loops) loop->context().stop();
  }
};

runtime::runtime(runtime_options options) : impl_{std::make_unique<impl>(options)} {
  std::size_t count = options.io_threads != 0 ? options.io_threads : std::thread::hardware_concurrency();
  if (count == 0) count = 1;
  for (std::size_t i = 0; i < count; ++i) impl_->loops.push_back(std::make_unique<event_loop>(i));
  impl_->watched = options.blocked_loop_warning.count() > 0;
}

runtime::~runtime() {
  stop();
  join();
  impl_->watchdog.join();
  drop_pending();
}

std::size_t runtime::loop_count() const noexcept { return impl_->loops.size(); }

event_loop& runtime::loop(std::size_t index) { return *impl_->loops.at(index); }

event_loop& runtime::next_loop() noexcept {
  return *impl_->loops[impl_->next.fetch_add(1, std::memory_order_relaxed) % impl_->loops.size()];
}

blocking_pool& runtime::pool(std::string_view name, std::size_t threads) {
  const std::lock_guard lock{impl_->mutex};
  auto found = impl_->pools.find(name);
  if (found == impl_->pools.end()) {
    found = impl_->pools.emplace(std::string{name}, std::make_unique<blocking_pool>(std::string{name}, threads)).first;
  }
  return *found->second;
}

std::vector<const blocking_pool*> runtime::pools() const {
  const std::lock_guard lock{impl_->mutex};
  std::vector<const blocking_pool*> all;
  for (const auto& [name, pool] : impl_->pools) all.push_back(pool.get());
  return all;
}

void runtime::start() {
  const std::lock_guard lock{impl_->mutex};
  if (impl_->started || impl_->stopped) return;
  impl_->started = true;
  try {
    for (auto& each : impl_->loops) {
      impl_->guards.emplace_back(each->executor());
      auto driven = std::make_unique<detail::driven_loop>(each->context());
      impl_->threads.emplace_back([loop = each.get(), driven = std::move(driven)] {
        detail::name_this_thread("loop", loop->index());
        current_loop = loop;
        driven->run_by_this_thread();
        run_logging(*loop);
      });
    }
    if (impl_->watched) impl_->watchdog.start(impl_->loops);
  } catch (...) {
    impl_->stop();
    throw;
  }
}

void runtime::stop() {
  const std::lock_guard lock{impl_->mutex};
  impl_->stop();
}

void runtime::join() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock{impl_->mutex};
    threads.swap(impl_->threads);
  }
  for (auto& thread : threads) thread.join();
}

// Results of what the pools still run come to the loops; then all that waits there goes, while everything it may refer
// to is still there.
void runtime::drop_pending() {
  std::vector<blocking_pool*> pools;
  {
    const std::lock_guard lock{impl_->mutex};
    for (auto& [name, pool] : impl_->pools) pools.push_back(pool.get());
  }
  for (blocking_pool* pool : pools) pool->stop();
  for (auto& loop : impl_->loops) loop->context_.shutdown();
}

}  // namespace nestcpp
