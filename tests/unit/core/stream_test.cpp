#include <nestcpp/core/stream.hpp>

#include "unit/core/run_task.hpp"

#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace nestcpp {
namespace {

using namespace std::chrono_literals;
using testing_support::run;

stream<int> count_to(int last) {
  for (int i = 1; i <= last; ++i) co_yield i;
}

stream<int> count_slowly(int last) {
  for (int i = 1; i <= last; ++i) {
    co_await sleep_for(1ms);
    co_yield i;
  }
}

template <class T>
task<std::vector<T>> collect(stream<T> values) {
  std::vector<T> all;
  while (auto value = co_await values.next()) all.push_back(std::move(*value));
  co_return all;
}

TEST(Stream, GivesItsValuesInOrderAndEnds) { EXPECT_EQ(run(collect(count_to(3))), (std::vector{1, 2, 3})); }

TEST(Stream, AwaitsTasksBetweenValues) { EXPECT_EQ(run(collect(count_slowly(3))), (std::vector{1, 2, 3})); }

TEST(Stream, MadeWithoutACoroutineIsEmpty) { EXPECT_TRUE(run(collect(stream<int>{})).empty()); }

TEST(Stream, EndsForGoodOnceItHasEnded) {
  auto asking_again = []() -> task<bool> {
    auto values = count_to(1);
    co_await values.next();
    co_await values.next();
    const auto after = co_await values.next();
    co_return after.has_value();
  };
  EXPECT_FALSE(run(asking_again()));
}

TEST(Stream, IsLazy) {
  bool begun = false;
  auto watched = [](bool& flag) -> stream<int> {
    flag = true;
    co_yield 1;
  };
  auto values = watched(begun);
  EXPECT_FALSE(begun);
  run(collect(std::move(values)));
  EXPECT_TRUE(begun);
}

TEST(Stream, DoesNotRunAheadOfItsConsumer) {
  int made = 0;
  auto counted = [](int& count) -> stream<int> {
    for (;;) co_yield ++count;
  };
  auto take_two = [](stream<int> values) -> task<void> {
    co_await values.next();
    co_await values.next();
  };
  run(take_two(counted(made)));
  EXPECT_EQ(made, 2);
}

TEST(Stream, MovesItsValues) {
  auto pointers = []() -> stream<std::unique_ptr<std::string>> { co_yield std::make_unique<std::string>("only once"); };
  const auto all = run(collect(pointers()));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(*all[0], "only once");
}

TEST(Stream, GivesTheResultOfAnAwaitedTask) {
  auto awaiting = []() -> stream<std::string> {
    auto later = []() -> task<std::string> {
      co_await sleep_for(1ms);
      co_return "later";
    };
    std::string text = co_await later();
    co_yield text + " than never";
  };
  EXPECT_EQ(run(collect(awaiting())), std::vector<std::string>{"later than never"});
}

TEST(Stream, ThrowsWhatItsProducerThrowsAfterTheValues) {
  auto failing = []() -> stream<int> {
    co_yield 1;
    throw std::runtime_error{"broken"};
  };
  auto consume = [](stream<int> values) -> task<std::string> {
    const auto first = co_await values.next();
    std::string seen = std::to_string(first.value_or(0));
    try {
      co_await values.next();
    } catch (const std::runtime_error& error) {
      seen += error.what();
    }
    const auto after = co_await values.next();
    co_return seen + (after ? " goes on" : " ends");
  };
  EXPECT_EQ(run(consume(failing())), "1broken ends");
}

TEST(Stream, ItsProducerSeesWhatAnAwaitedTaskThrows) {
  auto catching = []() -> stream<std::string> {
    auto failing = []() -> task<int> {
      co_await sleep_for(1ms);
      throw std::runtime_error{"broken"};
    };
    std::string caught;
    try {
      co_await failing();
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    co_yield caught;
  };
  EXPECT_EQ(run(collect(catching())), std::vector<std::string>{"broken"});
}

TEST(Stream, MayConsumeAnotherStream) {
  auto doubled = [](stream<int> values) -> stream<int> {
    while (auto value = co_await values.next()) co_yield *value * 2;
  };
  EXPECT_EQ(run(collect(doubled(count_slowly(3)))), (std::vector{2, 4, 6}));
  EXPECT_EQ(run(collect(doubled(count_to(3)))), (std::vector{2, 4, 6}));
}

TEST(Stream, MapsItsValues) {
  auto text = [](int value) { return std::to_string(value); };
  EXPECT_EQ(run(collect(count_to(2).map(text))), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(run(collect(count_slowly(2).map(text))), (std::vector<std::string>{"1", "2"}));
  auto failing = [](int value) -> int { throw std::runtime_error{std::to_string(value)}; };
  EXPECT_THROW(run(collect(count_to(2).map(failing))), std::runtime_error);
}

struct end_marker {
  explicit end_marker(bool& flag) : ended{&flag} {}
  end_marker(const end_marker&) = delete;
  ~end_marker() { *ended = true; }
  bool* ended;
};

stream<int> waits_for_ever(bool& ended) {
  const end_marker marker{ended};
  co_yield 1;
  co_await sleep_until(deadline::never());
  co_yield 2;
}

TEST(Stream, DestroyedBetweenValuesEndsItsProducer) {
  bool ended = false;
  auto take_one = [](stream<int> values) -> task<void> { co_await values.next(); };
  run(take_one(waits_for_ever(ended)));
  EXPECT_TRUE(ended);
}

TEST(Stream, NeverStartedIsDestroyedWithoutRunning) {
  bool ended = false;
  {
    const auto unused = waits_for_ever(ended);
  }
  EXPECT_FALSE(ended);
}

TEST(Stream, CancellingItsConsumerCancelsWhatItAwaits) {
  bool ended = false;
  auto consume = [](bool& flag) -> task<std::string> {
    auto values = waits_for_ever(flag);
    co_await values.next();
    try {
      co_await with_deadline(values.next(), deadline::after(5ms));
    } catch (const deadline_exceeded&) {
      co_return "in time";
    }
    co_return "a value";
  };
  EXPECT_EQ(run(consume(ended)), "in time");
  EXPECT_TRUE(ended);
}

TEST(Stream, DestroyedWhileItAwaitsCancelsThatAndEnds) {
  bool ended = false;
  boost::asio::io_context context{1};
  auto values = std::make_unique<stream<int>>(waits_for_ever(ended));
  const boost::asio::any_io_executor executor{context.get_executor()};
  ASSERT_EQ(values->advance(executor), detail::stream_step::value);
  EXPECT_EQ(values->take(), 1);
  ASSERT_EQ(values->advance(executor), detail::stream_step::pending);
  values.reset();
  context.run();  // ends, as nothing is awaited any more
  EXPECT_TRUE(ended);
}

TEST(Stream, GoesWithItsLoop) {
  bool ended = false;
  {
    boost::asio::io_context context{1};
    auto consume = [](bool& flag) -> task<void> {
      auto values = waits_for_ever(flag);
      while (co_await values.next()) {
      }
    };
    boost::asio::co_spawn(context, consume(ended), boost::asio::detached);
    context.poll();
    EXPECT_FALSE(ended);
  }
  EXPECT_TRUE(ended);
}

TEST(Stream, MillionsOfValuesNeedNoStack) {
  auto sum = [](stream<int> values) -> task<long> {
    long total = 0;
    while (auto value = co_await values.next()) total += *value;
    co_return total;
  };
  EXPECT_EQ(run(sum(count_to(1'000'000))), 500'000'500'000L);
}

}  // namespace
}  // namespace nestcpp
