#pragma once

#include <nestcpp/core/task.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <utility>

/// Runs `work` to its end on a loop of its own and throws what it throws.
inline void run_task(nestcpp::task<void> work) {
  boost::asio::io_context loop{1};
  std::exception_ptr failure;
  boost::asio::co_spawn(loop, std::move(work), [&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
  loop.run();
  if (failure) std::rethrow_exception(failure);
}
