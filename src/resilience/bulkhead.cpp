#include <nestcpp/resilience/bulkhead.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <utility>

namespace nestcpp {

namespace {

const bulkhead& checked(const bulkhead& options) {
  options.validate();
  return options;
}

// One of those that wait, until the scope ends.
class queued {
 public:
  queued(std::shared_ptr<std::atomic<int>> count, int most)
      : count_{std::move(count)}, fits_{count_->fetch_add(1, std::memory_order_relaxed) < most} {}
  queued(const queued&) = delete;
  ~queued() { count_->fetch_sub(1, std::memory_order_relaxed); }
  [[nodiscard]] bool fits() const noexcept { return fits_; }

 private:
  std::shared_ptr<std::atomic<int>> count_;
  bool fits_;
};

}  // namespace

bulkhead_gate::bulkhead_gate(const bulkhead& options)
    : options_{checked(options)},
      places_{static_cast<std::size_t>(options_.max_concurrent)},
      waiting_{std::make_shared<std::atomic<int>>(0)} {}

task<std::optional<bulkhead_gate::permit>> bulkhead_gate::enter(deadline limit) {
  if (std::optional<permit> free = try_enter()) co_return free;
  const queued place{waiting_, options_.max_waiting};
  if (!place.fits()) co_return std::nullopt;
  try {
    permit given = co_await places_.acquire(earlier(limit, deadline::after(options_.max_wait)));
    co_return std::optional<permit>{std::move(given)};
  } catch (const deadline_exceeded&) {
    co_return std::nullopt;
  }
}

std::size_t bulkhead_gate::in_use() const {
  return static_cast<std::size_t>(options_.max_concurrent) - places_.available();
}

}  // namespace nestcpp
