#include <nestcpp/testing/mock_clock.hpp>

#include "core/mock_time.hpp"

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/semaphore.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace nestcpp;
using namespace std::chrono_literals;
using nestcpp::testing::mock_clock;

// Event loops after the clock, as the clock asks for.
class MockClock : public ::testing::Test {
 protected:
  explicit MockClock(std::size_t io_threads = 1) : loops_{{.io_threads = io_threads}} { loops_.start(); }

  void spawn(task<> work, std::size_t loop = 0) {
    boost::asio::co_spawn(loops_.loop(loop).executor(), std::move(work), boost::asio::detached);
  }
  template <class T>
  std::future<T> start(task<T> work) {
    return boost::asio::co_spawn(loops_.loop(0).executor(), std::move(work), boost::asio::use_future);
  }

  mock_clock clock_;
  runtime loops_;
};

bool is_ready(const auto& future) { return future.wait_for(0s) == std::future_status::ready; }

TEST_F(MockClock, StandsStillUntilItIsAdvanced) {
  const auto began = nestcpp::clock::now();
  std::this_thread::sleep_for(2ms);
  EXPECT_EQ(nestcpp::clock::now(), began);
  clock_.advance(90s);
  EXPECT_EQ(nestcpp::clock::now(), began + 90s);
  EXPECT_EQ(clock_.elapsed(), 90s);
  EXPECT_EQ(deadline::after(10s).at(), began + 100s);
}

task<> note_wake(mock_clock& clock, nestcpp::clock::duration wait, std::string& order, char name) {
  co_await sleep_for(wait);
  EXPECT_EQ(clock.elapsed(), wait) << name;
  order += name;
}

TEST_F(MockClock, WakesEachAtItsTimeAndInOrder) {
  std::string order;
  spawn(note_wake(clock_, 3s, order, 'c'));
  spawn(note_wake(clock_, 1ms, order, 'a'));
  spawn(note_wake(clock_, 24h * 365, order, 'd'));
  spawn(note_wake(clock_, 2s, order, 'b'));
  clock_.advance(2s);
  EXPECT_EQ(order, "ab");
  clock_.advance(999ms);
  EXPECT_EQ(order, "ab");
  clock_.advance(1ms);
  EXPECT_EQ(order, "abc");
  clock_.advance(24h * 365);
  EXPECT_EQ(order, "abcd");
}

task<> tick(int& ticks) {
  for (;;) {
    co_await sleep_for(1s);
    ++ticks;
  }
}

TEST_F(MockClock, StopsAtWhatIsSetOnTheWay) {
  int ticks = 0;
  spawn(tick(ticks));
  clock_.advance(1h);
  EXPECT_EQ(ticks, 3600);
}

TEST_F(MockClock, DoesNotMissWhoStandsBehindOneThatGaveUp) {
  std::string order;
  async_semaphore none{0};
  spawn([](async_semaphore& from, std::string& to) -> task<> {
    try {
      co_await with_deadline(sleep_for(10s), deadline::after(2s));
    } catch (const deadline_exceeded&) {
      to += 'l';
    }
    try {
      static_cast<void>(co_await from.acquire(deadline::after(1s)));
    } catch (const deadline_exceeded&) {
      to += 's';
    }
    co_await sleep_for(7500ms);
    to += 'w';
  }(none, order));
  spawn(note_wake(clock_, 10s, order, 'x'));
  clock_.advance(3s);
  EXPECT_EQ(order, "ls");
  clock_.advance(7s);
  EXPECT_EQ(order, "lsx");
  clock_.advance(500ms);
  EXPECT_EQ(order, "lsxw");
}

TEST_F(MockClock, WaitsForBlockingPools) {
  auto slept = start([](mock_clock& clock, runtime& loops) -> task<bool> {
    co_await sleep_for(1s);
    for (int i = 0; i < 3; ++i) co_await loops.pool("slow", 1).run([] { std::this_thread::sleep_for(5ms); });
    co_await sleep_for(1s);
    co_return clock.elapsed() == 2s;
  }(clock_, loops_));
  clock_.advance(10s);
  ASSERT_TRUE(is_ready(slept));
  EXPECT_TRUE(slept.get()) << "time went on while the pool was at work";
}

TEST_F(MockClock, WaitsForThePoolOfAHandlerThatRanWhenItBegan) {
  std::atomic<bool> running{false};
  std::atomic<nestcpp::clock::duration> ended_at{-1s};
  runtime loops{{.io_threads = 1, .blocked_loop_warning = 0ms}};  // no watchdog, which would give it something to do
  loops.start();
  blocking_pool& pool = loops.pool("late", 1);
  boost::asio::post(loops.loop(0).context(), [&] {
    running = true;
    std::this_thread::sleep_for(50ms);  // the clock has begun to advance by then
    pool.post([&] {
      std::this_thread::sleep_for(50ms);
      ended_at = clock_.elapsed();
    });
  });
  while (!running) std::this_thread::yield();
  clock_.advance(1s);
  EXPECT_EQ(ended_at.load(), 0s) << "time passed before it had run as far as it could";
}

