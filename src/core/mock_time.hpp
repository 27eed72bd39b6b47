#pragma once
// What a mock of the clock needs to know: who waits until when, and whether anybody still has something to do.

#include <nestcpp/core/clock.hpp>

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace nestcpp::detail {

struct loop_station;

// A loop that somebody runs until this ends: the mock wakes it and waits for it.
class driven_loop {
 public:
  explicit driven_loop(boost::asio::io_context& context);
  ~driven_loop();
  driven_loop(const driven_loop&) = delete;
  driven_loop& operator=(const driven_loop&) = delete;

  // To be called by the thread that runs the loop, before it does.
  void run_by_this_thread();

 private:
  std::shared_ptr<loop_station> station_;
};

// A pool of threads: the mock does not go on while it works for a loop.
class driven_pool {
 public:
  // @param is_idle Thread-safe. False until the result of all work has come to where it is waited for.
  explicit driven_pool(std::function<bool()> is_idle);
  ~driven_pool();
  driven_pool(const driven_pool&) = delete;
  driven_pool& operator=(const driven_pool&) = delete;
};

// The process's mock. Thread-safe.
class mock_time {
 public:
  // @throws std::logic_error where there is one already
  static void install(clock::time_point now);
  static void remove() noexcept;
  static void set(clock::time_point now) noexcept;
  // The earliest time after now, and not after `until`, that somebody has waited for; each is given once. Whoever it
  // was may have gone.
  [[nodiscard]] static std::optional<clock::time_point> next_expiry(clock::time_point until);
  // Lets all loops run, with the timers that have expired, until none has anything left to do and the pools are idle.
  // May be called on a loop, which then goes on below.
  // @throws std::runtime_error after `patience` of real time; std::logic_error where one is under way
  static void settle(std::chrono::milliseconds patience);
};

}  // namespace nestcpp::detail
