#pragma once
/// @file nestcpp/testing/pending.hpp
/// @brief A call that a test has started, and waiting for what an application does.

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>

namespace nestcpp::testing {

/// How long the kit waits, in real time, for what must come: a test that waits for nothing ends with an exception that
/// says so.
inline constexpr std::chrono::milliseconds default_patience{10000};

/// What a test expected did not come about.
class expectation_failed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Waits until everything that has been started has run as far as it can without time passing: all event loops of the
/// process have nothing left to do, all blocking pools are idle. What waits for a timer, a socket or a thread of the
/// test's own still waits.
/// @throws std::runtime_error after 10 s of real time
void settle();

/// @par Thread safety Not safe.
template <class T>
class pending {
 public:
  explicit pending(std::future<T> answer) : answer_{std::move(answer)} {}

  [[nodiscard]] bool is_ready() const { return answer_.wait_for(std::chrono::seconds{0}) == std::future_status::ready; }
  /// Waits for the answer; once.
  /// @param patience real time
  /// @throws what the call threw · expectation_failed where no answer comes, or the application ended before
  T get(std::chrono::milliseconds patience = default_patience) {
    if (answer_.wait_for(patience) != std::future_status::ready) {
      throw expectation_failed{"no answer within " + std::to_string(patience.count()) +
                               " ms of real time; what waits for a mock_clock is begun with start(), then the clock "
                               "advanced"};
    }
    try {
      return answer_.get();
    } catch (const std::future_error&) {
      throw expectation_failed{"the application ended before it answered"};
    }
  }

 private:
  std::future<T> answer_;
};

}  // namespace nestcpp::testing
