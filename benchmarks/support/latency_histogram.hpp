#pragma once
// Latencies of any number of messages in a few kilobytes: buckets that grow with the value, 1.6 % wide.

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace bench {

class latency_histogram {
 public:
  void add(std::chrono::steady_clock::duration took, std::uint64_t times = 1) noexcept {
    const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(took).count();
    counts_[bucket_of(nanoseconds > 0 ? static_cast<std::uint64_t>(nanoseconds) : 0)] += times;
    total_ += times;
  }

  [[nodiscard]] std::uint64_t count() const noexcept { return total_; }

  // In microseconds; `part` from 0 to 1.
  [[nodiscard]] double percentile(double part) const noexcept {
    if (total_ == 0) return 0;
    const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(total_ - 1)) + 1;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen >= wanted) return middle_of(i) / 1000;
    }
    return 0;
  }

 private:
  static constexpr unsigned steps_log2 = 6;  // buckets of one power of two
  static constexpr std::uint64_t steps = 1U << steps_log2;

  static std::size_t bucket_of(std::uint64_t value) noexcept {
    if (value < steps) return value;
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - steps_log2;
    return (shift + 1) * steps + ((value >> shift) - steps);
  }
  static double middle_of(std::size_t bucket) noexcept {
    if (bucket < steps) return static_cast<double>(bucket);
    const std::size_t shift = bucket / steps - 1;
    const double width = static_cast<double>(std::uint64_t{1} << shift);
    return static_cast<double>(steps + bucket % steps) * width + width / 2;
  }

  std::array<std::uint64_t, (64 - steps_log2 + 1) * steps> counts_{};
  std::uint64_t total_ = 0;
};

}  // namespace bench
