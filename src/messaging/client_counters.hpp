#pragma once
// What a client counts of each call. Threads count apart, so that loops do not wait for each other's cache line.

#include "messaging/call_verdict.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace nestcpp::detail {

class client_counters {
 public:
  void count(call_result result) noexcept { add(static_cast<std::size_t>(result)); }
  void count_retry() noexcept { add(call_results); }
  void count_suppressed_retry() noexcept { add(call_results + 1); }

  [[nodiscard]] std::uint64_t calls(call_result result) const noexcept { return sum(static_cast<std::size_t>(result)); }
  [[nodiscard]] std::uint64_t retries() const noexcept { return sum(call_results); }
  [[nodiscard]] std::uint64_t suppressed_retries() const noexcept { return sum(call_results + 1); }

 private:
  struct alignas(64) stripe {
    std::array<std::atomic<std::uint64_t>, call_results + 2> values{};
  };

  void add(std::size_t which) noexcept {
    stripes_[own_stripe() % stripes_.size()].values[which].fetch_add(1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t sum(std::size_t which) const noexcept {
    std::uint64_t all = 0;
    for (const stripe& each : stripes_) all += each.values[which].load(std::memory_order_relaxed);
    return all;
  }
  static std::size_t own_stripe() noexcept {
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t number = threads.fetch_add(1, std::memory_order_relaxed);
    return number;
  }

  std::array<stripe, 4> stripes_{};
};

}  // namespace nestcpp::detail
