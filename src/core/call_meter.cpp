#include <nestcpp/core/call_meter.hpp>

#include <algorithm>

namespace nestcpp {

namespace {

// Of this thread, in every meter.
std::size_t own_cell(std::size_t count) noexcept {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t own = next.fetch_add(1, std::memory_order_relaxed);
  return own % count;
}

}  // namespace

void call_meter::record(std::chrono::nanoseconds took, bool failed) noexcept {
  static constexpr auto limits = [] {
    std::array<std::int64_t, bounds.size()> made{};
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = static_cast<std::int64_t>(bounds[i] * 1e9 + 0.5);
    return made;
  }();
  const std::int64_t length = std::max<std::int64_t>(took.count(), 0);
  const auto bucket = static_cast<std::size_t>(std::lower_bound(limits.begin(), limits.end(), length) - limits.begin());
  cell& own = cells_[own_cell(cells_.size())];
  own.counts[bucket].fetch_add(1, std::memory_order_relaxed);
  own.nanoseconds.fetch_add(static_cast<std::uint64_t>(length), std::memory_order_relaxed);
  if (failed) own.failed.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t call_meter::failed() const noexcept {
  std::uint64_t sum = 0;
  for (const cell& each : cells_) sum += each.failed.load(std::memory_order_relaxed);
  return sum;
}

std::uint64_t call_meter::succeeded() const noexcept {
  std::uint64_t sum = 0;
  for (const cell& each : cells_) {
    for (const auto& count : each.counts) sum += count.load(std::memory_order_relaxed);
  }
  return sum - std::min(sum, failed());
}

call_meter::durations call_meter::taken() const noexcept {
  durations all;
  for (const cell& each : cells_) {
    for (std::size_t i = 0; i < each.counts.size(); ++i)
      all.counts[i] += each.counts[i].load(std::memory_order_relaxed);
    all.seconds += static_cast<double>(each.nanoseconds.load(std::memory_order_relaxed)) / 1e9;
  }
  return all;
}

}  // namespace nestcpp
