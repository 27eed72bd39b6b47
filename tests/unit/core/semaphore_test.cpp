#include <nestcpp/core/semaphore.hpp>

#include "run_task.hpp"

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>
#include <vector>

namespace {

using namespace nestcpp;
using namespace std::chrono_literals;
using testing_support::run;
using permit = async_semaphore::permit;

TEST(Semaphore, GivesPermitsUntilNoneIsLeft) {
  async_semaphore semaphore{2};
  auto first = run(semaphore.acquire());
  auto second = semaphore.try_acquire();
  EXPECT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(semaphore.available(), 0U);
  EXPECT_FALSE(semaphore.try_acquire());
  first.release();
  first.release();
  EXPECT_EQ(semaphore.available(), 1U);
  second.reset();
  EXPECT_EQ(semaphore.available(), 2U);
}

TEST(Semaphore, AnAssignedPermitGivesBackTheFormerOne) {
  async_semaphore semaphore{2};
  permit held = *semaphore.try_acquire();
  held = *semaphore.try_acquire();
  EXPECT_EQ(semaphore.available(), 1U);
  held = permit{};
  EXPECT_EQ(semaphore.available(), 2U);
}

task<> hold_in_turn(async_semaphore& semaphore, std::string& order, char name) {
  const auto held = co_await semaphore.acquire();
  order += name;
  co_await sleep_for(1ms);
}

TEST(Semaphore, ServesFirstComeFirst) {
  boost::asio::io_context context{1};
  async_semaphore semaphore{1};
  std::string order;
  for (const char name : {'a', 'b', 'c', 'd'}) {
    boost::asio::co_spawn(context, hold_in_turn(semaphore, order, name), boost::asio::detached);
  }
  context.run();
  EXPECT_EQ(order, "abcd");
  EXPECT_EQ(semaphore.available(), 1U);
}

TEST(Semaphore, AWaiterLeavesAtItsDeadline) {
  async_semaphore semaphore{1};
  auto held = semaphore.try_acquire();
  EXPECT_THROW(run(semaphore.acquire(deadline::after(5ms))), deadline_exceeded);
  EXPECT_THROW(run(semaphore.acquire(deadline::after(-1s))), deadline_exceeded);
  EXPECT_EQ(semaphore.waiting(), 0U);
  held.reset();
  EXPECT_EQ(semaphore.available(), 1U);
  EXPECT_TRUE(run(semaphore.acquire(deadline::after(-1s)))) << "a free permit needs no waiting";
}

TEST(Semaphore, ACancelledWaiterLeavesAndTheNextIsServed) {
  boost::asio::io_context context{1};
  async_semaphore semaphore{1};
  auto held = semaphore.try_acquire();
  boost::asio::cancellation_signal signal;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, semaphore.acquire(),
                        boost::asio::bind_cancellation_slot(
                            signal.slot(), [&](std::exception_ptr e, permit) { failure = std::move(e); }));
  std::string order;
  boost::asio::co_spawn(context, hold_in_turn(semaphore, order, 'b'), boost::asio::detached);
  context.poll();
  EXPECT_EQ(semaphore.waiting(), 2U);
  signal.emit(boost::asio::cancellation_type::terminal);
  context.poll();
  EXPECT_EQ(semaphore.waiting(), 1U);
  ASSERT_TRUE(failure);
  EXPECT_TRUE(detail::is_cancelled(failure));
  held.reset();
  context.run();
  EXPECT_EQ(order, "b");
  EXPECT_EQ(semaphore.available(), 1U);
}

TEST(Semaphore, APermitGrantedToACoroutineThatIsDestroyedGoesOn) {
  async_semaphore semaphore{1};
  {
    boost::asio::io_context context{1};
    auto held = semaphore.try_acquire();
    boost::asio::co_spawn(context, semaphore.acquire(), boost::asio::detached);
    boost::asio::co_spawn(context, semaphore.acquire(), boost::asio::detached);
    context.poll();
    EXPECT_EQ(semaphore.waiting(), 2U);
    held.reset();  // granted, but the loop does not turn again
    EXPECT_EQ(semaphore.available(), 0U);
  }
  EXPECT_EQ(semaphore.waiting(), 0U);
  EXPECT_EQ(semaphore.available(), 1U);
}

TEST(Semaphore, WaitersEndWithTheSemaphoreAndPermitsOutliveIt) {
  boost::asio::io_context context{1};
  auto semaphore = std::make_unique<async_semaphore>(1);
  auto held = semaphore->try_acquire();
  std::exception_ptr failure;
  boost::asio::co_spawn(context, semaphore->acquire(), [&](std::exception_ptr e, permit) { failure = std::move(e); });
  context.poll();
  semaphore.reset();
  context.run();
  ASSERT_TRUE(failure);
  EXPECT_TRUE(detail::is_cancelled(failure));
  held.reset();
}

struct shared_count {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<int> served{0};
  std::atomic<int> late{0};
};

task<> contend(async_semaphore& semaphore, shared_count& count, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    try {
      const auto held = co_await semaphore.acquire(i % 7 == 0 ? deadline::after(100us) : deadline::never());
      const int now = count.inside.fetch_add(1) + 1;
      int most = count.most.load();
      while (now > most && !count.most.compare_exchange_weak(most, now)) {
      }
      co_await sleep_for(i % 3 == 0 ? 10us : 0us);
      count.inside.fetch_sub(1);
      count.served.fetch_add(1);
    } catch (const deadline_exceeded&) {
      count.late.fetch_add(1);
    }
  }
}

TEST(Semaphore, LoopsShareItWithoutLosingAPermit) {
  constexpr int tasks = 16;
  constexpr int rounds = 50;
  async_semaphore semaphore{3};
  shared_count count;
  {
    runtime loops{{.io_threads = 4}};
    std::vector<std::future<void>> ends;
    for (int i = 0; i < tasks; ++i) {
      ends.push_back(boost::asio::co_spawn(loops.next_loop().executor(), contend(semaphore, count, rounds),
                                           boost::asio::use_future));
    }
    loops.start();
    for (auto& end : ends) end.get();
  }
  EXPECT_EQ(count.served + count.late, tasks * rounds);
  EXPECT_LE(count.most, 3);
  EXPECT_GE(count.most, 2);
  EXPECT_EQ(semaphore.available(), 3U);
  EXPECT_EQ(semaphore.waiting(), 0U);
}

}  // namespace
