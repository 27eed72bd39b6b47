#pragma once
/// @file nestcpp/core/blocking_pool.hpp
/// @brief A named pool of threads for work that blocks or computes long; awaited from a loop, it resumes on that loop.

#include <nestcpp/core/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace nestcpp {

namespace detail {

// Exactly one of both is called, once.
class pool_job {
 public:
  pool_job() = default;
  pool_job(const pool_job&) = delete;
  pool_job& operator=(const pool_job&) = delete;
  virtual ~pool_job() = default;
  virtual void run() = 0;
  virtual void fail(std::exception_ptr reason) = 0;
};

// The work of a coroutine that waits for it on its own executor.
template <class F, class Result, class Handler>
class awaited_job final : public pool_job {
 public:
  awaited_job(F work, Handler handler)
      : work_{std::move(work)},
        handler_{std::move(handler)},
        executor_{boost::asio::prefer(boost::asio::get_associated_executor(handler_),
                                      boost::asio::execution::outstanding_work.tracked)} {}

  void run() override {
    std::exception_ptr failure;
    std::optional<Result> result;
    try {
      if constexpr (std::is_same_v<Result, std::monostate>) {
        (*work_)();
        result.emplace();
      } else {
        result.emplace((*work_)());
      }
    } catch (...) {
      failure = std::current_exception();
    }
    complete(std::move(failure), std::move(result));
  }
  void fail(std::exception_ptr reason) override { complete(std::move(reason), {}); }

 private:
  void complete(std::exception_ptr failure, std::optional<Result> result) {
    work_.reset();  // what it holds is gone before the caller goes on
    boost::asio::post(
        executor_, [handler = std::move(handler_), failure = std::move(failure), result = std::move(result)]() mutable {
          std::move(handler)(std::move(failure), std::move(result));
        });
  }

  std::optional<F> work_;
  Handler handler_;
  boost::asio::any_io_executor executor_;
};

// Waits for `work`, which `submit` is given as a job to run on some thread.
template <class F, class Submit>
[[nodiscard]] task<std::invoke_result_t<F&>> await_job(F work, Submit submit) {
  using value = std::invoke_result_t<F&>;
  using stored = std::conditional_t<std::is_void_v<value>, std::monostate, value>;
  auto start = [&submit](auto handler, F job) {
    submit(std::unique_ptr<pool_job>{
        std::make_unique<awaited_job<F, stored, decltype(handler)>>(std::move(job), std::move(handler))});
  };
  std::optional<stored> result = co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                                      void(std::exception_ptr, std::optional<stored>)>(
      std::move(start), boost::asio::use_awaitable, std::move(work));
  if constexpr (!std::is_void_v<value>) co_return std::move(*result);
}

}  // namespace detail

/// Threads start when they are first needed and stay.
/// @par Thread safety Safe.
/// @par Lifetime It must be destroyed before the loops that wait for its work; `runtime` sees to that for its own
/// pools.
class blocking_pool {
 public:
  /// @param name is shown by the system's tools for each thread (its first characters) and in log lines.
  /// @param threads At most; 0 counts as 1.
  blocking_pool(std::string name, std::size_t threads);
  /// As `stop()`.
  ~blocking_pool();
  blocking_pool(const blocking_pool&) = delete;
  blocking_pool& operator=(const blocking_pool&) = delete;

  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] std::size_t threads() const noexcept;
  /// Jobs that wait for a thread.
  [[nodiscard]] std::size_t queued() const;

  /// Runs `work` on a pool thread, first come first served, and resumes the caller on its own loop with the result.
  /// @par Exceptions Whatever `work` throws is rethrown to the caller; `boost::system::system_error`
  /// (operation_aborted) where the pool stopped before the work began.
  /// @par Cancellation None: work that has been queued runs, and the caller waits for it.
  template <class F>
  [[nodiscard]] task<std::invoke_result_t<F&>> run(F work) {
    return detail::await_job(std::move(work),
                             [this](std::unique_ptr<detail::pool_job> job) { submit(std::move(job)); });
  }

  /// Queues `job` without waiting for it; what it throws is logged. Dropped where the pool has stopped.
  void post(std::function<void()> job);

  /// Waits for what is running. What still waits in the queue, and what comes later, is not run: callers of `run()` get
  /// operation_aborted. Not to be called on a thread of the pool.
  void stop();

  /// @name For parts of the library that make jobs themselves
  /// @{
  void submit(std::unique_ptr<detail::pool_job> job);
  /// On one of its threads, near the end of a job: `job` is run next, by the same thread, which needs no waking up for
  /// that. One at a time. Elsewhere as `submit`.
  void hand_over(std::unique_ptr<detail::pool_job> job);
  /// @}

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp
