#pragma once
// The coroutine behind a stream<T>: values by co_yield, tasks awaited in between.
//
// A task is spawned on the consumer's executor and resumes the coroutine when it has ended; so whoever resumes the
// coroutine, the consumer or the end of a task, finds it afterwards at a value, at its end, or waiting again.

#include <nestcpp/core/detail/stream_source.hpp>
#include <nestcpp/core/task.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace nestcpp::detail {

// What does not depend on the values' type.
class stream_coroutine {
 public:
  explicit stream_coroutine(std::coroutine_handle<> self) noexcept : self_{self} {}
  stream_coroutine(const stream_coroutine&) = delete;
  stream_coroutine& operator=(const stream_coroutine&) = delete;

  // Resumes the coroutine and says where it has come to.
  [[nodiscard]] stream_step run();
  [[nodiscard]] stream_step run_on(const boost::asio::any_io_executor& executor);
  void await_step(stream_completion done);
  // Destroys the coroutine, at once or when the task it awaits has ended.
  void abandon() noexcept;

  void yielded() noexcept { step_ = stream_step::value; }
  void ended(std::exception_ptr failure) noexcept;
  [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }

  // Around the awaiting of a task.
  [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
  [[nodiscard]] boost::asio::cancellation_slot begin_wait() noexcept;
  [[nodiscard]] bool still_waiting() noexcept;
  void task_ended();
  // The task was destroyed unfinished, with its loop.
  void task_dropped() noexcept;

 private:
  [[nodiscard]] stream_completion take_completion();
  void complete(stream_step step);

  std::coroutine_handle<> self_;
  boost::asio::any_io_executor executor_;
  boost::asio::cancellation_signal cancel_;
  // Not assigned to: Boost 1.81's any_completion_handler recurses without end when it is.
  std::optional<stream_completion> done_;
  std::exception_ptr failure_;
  stream_step step_ = stream_step::pending;
  bool starting_task_ = false;
  bool task_running_ = false;
  bool abandoned_ = false;
  bool cancelling_ = false;
};

// The completion handler of a task that a stream awaits.
template <class T>
class stream_task_end {
 public:
  using result = std::variant<std::monostate, std::exception_ptr, T>;

  stream_task_end(stream_coroutine& owner, result& into) noexcept : owner_{&owner}, into_{&into} {}
  stream_task_end(stream_task_end&& other) noexcept
      : owner_{std::exchange(other.owner_, nullptr)}, into_{other.into_} {}
  stream_task_end& operator=(stream_task_end&&) = delete;
  ~stream_task_end() {
    if (owner_ != nullptr) owner_->task_dropped();
  }

  template <class... Value>
  void operator()(std::exception_ptr failure, Value&&... value) {
    if (failure) {
      into_->template emplace<1>(std::move(failure));
    } else {
      into_->template emplace<2>(std::forward<Value>(value)...);
    }
    std::exchange(owner_, nullptr)->task_ended();
  }

 private:
  stream_coroutine* owner_;
  result* into_;
};

// What co_await of a task is within a stream.
template <class T>
class stream_task_awaiter {
  using stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

 public:
  stream_task_awaiter(stream_coroutine& owner, task<T> work) : owner_{&owner}, work_{std::move(work)} {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) {
    const auto slot = owner_->begin_wait();
    boost::asio::co_spawn(owner_->executor(), std::move(work_),
                          boost::asio::bind_cancellation_slot(slot, stream_task_end<stored>{*owner_, result_}));
    return owner_->still_waiting();
  }
  T await_resume() {
    if (auto* failure = std::get_if<1>(&result_)) std::rethrow_exception(std::move(*failure));
    if constexpr (!std::is_void_v<T>) return std::get<2>(std::move(result_));
  }

 private:
  stream_coroutine* owner_;
  task<T> work_;
  std::variant<std::monostate, std::exception_ptr, stored> result_;
};

struct stream_executor_awaiter {
  const boost::asio::any_io_executor* executor;
  [[nodiscard]] bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  [[nodiscard]] boost::asio::any_io_executor await_resume() const { return *executor; }
};

template <class T, class Stream>
class stream_promise final : public stream_source<T> {
 public:
  stream_promise() : coroutine_{std::coroutine_handle<stream_promise>::from_promise(*this)} {}

  [[nodiscard]] Stream get_return_object() { return Stream{static_cast<stream_source<T>*>(this)}; }
  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] std::suspend_always final_suspend() const noexcept { return {}; }
  void return_void() noexcept { coroutine_.ended(nullptr); }
  void unhandled_exception() noexcept { coroutine_.ended(std::current_exception()); }

  template <class U>
  [[nodiscard]] std::suspend_always yield_value(U&& value) {
    value_.emplace(std::forward<U>(value));
    coroutine_.yielded();
    return {};
  }
  template <class U>
  [[nodiscard]] stream_task_awaiter<U> await_transform(task<U> work) {
    return {coroutine_, std::move(work)};
  }
  [[nodiscard]] stream_executor_awaiter await_transform(boost::asio::this_coro::executor_t) const noexcept {
    return {&coroutine_.executor()};
  }

  [[nodiscard]] stream_step advance(const boost::asio::any_io_executor& executor) override {
    return coroutine_.run_on(executor);
  }
  void wait(stream_completion done) override { coroutine_.await_step(std::move(done)); }
  [[nodiscard]] T take() override {
    T value = std::move(*value_);
    value_.reset();
    return value;
  }
  [[nodiscard]] std::exception_ptr failure() const noexcept override { return coroutine_.failure(); }
  void release() noexcept override { coroutine_.abandon(); }

 private:
  stream_coroutine coroutine_;
  std::optional<T> value_;
};

}  // namespace nestcpp::detail
