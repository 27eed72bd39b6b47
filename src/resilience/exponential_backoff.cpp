#include <nestcpp/resilience/exponential_backoff.hpp>

#include <nestcpp/core/exceptions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace nestcpp {

double detail::random_fraction() {
  thread_local std::mt19937_64 generator{[] {
    std::random_device device;
    return (std::uint64_t{device()} << 32) ^ device();
  }()};
  return static_cast<double>(generator() >> 11) * 0x1.0p-53;
}

void exponential_backoff::refuse() const {
  if (attempts < 1) {
    throw startup_error{
        fmt::format("exponential_backoff: attempts is {}; at least 1 is accepted (the first call counts).", attempts)};
  }
  if (initial.count() < 0) {
    throw startup_error{fmt::format("exponential_backoff: initial is {} ms; 0 or more is accepted.", initial.count())};
  }
  if (!(multiplier >= 1) || !std::isfinite(multiplier)) {
    throw startup_error{fmt::format("exponential_backoff: multiplier is {}; 1 or more is accepted.", multiplier)};
  }
  if (max < initial) {
    throw startup_error{
        fmt::format("exponential_backoff: max is {} ms, less than initial, {} ms; at least that is accepted.",
                    max.count(), initial.count())};
  }
}

std::chrono::nanoseconds exponential_backoff::limit(int retry) const {
  using milliseconds = std::chrono::duration<double, std::milli>;
  const milliseconds grown = milliseconds{initial} * std::pow(multiplier, std::max(retry, 1) - 1);
  // Compared as doubles: many retries grow past what an integer holds (0 * infinity: initial 0 stays 0).
  if (initial.count() == 0) return std::chrono::nanoseconds::zero();
  if (!(grown < milliseconds{max})) return max;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(grown);
}

std::chrono::nanoseconds exponential_backoff::spread(std::chrono::nanoseconds limit, double fraction) const {
  const double factor = jitter == backoff_jitter::full ? fraction : 0.8 + 0.4 * fraction;
  return std::chrono::nanoseconds{static_cast<std::int64_t>(static_cast<double>(limit.count()) * factor)};
}

}  // namespace nestcpp
