#include <nestcpp/core/stream.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>

#include <utility>

namespace nestcpp::detail {

stream_step stream_coroutine::run() {
  step_ = stream_step::pending;
  self_.resume();
  return step_;
}

stream_step stream_coroutine::run_on(const boost::asio::any_io_executor& executor) {
  executor_ = executor;
  const auto step = run();
  if (step != stream_step::pending) executor_ = {};  // it may own the consumer, and through it this
  return step;
}

void stream_coroutine::await_step(stream_completion done) {
  // The task may have ended since advance() said that it has not.
  if (step_ != stream_step::pending) {
    const auto on = boost::asio::get_associated_executor(done, std::exchange(executor_, {}));
    boost::asio::dispatch(on, [done = std::move(done), step = step_]() mutable { std::move(done)(step); });
    return;
  }
  done_.emplace(std::move(done));
  if (auto slot = boost::asio::get_associated_cancellation_slot(*done_); slot.is_connected()) {
    slot.assign([this](boost::asio::cancellation_type type) { cancel_.emit(type); });
  }
}

void stream_coroutine::abandon() noexcept {
  if (done_) {
    boost::asio::get_associated_cancellation_slot(*done_).clear();
    done_.reset();
  }
  if (!task_running_) {
    self_.destroy();
    return;
  }
  abandoned_ = cancelling_ = true;
  cancel_.emit(boost::asio::cancellation_type::terminal);
  cancelling_ = false;
  if (!task_running_) self_.destroy();
}

void stream_coroutine::ended(std::exception_ptr failure) noexcept {
  failure_ = std::move(failure);
  step_ = stream_step::end;
}

boost::asio::cancellation_slot stream_coroutine::begin_wait() noexcept {
  starting_task_ = task_running_ = true;
  return cancel_.slot();
}

bool stream_coroutine::still_waiting() noexcept {
  starting_task_ = false;
  return task_running_;
}

void stream_coroutine::task_ended() {
  task_running_ = false;
  cancel_.slot().clear();  // co_spawn leaves the executor there, and with it the consumer's call
  if (starting_task_) return;
  if (abandoned_) {
    if (!cancelling_) self_.destroy();
    return;
  }
  if (const auto step = run(); step != stream_step::pending && done_) complete(step);
}

void stream_coroutine::task_dropped() noexcept {
  const auto executor = std::exchange(executor_, {});
  task_running_ = false;
  cancel_.slot().clear();
  if (abandoned_) {
    if (!cancelling_) self_.destroy();
    return;
  }
  if (!done_) return;
  // The consumer will not be resumed. It may own this stream, which goes with it then.
  boost::asio::get_associated_cancellation_slot(*done_).clear();
  const stream_completion dropped = take_completion();
}

stream_completion stream_coroutine::take_completion() {
  stream_completion done = std::move(*done_);
  done_.reset();
  return done;
}

void stream_coroutine::complete(stream_step step) {
  boost::asio::get_associated_cancellation_slot(*done_).clear();
  const auto on = boost::asio::get_associated_executor(*done_, std::exchange(executor_, {}));
  boost::asio::dispatch(on, [done = take_completion(), step]() mutable { std::move(done)(step); });
}

}  // namespace nestcpp::detail
