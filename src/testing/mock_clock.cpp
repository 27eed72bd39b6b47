#include <nestcpp/testing/mock_clock.hpp>

#include "core/mock_time.hpp"

#include <stdexcept>

namespace nestcpp::testing {

namespace {
constexpr std::chrono::milliseconds patience{10000};
}

mock_clock::mock_clock() : began_{std::chrono::steady_clock::now()} { nestcpp::detail::mock_time::install(began_); }

mock_clock::~mock_clock() {
  nestcpp::detail::mock_time::remove();
  try {
    nestcpp::detail::mock_time::settle(std::chrono::seconds{1});  // loops that sleep look at their timers again
  } catch (const std::exception&) {                               // those are awake
  }
}

void mock_clock::advance(clock::duration by) {
  if (by < clock::duration::zero()) throw std::invalid_argument{"mock_clock::advance: time does not go back"};
  nestcpp::detail::mock_time::settle(patience);  // who is about to wait does so from now
  const clock::time_point target = now() + by;
  while (const auto next = nestcpp::detail::mock_time::next_expiry(target)) {
    nestcpp::detail::mock_time::set(*next);
    nestcpp::detail::mock_time::settle(patience);
  }
  nestcpp::detail::mock_time::set(target);
  nestcpp::detail::mock_time::settle(patience);
}

}  // namespace nestcpp::testing
