#pragma once
/// @file nestcpp/core/call_meter.hpp
/// @brief Counts calls and how long they took, cheaply enough for every message.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nestcpp {

/// @par Thread safety Safe; threads count in cells of their own, so that they do not slow each other down.
class call_meter {
 public:
  /// Upper bounds of the durations told apart, in seconds: 50 µs to 10 s.
  static constexpr std::array<double, 17> bounds{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                 0.05,    0.1,    0.25,    0.5,    1,     2.5,    5,     10};

  void record(std::chrono::nanoseconds took, bool failed = false) noexcept;

  [[nodiscard]] std::uint64_t succeeded() const noexcept;
  [[nodiscard]] std::uint64_t failed() const noexcept;
  struct durations {
    std::array<std::uint64_t, bounds.size() + 1> counts{};  ///< of each bound by itself, and one for all above
    double seconds = 0;                                     ///< of all calls together
  };
  [[nodiscard]] durations taken() const noexcept;

 private:
  struct alignas(64) cell {
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts{};
    std::atomic<std::uint64_t> nanoseconds{0};
    std::atomic<std::uint64_t> failed{0};
  };
  std::array<cell, 4> cells_;
};

}  // namespace nestcpp
