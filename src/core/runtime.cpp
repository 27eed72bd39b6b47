#include <nestcpp/core/runtime.hpp>

#include <boost/asio/executor_work_guard.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace nestcpp {

namespace {
thread_local event_loop* current_loop = nullptr;
}  // namespace

event_loop::event_loop(std::size_t index) : index_{index} {}

event_loop* event_loop::current() noexcept { return current_loop; }

struct runtime::impl {
  using work_guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

  std::vector<std::unique_ptr<event_loop>> loops;
  std::vector<std::thread> threads;
  std::vector<work_guard> guards;
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // pools and threads
  std::map<std::string, std::unique_ptr<blocking_pool>, std::less<>> pools;
};

runtime::runtime(runtime_options options) : impl_{std::make_unique<impl>()} {
  std::size_t count = options.io_threads != 0 ? options.io_threads : std::thread::hardware_concurrency();
  if (count == 0) count = 1;
  for (std::size_t i = 0; i < count; ++i) impl_->loops.push_back(std::make_unique<event_loop>(i));
}

runtime::~runtime() {
  stop();
  join();
  impl_->pools.clear();  // before the loops: jobs post their results there
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

void runtime::start() {
  const std::lock_guard lock{impl_->mutex};
  if (!impl_->threads.empty()) return;
  for (auto& loop : impl_->loops) {
    impl_->guards.emplace_back(loop->executor());
    impl_->threads.emplace_back([loop = loop.get()] {
      current_loop = loop;
      loop->context().run();
    });
  }
}

void runtime::stop() {
  const std::lock_guard lock{impl_->mutex};
  impl_->guards.clear();
  for (auto& loop : impl_->loops) loop->context().stop();
}

void runtime::join() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock{impl_->mutex};
    threads.swap(impl_->threads);
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace nestcpp
