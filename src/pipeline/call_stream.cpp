#include "pipeline/call_streaming.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace nestcpp {

namespace {
// So many values at a time a stream may give without waiting; then others have their turn.
constexpr int max_burst = 64;
}  // namespace

class call::stream_waiter {
 public:
  explicit stream_waiter(boost::intrusive_ptr<call> owner) : owner_{std::move(owner)} {}
  void operator()(detail::stream_step step) const {
    if (owner_->streaming_ && owner_->on_step(step)) owner_->pump();
  }

 private:
  boost::intrusive_ptr<call> owner_;
};

void call::begin_stream(const reply& result) noexcept {
  bool listened = false;
  try {
    listened = open_stream();
  } catch (...) {
    answered_ = true;
    if (timer_) timer_->cancel();
    return answer_error(chain_->fail(context(), std::current_exception(), observed_));
  }
  if (!listened) {
    answered_ = true;
    if (timer_) timer_->cancel();
    chain_->notify_abandoned(context(), observed_);
    return close_stream(true);
  }
  streaming_ = std::make_unique<streaming>(result.take_stream());
  renew_limit();
  pump();
}

void call::pump() noexcept {
  for (int burst = 0; burst < max_burst; ++burst) {
    if (peer_is_congested()) {
      streaming_->paused = true;
      return await_room();
    }
    const auto step = streaming_->values.advance(executor());
    if (step == detail::stream_step::pending) {
      send_held();
      if (streaming_) await_value();
      if (!streaming_) return;  // the peer had gone
      streaming_->values.wait(boost::asio::bind_executor(executor(), stream_waiter{boost::intrusive_ptr<call>{this}}));
      return;
    }
    if (!on_step(step)) return;
  }
  streaming_->paused = true;
  boost::asio::post(executor(), [self = boost::intrusive_ptr<call>{this}] { self->resume_stream(); });
}

// False: the stream has ended.
bool call::on_step(detail::stream_step step) noexcept {
  if (step == detail::stream_step::end) {
    end_stream(streaming_->values.failure());
    return false;
  }
  send_held();
  if (!streaming_) return false;  // the peer had gone
  try {
    streaming_->held = streaming_->values.take();
  } catch (...) {  // the value cannot be written
    end_stream(std::current_exception());
    return false;
  }
  renew_limit();
  return true;
}

void call::send_held() noexcept {
  if (!streaming_->held || !sends_each_value()) return;
  const reply value = *std::exchange(streaming_->held, std::nullopt);
  answer_value(value);
}

void call::end_stream(const std::exception_ptr& failure) noexcept {
  answered_ = true;
  if (timer_) timer_->cancel();
  if (failure) send_held();
  if (!streaming_) return;  // the peer had gone
  const auto ended = std::move(streaming_);
  close_stream(false);
  if (failure) {
    answer_error(chain_->fail(context(), failure, observed_));
  } else {
    chain_->notify_success(context(), observed_);
    answer_reply(ended->held ? *ended->held : reply{});
  }
  observed_ = 0;
}

void call::resume_stream() noexcept {
  if (!streaming_ || !streaming_->paused) return;
  streaming_->paused = false;
  const context_scope scope{context()};
  pump();
}

void call::abandon_stream() noexcept {
  if (!streaming_) return;
  answered_ = true;
  if (timer_) timer_->cancel();
  const context_scope scope{context()};
  streaming_.reset();
  chain_->notify_abandoned(context(), observed_);
  observed_ = 0;
  close_stream(true);
}

void call::renew_limit() noexcept {
  deadline limit = caller_limit_;
  if (chain_->limit()) limit = earlier(limit, deadline::after(*chain_->limit()));
  context().deadline_ = limit;
}

}  // namespace nestcpp
