#include <nestcpp/resilience/bulkhead.hpp>

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using nestcpp::bulkhead;
using nestcpp::bulkhead_gate;
using nestcpp::deadline;
using permit = bulkhead_gate::permit;

class Bulkhead : public testing::Test {
 protected:
  std::future<std::optional<permit>> enter(bulkhead_gate& gate, deadline limit = deadline::never()) {
    auto entered = boost::asio::co_spawn(loop_, gate.enter(limit), boost::asio::use_future);
    loop_.restart();
    loop_.poll();
    return entered;
  }
  static bool ready(std::future<std::optional<permit>>& entered) {
    return entered.wait_for(0s) == std::future_status::ready;
  }
  void turn() {
    loop_.restart();
    loop_.poll();
  }
  boost::asio::io_context loop_;
};

TEST_F(Bulkhead, RefusesAtOnceWhatDoesNotFit) {
  bulkhead_gate gate{{.max_concurrent = 2}};
  auto first = enter(gate), second = enter(gate), third = enter(gate);
  auto held = first.get();
  ASSERT_TRUE(held && second.get());
  EXPECT_FALSE(third.get());
  EXPECT_EQ(gate.in_use(), 1u);
  held.reset();
  EXPECT_EQ(gate.in_use(), 0u);
}

TEST_F(Bulkhead, WaitersComeInTurn) {
  bulkhead_gate gate{{.max_concurrent = 1, .max_waiting = 2}};
  auto held = enter(gate).get();
  auto first = enter(gate), second = enter(gate), third = enter(gate);
  EXPECT_EQ(gate.waiting(), 2u);
  EXPECT_FALSE(third.get()) << "no more than two may wait";
  EXPECT_FALSE(ready(first));
  held.reset();
  turn();
  ASSERT_TRUE(ready(first));
  EXPECT_FALSE(ready(second));
  held = first.get();
  held.reset();
  turn();
  EXPECT_TRUE(second.get());
}

TEST_F(Bulkhead, WaitsNoLongerThanItMay) {
  bulkhead_gate brief{{.max_concurrent = 1, .max_waiting = 1, .max_wait = 1ms}};
  auto held = enter(brief).get();
  auto late = enter(brief);
  loop_.restart();
  loop_.run();  // until nothing waits
  EXPECT_FALSE(late.get());
  EXPECT_EQ(brief.waiting(), 0u);

  bulkhead_gate patient{{.max_concurrent = 1, .max_waiting = 1}};
  auto taken = enter(patient).get();
  auto limited = enter(patient, deadline::after(1ms));
  loop_.restart();
  loop_.run();
  EXPECT_FALSE(limited.get()) << "the call's own limit";
  EXPECT_FALSE(enter(patient, deadline::after(0ms)).get());
}

TEST_F(Bulkhead, ACancelledWaiterLeavesItsPlaceToOthers) {
  bulkhead_gate gate{{.max_concurrent = 1, .max_waiting = 1}};
  auto held = enter(gate).get();
  const auto briefly = [](bulkhead_gate& of) -> nestcpp::task<> {
    auto waiting = of.enter(deadline::never());
    co_await nestcpp::with_deadline(std::move(waiting), deadline::after(1ms));
  };
  auto cancelled = boost::asio::co_spawn(loop_, briefly(gate), boost::asio::use_future);
  loop_.restart();
  loop_.run();
  EXPECT_THROW(cancelled.get(), nestcpp::deadline_exceeded);
  auto next = enter(gate);
  EXPECT_EQ(gate.waiting(), 1u);
  held.reset();
  turn();
  EXPECT_TRUE(next.get());
}

TEST_F(Bulkhead, AWaiterMayBeDestroyedAfterTheGate) {
  auto gate = std::make_unique<bulkhead_gate>(bulkhead{.max_concurrent = 1, .max_waiting = 1});
  auto held = enter(*gate).get();
  auto loop = std::make_unique<boost::asio::io_context>();
  boost::asio::co_spawn(*loop, gate->enter(deadline::never()), boost::asio::detached);
  loop->poll();
  ASSERT_EQ(gate->waiting(), 1u);
  gate.reset();
  loop.reset();
}

TEST_F(Bulkhead, NeverAdmitsMoreThanItMayBetweenThreads) {
  constexpr int most = 3;
  bulkhead_gate gate{{.max_concurrent = most, .max_waiting = 1000}};
  std::atomic<int> inside{0}, highest{0}, done{0};
  {
    boost::asio::thread_pool pool{4};
    const auto work = [&]() -> nestcpp::task<> {
      for (int i = 0; i < 200; ++i) {
        const std::optional<permit> place = co_await gate.enter(deadline::never());
        if (!place) throw std::logic_error{"refused"};
        const int now = ++inside;
        for (int seen = highest; now > seen && !highest.compare_exchange_weak(seen, now);) {
        }
        // The first stay until all places are taken, so that the rest of the test does not depend on the machine's
        // load.
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        do {
          co_await boost::asio::post(boost::asio::use_awaitable);
        } while (highest < most && std::chrono::steady_clock::now() < limit);
        --inside;
        ++done;
      }
    };
    std::vector<std::future<void>> running;
    for (int i = 0; i < 16; ++i) {
      running.push_back(boost::asio::co_spawn(boost::asio::make_strand(pool), work(), boost::asio::use_future));
    }
    for (auto& each : running) each.get();
  }
  EXPECT_EQ(done, 16 * 200);
  EXPECT_EQ(highest, most);
  EXPECT_EQ(gate.in_use(), 0u);
}

TEST_F(Bulkhead, RefusesWhatCannotBeUsed) {
  const auto refused = [](const bulkhead& options) {
    try {
      bulkhead_gate gate{options};
    } catch (const nestcpp::startup_error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  EXPECT_EQ(refused({}), "accepted");
  EXPECT_EQ(refused({.max_concurrent = 0}), "bulkhead: max_concurrent is 0; 1 or more is accepted.");
  EXPECT_EQ(refused({.max_waiting = -1}), "bulkhead: max_waiting is -1; 0 or more is accepted.");
  EXPECT_EQ(refused({.max_wait = 0ms}),
            "bulkhead: max_wait is 0 ms; 1 ms or more (for no waiting, max_waiting = 0) is accepted.");
}

}  // namespace
