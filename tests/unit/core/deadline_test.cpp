#include "run_task.hpp"

#include <nestcpp/core/blocking_pool.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <thread>

namespace {

using namespace nestcpp;
using namespace std::chrono_literals;
using testing_support::run;

TEST(Deadline, LimitsThatCannotBeRepresentedAreNever) {
  EXPECT_TRUE(deadline{}.is_never());
  EXPECT_TRUE(deadline::after(std::chrono::hours::max()).is_never());
  EXPECT_TRUE(deadline::after(std::chrono::nanoseconds::max()).is_never());
  EXPECT_TRUE(deadline::after(std::chrono::duration<double>{std::numeric_limits<double>::infinity()}).is_never());
  EXPECT_FALSE(deadline::after(24h * 365 * 100).is_never());
  EXPECT_FALSE(deadline::never().expired());
  EXPECT_EQ(deadline::never().remaining(), deadline::clock::duration::max());
}

TEST(Deadline, NegativeWaitsAreExpired) {
  for (const auto past : {deadline::after(-1ns), deadline::after(0s), deadline::after(std::chrono::hours::min()),
                          deadline{deadline::clock::time_point::min()}}) {
    EXPECT_TRUE(past.expired());
    EXPECT_EQ(past.remaining(), 0ns);
  }
}

TEST(Deadline, TheEarlierOneWins) {
  const auto soon = deadline::after(1s);
  const auto late = deadline::after(1h);
  EXPECT_EQ(earlier(soon, late), soon);
  EXPECT_EQ(earlier(deadline::never(), soon), soon);
  EXPECT_LT(soon, late);
  EXPECT_LT(late, deadline::never());
  EXPECT_FALSE(late.expired());
  EXPECT_GT(late.remaining(), 59min);
}

task<int> seven() { co_return 7; }
task<> nothing() { co_return; }
task<int> fails() {
  co_await sleep_for(1ms);
  throw std::runtime_error{"own"};
}
task<int> waits_for_ever(bool* ended = nullptr) {
  const std::unique_ptr<bool, void (*)(bool*)> at_end{ended, [](bool* flag) { *flag = true; }};
  co_await sleep_until(deadline::never());
  co_return 1;
}
struct not_default_constructible {
  explicit not_default_constructible(int v) : value{v} {}
  int value;
};
task<not_default_constructible> awkward() {
  co_await sleep_for(1ms);
  co_return not_default_constructible{3};
}
task<int> awaits_awkward() {
  const auto result = co_await with_deadline(awkward(), deadline::after(1h));
  co_return result.value;
}

TEST(WithDeadline, GivesTheResultOfWorkThatEndsInTime) {
  EXPECT_EQ(run(with_deadline(seven(), deadline::after(1h))), 7);
  EXPECT_EQ(run(with_deadline(seven(), deadline::never())), 7);
  EXPECT_EQ(run(awaits_awkward()), 3);
  EXPECT_NO_THROW(run(with_deadline(nothing(), deadline::after(1h))));
}

TEST(WithDeadline, CancelsTheWorkAndWaitsForItsEnd) {
  bool ended = false;
  EXPECT_THROW(run(with_deadline(waits_for_ever(&ended), deadline::after(5ms))), deadline_exceeded);
  EXPECT_TRUE(ended);
}

TEST(WithDeadline, WorkDoesNotBeginAfterTheDeadline) {
  bool began = false;
  auto work = [](bool* flag) -> task<> {
    *flag = true;
    co_return;
  };
  EXPECT_THROW(run(with_deadline(work(&began), deadline::after(-1s))), deadline_exceeded);
  EXPECT_FALSE(began);
}

TEST(WithDeadline, PassesTheWorksOwnExceptionsOn) {
  EXPECT_THROW(run(with_deadline(fails(), deadline::after(1h))), std::runtime_error);
}

TEST(WithDeadline, TheInnerLimitEndsOnlyTheInnerWork) {
  auto outer = []() -> task<int> {
    try {
      co_await with_deadline(waits_for_ever(), deadline::after(5ms));
    } catch (const deadline_exceeded&) {
    }
    co_await sleep_for(1ms);  // this coroutine itself was not cancelled
    co_return 5;
  };
  EXPECT_EQ(run(with_deadline(outer(), deadline::after(1h))), 5);
}

TEST(WithDeadline, WorkThatCannotBeCancelledIsHeardToTheEnd) {
  boost::asio::io_context context{1};
  blocking_pool pool{"test", 1};
  const auto limit = deadline::after(250ms);  // the work has begun by then, on a busy machine, too
  auto work = pool.run([limit] {
    while (!limit.expired()) std::this_thread::yield();
    return 9;
  });
  EXPECT_EQ(run(context, with_deadline(std::move(work), limit)), 9);
}

TEST(WithDeadline, CancellingTheCallerCancelsTheWork) {
  boost::asio::io_context context{1};
  boost::asio::cancellation_signal signal;
  std::exception_ptr failure;
  bool ended = false;
  boost::asio::co_spawn(
      context, with_deadline(waits_for_ever(&ended), deadline::after(1h)),
      boost::asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e, int) { failure = std::move(e); }));
  context.poll();
  EXPECT_FALSE(ended);
  signal.emit(boost::asio::cancellation_type::terminal);
  context.run();
  EXPECT_TRUE(ended);
  ASSERT_TRUE(failure);
  EXPECT_TRUE(detail::is_cancelled(failure));
}

TEST(Sleep, WaitsAtLeastThatLong) {
  const auto before = deadline::clock::now();
  run(sleep_for(10ms));
  EXPECT_GE(deadline::clock::now() - before, 10ms);
  run(sleep_for(-1h));
}

}  // namespace
