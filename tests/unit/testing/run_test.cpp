#include "unit/testing/shop.hpp"

#include <nestcpp/testing/gtest.hpp>
#include <nestcpp/testing/testing.hpp>

#include <boost/asio/this_coro.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <thread>

namespace {

using namespace std::chrono_literals;
namespace nest = nestcpp;
using nest::testing::expectation_failed;
using nest::testing::run;

nest::task<int> twice(int n) {
  co_await nest::sleep_for(0s);
  co_return 2 * n;
}

NEST_CO_TEST(CoTest, AwaitsInItsOwnThread) {
  const auto thread = std::this_thread::get_id();
  const int four = co_await twice(2);
  NEST_CO_ASSERT(EXPECT_EQ(four, 4) << "and says why not");
  EXPECT_EQ(std::this_thread::get_id(), thread);
}

NEST_CO_TEST(CoTest, TakesTheMockClock) {
  nest::testing::mock_clock clock;
  bool woken = false;
  boost::asio::co_spawn(
      co_await boost::asio::this_coro::executor,
      [&]() -> nest::task<> {
        co_await nest::sleep_for(1h);
        woken = true;
      },
      [](const std::exception_ptr&) {});
  clock.advance(1h);
  NEST_CO_ASSERT(EXPECT_TRUE(woken));
}

NEST_CO_TEST(CoTest, AsksAnApplication) {
  nest::testing::testing_module app{shop::StockModule{}};
  app.start();
  auto http = app.http();
  const auto health = co_await http.get("/health").send_async();
  NEST_CO_ASSERT(EXPECT_EQ(health.status, 200));
  const auto reserved = co_await app.messages().proxy().send<shop::reserve>({"spoons", 4});
  EXPECT_EQ(reserved.left, 6);
}

TEST(Run, GivesWhatTheCoroutineGives) {
  EXPECT_EQ(run(twice(4)), 8);
  int seen = 0;
  run([&]() -> nest::task<> { seen = co_await twice(1); });
  EXPECT_EQ(seen, 2);
  const auto text = run([]() -> nest::task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); });
  EXPECT_EQ(*text, 3);
}

TEST(Run, ThrowsWhatTheCoroutineThrows) {
  EXPECT_THROW(run([]() -> nest::task<int> { throw std::out_of_range{"no"}; }), std::out_of_range);
}

std::string hang(nest::task<> work) {
  try {
    run(std::move(work), 20ms);
  } catch (const expectation_failed& failed) {
    return failed.what();
  }
  return "it ended";
}

struct mark {
  explicit mark(bool& flag) : flag_{flag} {}
  ~mark() { flag_ = true; }
  bool& flag_;
};

nest::task<> wait_for_ever(bool& gone) {
  const mark at_end{gone};
  co_await nest::sleep_until(nest::deadline::never());
}

TEST(Run, EndsWhatHangs) {
  bool gone = false;
  EXPECT_THAT(hang(wait_for_ever(gone)), ::testing::HasSubstr("did not end within 20 ms of real time"));
  EXPECT_TRUE(gone) << "its objects were destroyed";
  EXPECT_THAT(hang([]() -> nest::task<> {
                for (;;) co_await nest::sleep_for(0s);
              }()),
              ::testing::HasSubstr("goes on and on"));
}

TEST(Run, EndsWhatHangsUnderAMockClock) {
  const nest::testing::mock_clock clock;
  EXPECT_THAT(hang(nest::sleep_for(1ms)), ::testing::HasSubstr("time that nobody advances"));
}

bool went_on;

nest::task<> assert_and_go_on() {
  went_on = false;
  NEST_CO_ASSERT(EXPECT_EQ(1 + 1, 3));
  went_on = true;
  co_return;
}

TEST(CoAssert, EndsTheCoroutine) { EXPECT_NONFATAL_FAILURE(run(assert_and_go_on()), "1 + 1"); }

TEST(TemporaryDatabase, IsForOneTest) {
  std::filesystem::path path;
  {
    const nest::testing::temporary_database files;
    const nest::testing::temporary_database others;
    path = files.path();
    EXPECT_NE(path, others.path());
    nest::runtime loops{{.io_threads = 1}};
    loops.start();
    const auto db = nest::make_database(loops, files.options());
    run([&]() -> nest::task<> {
      co_await db->execute("CREATE TABLE things (name TEXT)");
      co_await db->execute("INSERT INTO things (name) VALUES ($1)", "spoon");
      const auto rows = co_await db->execute("SELECT name FROM things");
      EXPECT_EQ(rows.size(), 1U);
      co_await db->close();
    });
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path.parent_path()));
}

}  // namespace
