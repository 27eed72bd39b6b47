#pragma once
/// @file nestcpp/core/blocking_pool.hpp
/// @brief A named pool of threads for work that blocks or computes long; awaited from a loop, it resumes on that loop.

#include <nestcpp/core/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// @par Thread safety Safe.
class blocking_pool {
 public:
  blocking_pool(std::string name, std::size_t threads);
  /// Waits for what is running; what still waits in the queue is dropped, its callers are not resumed.
  ~blocking_pool();
  blocking_pool(const blocking_pool&) = delete;
  blocking_pool& operator=(const blocking_pool&) = delete;

  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] std::size_t threads() const noexcept;

  /// Runs `work` on a pool thread, first come first served, and resumes the caller on its own loop with the result.
  /// @par Exceptions Whatever `work` throws is rethrown to the caller.
  /// @par Cancellation None: work that has been queued runs, and the caller waits for it.
  template <class F>
  [[nodiscard]] task<std::invoke_result_t<F>> run(F work) {
    using result = std::invoke_result_t<F>;
    auto on_pool = [this, work = std::move(work)](auto handler) mutable {
      auto executor = boost::asio::prefer(boost::asio::get_associated_executor(handler),
                                          boost::asio::execution::outstanding_work.tracked);
      // std::function wants copies; the handler can only be moved.
      auto job = std::make_shared<std::pair<F, decltype(handler)>>(std::move(work), std::move(handler));
      post([job, executor]() mutable {
        std::exception_ptr failure;
        if constexpr (std::is_void_v<result>) {
          try {
            job->first();
          } catch (...) {
            failure = std::current_exception();
          }
          boost::asio::dispatch(executor, [job = std::move(job), failure]() mutable { job->second(failure); });
        } else {
          std::optional<result> value;
          try {
            value.emplace(job->first());
          } catch (...) {
            failure = std::current_exception();
          }
          boost::asio::dispatch(executor, [job = std::move(job), failure, value = std::move(value)]() mutable {
            job->second(failure, std::move(value));
          });
        }
      });
    };
    if constexpr (std::is_void_v<result>) {
      co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::exception_ptr)>(
          std::move(on_pool), boost::asio::use_awaitable);
    } else {
      std::optional<result> value =
          co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                               void(std::exception_ptr, std::optional<result>)>(
              std::move(on_pool), boost::asio::use_awaitable);
      co_return std::move(*value);
    }
  }

  /// Queues `job` without waiting for it.
  void post(std::function<void()> job);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp
