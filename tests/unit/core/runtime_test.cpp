#include <nestcpp/core/runtime.hpp>

#include "core/log_capture.hpp"
#include "run_task.hpp"

#include <nestcpp/core/process.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <thread>
#include <utility>

#include <pthread.h>
#include <sys/resource.h>

namespace {

using namespace nestcpp;
using namespace std::chrono_literals;
using testing_support::run;

std::string thread_name() {
  std::array<char, 64> name{};
  ::pthread_getname_np(::pthread_self(), name.data(), name.size());
  return name.data();
}

bool is_aborted(std::future<int>& end) {
  try {
    end.get();
    return false;
  } catch (const boost::system::system_error& error) {
    return error.code() == boost::asio::error::operation_aborted;
  }
}

TEST(BlockingPool, RunsElsewhereAndResumesOnTheCallersLoop) {
  blocking_pool pool{"a-pool-with-a-long-name", 1};
  auto work = [](blocking_pool& on) -> task<std::string> {
    const auto here = std::this_thread::get_id();
    std::thread::id there;
    std::string name = co_await on.run([&there] {
      there = std::this_thread::get_id();
      return thread_name();
    });
    EXPECT_NE(here, there);
    EXPECT_EQ(here, std::this_thread::get_id());
    co_await on.run([] {});
    co_return name;
  };
  EXPECT_EQ(run(work(pool)), "a-pool-with-a-0");
  EXPECT_EQ(pool.name(), "a-pool-with-a-long-name");
}

TEST(BlockingPool, MovesWhatCanOnlyBeMoved) {
  blocking_pool pool{"test", 1};
  auto value = run(pool.run([in = std::make_unique<int>(4)]() mutable { return std::move(in); }));
  EXPECT_EQ(*value, 4);
}

TEST(BlockingPool, TheWorksExceptionReachesTheCaller) {
  blocking_pool pool{"test", 1};
  EXPECT_THROW(run(pool.run([]() -> int { throw std::invalid_argument{"no"}; })), std::invalid_argument);
  EXPECT_THROW(run(pool.run([] { throw std::invalid_argument{"no"}; })), std::invalid_argument);
  EXPECT_EQ(run(pool.run([] { return 1; })), 1) << "the thread survives";
}

TEST(BlockingPool, ThreadsWorkAtTheSameTimeUpToTheLimit) {
  blocking_pool pool{"test", 3};
  boost::asio::io_context context{1};
  std::latch together{3};
  for (int i = 0; i < 3; ++i) {
    boost::asio::co_spawn(context, pool.run([&] { together.arrive_and_wait(); }), boost::asio::detached);
  }
  context.run();  // would hang with fewer than three threads
  EXPECT_TRUE(together.try_wait());
  EXPECT_EQ(pool.threads(), 3U);
}

TEST(BlockingPool, StopFinishesWhatRunsAndAnswersWhatWaits) {
  boost::asio::io_context context{1};
  std::latch running{1};
  std::latch go_on{1};
  blocking_pool pool{"test", 1};
  auto first = boost::asio::co_spawn(context, pool.run([&] {
    running.count_down();
    go_on.wait();
    return 1;
  }),
                                     boost::asio::use_future);
  auto second = boost::asio::co_spawn(context, pool.run([] { return 2; }), boost::asio::use_future);
  context.poll();
  running.wait();
  EXPECT_EQ(pool.queued(), 1U);
  std::thread stopper{[&] { pool.stop(); }};
  context.run_one();  // the queued job's answer; the running one cannot have one yet
  go_on.count_down();
  stopper.join();
  context.run();
  EXPECT_EQ(first.get(), 1);
  EXPECT_TRUE(is_aborted(second));

  bool ran = false;
  pool.post([&] { ran = true; });
  context.restart();
  auto late = boost::asio::co_spawn(context, pool.run([] { return 3; }), boost::asio::use_future);
  context.run();
  EXPECT_TRUE(is_aborted(late));
  EXPECT_FALSE(ran);
}

TEST(BlockingPool, AnExceptionOfAPostedJobIsLogged) {
  const detail::log_capture capture;
  std::latch done{1};
  {
    blocking_pool pool{"posts", 1};
    pool.post([] { throw std::runtime_error{"escaped"}; });
    pool.post([&] { done.count_down(); });
    done.wait();
  }
  EXPECT_TRUE(capture.contains("An exception left a job of pool posts: escaped"));
}

// Notes who runs it, and goes on as it is told.
class noting_job final : public detail::pool_job {
 public:
  explicit noting_job(std::function<void()> then, std::function<void()> otherwise = {})
      : then_{std::move(then)}, otherwise_{std::move(otherwise)} {}
  void run() override { then_(); }
  void fail(std::exception_ptr) override { otherwise_(); }

