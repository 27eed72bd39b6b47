#pragma once
// Running coroutines in tests.

#include <nestcpp/core/task.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <utility>

namespace nestcpp::testing_support {

// Runs `work` on `context` in this thread until nothing is left to do there.
template <class T>
T run(boost::asio::io_context& context, task<T> work) {
  auto result = boost::asio::co_spawn(context, std::move(work), boost::asio::use_future);
  context.restart();
  context.run();
  return result.get();
}

template <class T>
T run(task<T> work) {
  boost::asio::io_context context{1};
  return run(context, std::move(work));
}

}  // namespace nestcpp::testing_support
