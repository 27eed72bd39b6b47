#include <nestcpp/testing/run.hpp>

#include "core/mock_time.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <string>

namespace nestcpp::testing {

void settle() { nestcpp::detail::mock_time::settle(default_patience); }

namespace detail {

struct test_loop::impl {
  explicit impl(boost::asio::io_context& context) : driven{context}, work{context.get_executor()} {
    driven.run_by_this_thread();
  }
  nestcpp::detail::driven_loop driven;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
};

test_loop::test_loop() : impl_{std::make_unique<impl>(context_)} {}

// What gave this loop its last results, on another loop or a pool, may still be about to let go of it.
test_loop::~test_loop() {
  try {
    nestcpp::detail::mock_time::settle(std::chrono::milliseconds{250});
  } catch (const std::exception&) {  // a test that goes on and on has failed already
  }
}

void test_loop::run_until(const bool& ended, std::chrono::milliseconds patience) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!ended) {
    bool goes_on = context_.run_one_until(limit) != 0;
    if (ended || std::chrono::steady_clock::now() < limit) continue;
    // A loop that was ready all the time may have been given none.
    goes_on = goes_on || context_.poll_one() != 0;
    if (ended) return;
    throw expectation_failed{"the coroutine did not end within " + std::to_string(patience.count()) +
                             " ms of real time: " +
                             (goes_on ? "it goes on and on"
                                      : "it waits for something that never comes or, under a mock_clock, for time that "
                                        "nobody advances")};
  }
}

}  // namespace detail
}  // namespace nestcpp::testing