 private:
  std::function<void()> then_;
  std::function<void()> otherwise_;
};

TEST(BlockingPool, HandsAJobOverToTheSameThread) {
  blocking_pool pool{"test", 4};
  std::promise<std::pair<std::thread::id, std::thread::id>> done;
  pool.submit(std::make_unique<noting_job>([&] {
    const auto first = std::this_thread::get_id();
    pool.hand_over(std::make_unique<noting_job>([&, first] { done.set_value({first, std::this_thread::get_id()}); }));
  }));
  const auto threads = done.get_future().get();
  EXPECT_EQ(threads.first, threads.second);
  std::promise<void> elsewhere;  // on no thread of the pool: like any other
  pool.hand_over(std::make_unique<noting_job>([&] { elsewhere.set_value(); }));
  elsewhere.get_future().get();
}

TEST(BlockingPool, FailsWhatIsHandedOverWhenItHasStopped) {
  std::promise<void> begun;
  std::promise<void> go_on;
  std::atomic<int> ran{0};
  std::atomic<int> failed{0};
  {
    blocking_pool pool{"test", 1};
    std::function<void()> again = [&] {
      ++failed;
      if (failed < 3) pool.hand_over(std::make_unique<noting_job>([&] { ++ran; }, again));
    };
    pool.submit(std::make_unique<noting_job>([&] {
      begun.set_value();
      go_on.get_future().get();
      pool.hand_over(std::make_unique<noting_job>([&] { ++ran; }, again));
    }));
    begun.get_future().get();
    std::promise<void> stopped;
    pool.submit(std::make_unique<noting_job>([&] { ++ran; }, [&] { stopped.set_value(); }));
    std::thread stopper{[&] { pool.stop(); }};
    stopped.get_future().get();
    go_on.set_value();
    stopper.join();
  }
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(failed, 3);
}

TEST(Runtime, LoopsHaveAThreadEachAndKnowThemselves) {
  std::array<std::promise<std::pair<event_loop*, std::string>>, 2> seen;
  runtime loops{{.io_threads = 2}};
  EXPECT_EQ(loops.loop_count(), 2U);
  EXPECT_THROW((void)loops.loop(2), std::out_of_range);
  EXPECT_NE(&loops.next_loop(), &loops.next_loop());
  EXPECT_EQ(event_loop::current(), nullptr);
  loops.start();
  loops.start();
  for (std::size_t i = 0; i < 2; ++i) {
    boost::asio::post(loops.loop(i).executor(), [&, i] { seen[i].set_value({event_loop::current(), thread_name()}); });
    const auto [current, name] = seen[i].get_future().get();
    EXPECT_EQ(current, &loops.loop(i));
    EXPECT_EQ(name, "loop-" + std::to_string(i));
  }
}

TEST(Runtime, PoolsAreMadeOnce) {
  runtime loops{{.io_threads = 1}};
  auto& pool = loops.pool("db", 2);
  EXPECT_EQ(&loops.pool("db", 5), &pool);
  EXPECT_NE(&loops.pool("other", 1), &pool);
  EXPECT_EQ(pool.threads(), 2U);
}

TEST(Runtime, AnEscapedExceptionIsLoggedAndTheLoopGoesOn) {
  const detail::log_capture capture;
  std::promise<void> after;
  runtime loops{{.io_threads = 1}};
  loops.start();
  boost::asio::post(loops.loop(0).executor(), [] { throw std::runtime_error{"escaped"}; });
  boost::asio::post(loops.loop(0).executor(), [] { throw 7; });
  boost::asio::post(loops.loop(0).executor(), [&] { after.set_value(); });
  after.get_future().get();
  EXPECT_TRUE(capture.contains("An exception escaped on event loop 0: escaped"));
  EXPECT_TRUE(capture.contains("An unknown exception escaped on event loop 0"));
}

TEST(Runtime, StopMayBeCalledOnALoopAndIsFinal) {
  runtime loops{{.io_threads = 2}};
  boost::asio::post(loops.loop(1).executor(), [&] { loops.stop(); });
  loops.start();
  loops.join();
  loops.start();
  loops.join();

  runtime never_started{{.io_threads = 1}};
  never_started.stop();
  never_started.start();
  never_started.join();
}

struct sets_when_destroyed {
  explicit sets_when_destroyed(std::atomic<int>& of) : count{of} {}
  ~sets_when_destroyed() { count.fetch_add(1); }
  sets_when_destroyed(const sets_when_destroyed&) = delete;
  sets_when_destroyed& operator=(const sets_when_destroyed&) = delete;
  std::atomic<int>& count;
};

task<> waits(runtime& loops, std::atomic<int>& destroyed, std::latch& waiting, bool on_pool) {
  const sets_when_destroyed at_end{destroyed};
  boost::asio::steady_timer of_another_loop{loops.loop(0).executor()};
  if (on_pool) {
    co_await loops.pool("p", 1).run([&] {
      waiting.count_down();
      while (!loops.loop(0).context().stopped()) std::this_thread::yield();
    });
  } else {
    waiting.count_down();
    co_await sleep_until(deadline::never());
  }
}

TEST(Runtime, TheDestructorDestroysWhatStillWaits) {
  std::atomic<int> destroyed{0};
  std::latch waiting{3};
  {
    runtime loops{{.io_threads = 2}};
    for (std::size_t i = 0; i < 2; ++i) {
      boost::asio::co_spawn(loops.loop(i).executor(), waits(loops, destroyed, waiting, false), boost::asio::detached);
    }
    // One job runs when the runtime stops, the other still waits in the pool's queue.
    boost::asio::co_spawn(loops.loop(1).executor(), waits(loops, destroyed, waiting, true), boost::asio::detached);
    boost::asio::co_spawn(
        loops.loop(0).executor(),
        [](runtime& of, std::atomic<int>& count, std::latch& at) -> task<> {
          at.wait();
          const sets_when_destroyed at_end{count};
          co_await of.pool("p", 1).run([] {});
        }(loops, destroyed, waiting),
        boost::asio::detached);
    loops.start();
    waiting.wait();
  }
  EXPECT_GE(destroyed.load(), 3);
}

TEST(Runtime, DropsWhatStillWaitsWhenToldAndAgainInItsDestructor) {
  std::atomic<int> destroyed{0};
  std::latch waiting{2};
  {
    runtime loops{{.io_threads = 1}};
    for (const bool in_pool : {false, true}) {
      boost::asio::co_spawn(loops.loop(0).executor(), waits(loops, destroyed, waiting, in_pool), boost::asio::detached);
    }
    loops.start();
    waiting.wait();
    loops.stop();
    loops.join();
    EXPECT_EQ(destroyed.load(), 0);
    loops.drop_pending();
    EXPECT_EQ(destroyed.load(), 2);
    boost::asio::post(loops.loop(0).executor(), [at_end = std::make_shared<sets_when_destroyed>(destroyed)] {});
    loops.drop_pending();
    EXPECT_EQ(destroyed.load(), 3);
  }
  EXPECT_EQ(destroyed.load(), 3);
}

TEST(Runtime, ABlockedLoopIsReportedOnceByName) {
  const detail::log_capture capture;
  std::promise<void> after;
  runtime loops{{.io_threads = 2, .blocked_loop_warning = 20ms}};
  loops.start();
  boost::asio::post(loops.loop(1).executor(), [&] {
    loops.loop(1).set_activity("UsersController.create");
    while (!capture.contains("has been blocked")) std::this_thread::yield();
    const auto longer = deadline::after(100ms);
    while (!longer.expired()) std::this_thread::yield();
    loops.loop(1).set_activity("");
    after.set_value();
  });
  after.get_future().get();
  int reports = 0;
  for (const auto& line : capture.lines()) {
    if (line.text.find("Event loop 1 has been blocked for") == std::string::npos) continue;
    ++reports;
    EXPECT_EQ(line.level, log_level::warn);
    EXPECT_NE(line.text.find(" ms by UsersController.create"), std::string::npos) << line.text;
  }
  EXPECT_EQ(reports, 1);
}

TEST(Process, OpenFilesAreRaisedToTheHardLimit) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit lowered = before;
  lowered.rlim_cur = std::min<rlim_t>(before.rlim_max, 64);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  EXPECT_EQ(raise_open_files_limit(), before.rlim_max);
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
