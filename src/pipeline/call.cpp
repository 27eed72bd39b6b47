#include <nestcpp/pipeline/call.hpp>

#include "pipeline/call_executor.hpp"
#include "pipeline/call_streaming.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>

namespace nestcpp {

namespace {
std::exception_ptr late() { return std::make_exception_ptr(request_timeout_exception{"Request Timeout"}); }
}  // namespace

call::call(event_loop& loop) : loop_{&loop} {}
call::~call() = default;

// Ends a call when its coroutine has ended, or was destroyed unfinished with its loop. What co_spawn leaves in the
// cancellation slot holds the call's executor, and so the call: it must go first. What the call carries ends here, as
// the last reference may be a pool's, on a thread of its own; a stream still needs it, and ends on the loop.
class call::completion {
 public:
  explicit completion(boost::intrusive_ptr<call> owner) : owner_{std::move(owner)} {}
  completion(completion&& other) noexcept : owner_{std::move(other.owner_)} {}
  ~completion() {
    if (!owner_) return;
    owner_->cancel_.slot().clear();
    if (!owner_->streaming_) owner_->context().end();
  }
  void operator()(const std::exception_ptr& failure, const reply& result) const { owner_->finish(failure, result); }

 private:
  boost::intrusive_ptr<call> owner_;
};

void call::start(const handler_chain& chain) {
  chain_ = &chain;
  execution_context& ctx = context();
  caller_limit_ = ctx.get_deadline();
  if (chain.limit()) ctx.limit_to(deadline{ctx.received_at() + *chain.limit()});

  boost::intrusive_ptr<call> self{this};
  const context_scope scope{ctx};
  boost::asio::co_spawn(executor(), chain.run(ctx, observed_),
                        boost::asio::bind_cancellation_slot(
                            cancel_.slot(), boost::asio::bind_executor(loop_->executor(), completion{self})));
  if (!answered_) arm_timer();
}

boost::asio::any_io_executor call::executor() {
  using inner = boost::asio::io_context::executor_type;
  return detail::call_executor<inner>{loop_->executor(), boost::intrusive_ptr<call>{this}};
}

void call::arm_timer() {
  const deadline limit = context().get_deadline();
  if (limit.is_never()) return;
  if (!timer_) timer_.emplace(loop_->context());
  timer_->expires_at(limit.at());
  timer_->async_wait([self = boost::intrusive_ptr<call>{this}](boost::system::error_code error) {
    if (!error) self->time_out();
  });
}

void call::finish(const std::exception_ptr& failure, const reply& result) noexcept {
  const context_scope scope{context()};
  if (answered_) {  // the time limit answered before; observers that only began after it still see an end
    if (observed_ > 0) chain_->notify_late(context(), late(), observed_);
    return;
  }
  if (!failure && result.is_stream()) return begin_stream(result);
  answered_ = true;
  if (timer_) timer_->cancel();
  if (failure) {
    answer_error(chain_->fail(context(), failure, observed_));
  } else {
    chain_->notify_success(context(), observed_);
    answer_reply(result);
  }
}

void call::time_out() noexcept {
  if (answered_) return;
  if (streaming_ && !context().get_deadline().expired()) return arm_timer();  // a value came meanwhile
  const context_scope scope{context()};
  if (streaming_) return end_stream(late());
  answered_ = true;
  answer_error(chain_->fail(context(), late(), observed_));
  observed_ = 0;
  cancel_.emit(boost::asio::cancellation_type::terminal);
}

}  // namespace nestcpp
