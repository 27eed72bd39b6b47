#pragma once
// Keeps log lines that others can cause at will from flooding the log.

#include <nestcpp/core/clock.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace nestcpp::detail {

// At most one line a second. Thread-safe.
class log_limit {
 public:
  // Nothing: keep silent. Otherwise how many were kept silent since the last line.
  [[nodiscard]] std::optional<std::uint64_t> may_log() noexcept {
    const auto now = clock::now().time_since_epoch().count();
    auto last = last_.load(std::memory_order_relaxed);
    constexpr std::chrono::steady_clock::duration interval = std::chrono::seconds{1};
    if ((last != 0 && now - last < interval.count()) || !last_.compare_exchange_strong(last, now)) {
      silent_.fetch_add(1, std::memory_order_relaxed);
      return std::nullopt;
    }
    return silent_.exchange(0, std::memory_order_relaxed);
  }

 private:
  std::atomic<std::chrono::steady_clock::rep> last_{0};
  std::atomic<std::uint64_t> silent_{0};
};

}  // namespace nestcpp::detail