TEST_F(MockClock, IsAdvancedOnALoopToo) {
  int ticks = 0;
  spawn(tick(ticks));
  auto advanced = start([](mock_clock& clock, int& count) -> task<int> {
    co_await sleep_for(0s);
    clock.advance(10s);
    co_return count;
  }(clock_, ticks));
  EXPECT_EQ(advanced.get(), 10);
}

TEST_F(MockClock, TellsWhatCannotBe) {
  EXPECT_THROW(mock_clock{}, std::logic_error);
  EXPECT_THROW(clock_.advance(-1ns), std::invalid_argument);
  auto nested = start([](mock_clock& clock) -> task<> {
    co_await sleep_for(1s);
    clock.advance(1s);
  }(clock_));
  clock_.advance(1s);
  ASSERT_TRUE(is_ready(nested));
  EXPECT_THROW(nested.get(), std::logic_error);
}

TEST_F(MockClock, NoticesWhatRunsOnForEver) {
  std::atomic<bool> stop = false;
  spawn([](const std::atomic<bool>& until) -> task<> {
    while (!until) co_await sleep_for(0s);
  }(stop));
  try {
    detail::mock_time::settle(50ms);
    FAIL() << "it became idle";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string{error.what()}.find("did not become idle within 50 ms"), std::string::npos) << error.what();
  }
  stop = true;
  clock_.advance(1s);
}

TEST_F(MockClock, DoesNotWaitForLoopsThatHaveEnded) {
  auto ended = std::make_unique<runtime>(runtime_options{.io_threads = 2});
  ended->start();
  ended->stop();
  clock_.advance(1s);
  ended.reset();
  clock_.advance(1s);
  EXPECT_EQ(clock_.elapsed(), 2s);
}

TEST_F(MockClock, SurvivesAnExceptionOfAHandler) {
  boost::asio::post(loops_.loop(0).executor(), [] { throw std::runtime_error{"from a handler, on purpose"}; });
  int ticks = 0;
  spawn(tick(ticks));
  clock_.advance(2s);
  EXPECT_EQ(ticks, 2);
}

class MockClockWithManyLoops : public MockClock {
 protected:
  MockClockWithManyLoops() : MockClock{4} {}
};

// Each hop is known to nobody but the loop it comes to.
task<> hop(runtime& loops, std::size_t left, std::size_t& hops) {
  ++hops;
  if (left == 0) co_return;
  co_await boost::asio::co_spawn(loops.loop(left % loops.loop_count()).executor(), hop(loops, left - 1, hops),
                                 boost::asio::use_awaitable);
}

TEST_F(MockClockWithManyLoops, WaitsForWhatGoesFromLoopToLoop) {
  for (int round = 1; round <= 20; ++round) {
    std::size_t hops = 0;
    spawn(
        [](runtime& loops, std::size_t& count) -> task<> {
          co_await sleep_for(1s);
          co_await hop(loops, 30, count);
          co_await sleep_for(1s);
          co_await hop(loops, 30, count);
        }(loops_, hops),
        static_cast<std::size_t>(round) % 4);
    clock_.advance(1s);
    EXPECT_EQ(hops, 31U);
    clock_.advance(1s);
    EXPECT_EQ(hops, 62U);
  }
}

TEST_F(MockClockWithManyLoops, IsOneTimeForAll) {
  std::atomic<int> right = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    spawn(
        [](mock_clock& clock, std::atomic<int>& count, int wait) -> task<> {
          co_await sleep_for(std::chrono::seconds{wait});
          if (clock.elapsed() == std::chrono::seconds{wait}) ++count;
        }(clock_, right, static_cast<int>(i / 4)),
        i % 4);
  }
  clock_.advance(20s);
  EXPECT_EQ(right, 40);
}

TEST(Clock, IsTheSteadyClockWithoutAMock) {
  const auto before = std::chrono::steady_clock::now();
  const auto now = nestcpp::clock::now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, std::chrono::steady_clock::now());
  runtime loops{{.io_threads = 1}};
  loops.start();
  boost::asio::co_spawn(loops.loop(0).executor(), sleep_for(1ms), boost::asio::use_future).get();
  EXPECT_GE(std::chrono::steady_clock::now() - before, 1ms);
}

TEST(Clock, IsRealAgainAfterAMock) {
  runtime loops{{.io_threads = 1}};
  loops.start();
  std::future<void> slept;
  {
    mock_clock mock;
    slept = boost::asio::co_spawn(loops.loop(0).executor(), sleep_for(50ms), boost::asio::use_future);
    mock.advance(20ms);
  }
  EXPECT_EQ(slept.wait_for(10s), std::future_status::ready);
}

}  // namespace
