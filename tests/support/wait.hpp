#pragma once
/// @file
/// Waiting in tests: how long at most, and for what.

#include <chrono>
#include <thread>
#include <utility>

namespace support {

using milliseconds = std::chrono::milliseconds;

/// How long a test waits for what must happen. Long, as it passes only where something is broken.
inline constexpr milliseconds patience{20'000};

/// A point in time that waiting steps share.
class time_limit {
 public:
  explicit time_limit(milliseconds length) : end_{std::chrono::steady_clock::now() + length} {}
  /// At least 0.
  [[nodiscard]] milliseconds left() const {
    const auto rest = std::chrono::duration_cast<milliseconds>(end_ - std::chrono::steady_clock::now());
    return rest.count() > 0 ? rest : milliseconds{0};
  }
  [[nodiscard]] bool is_over() const { return left().count() == 0; }

 private:
  std::chrono::steady_clock::time_point end_;
};

/// Asks again and again until `holds()` is true. @return false where it was not within the limit
template <class Predicate>
[[nodiscard]] bool eventually(Predicate holds, milliseconds limit = patience) {
  const time_limit end{limit};
  while (!holds()) {
    if (end.is_over()) return false;
    std::this_thread::sleep_for(milliseconds{5});
  }
  return true;
}

}  // namespace support
