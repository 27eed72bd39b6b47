#include <nestcpp/pipeline/call.hpp>

#include "pipeline/call_executor.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>

namespace nestcpp {

namespace {
std::exception_ptr late() { return std::make_exception_ptr(request_timeout_exception{"Request Timeout"}); }
}  // namespace

// Ends a call when its coroutine has ended, or was destroyed unfinished with its loop. What co_spawn leaves in the
// cancellation slot holds the call's executor, and so the call: it must go first.
class call::completion {
 public:
  explicit completion(boost::intrusive_ptr<call> owner) : owner_{std::move(owner)} {}
  completion(completion&& other) noexcept : owner_{std::move(other.owner_)} {}
  ~completion() {
    if (owner_) owner_->cancel_.slot().clear();
  }
  void operator()(const std::exception_ptr& failure, const reply& result) const { owner_->finish(failure, result); }

 private:
  boost::intrusive_ptr<call> owner_;
};

void call::start(const handler_chain& chain) {
  chain_ = &chain;
  execution_context& ctx = context();
  if (chain.limit()) ctx.limit_to(deadline{ctx.received_at() + *chain.limit()});

  boost::intrusive_ptr<call> self{this};
  using inner = boost::asio::io_context::executor_type;
  const boost::asio::any_io_executor executor{detail::call_executor<inner>{loop_->executor(), self}};
  const context_scope scope{ctx};
  boost::asio::co_spawn(executor, chain.run(ctx, observed_),
                        boost::asio::bind_cancellation_slot(
                            cancel_.slot(), boost::asio::bind_executor(loop_->executor(), completion{self})));
  if (!answered_) arm_timer();
}

void call::arm_timer() {
  const deadline limit = context().get_deadline();
  if (limit.is_never()) return;
  timer_.emplace(loop_->context(), limit.at());
  timer_->async_wait([self = boost::intrusive_ptr<call>{this}](boost::system::error_code error) {
    if (!error) self->time_out();
  });
}

void call::finish(const std::exception_ptr& failure, const reply& result) noexcept {
  const context_scope scope{context()};
  if (answered_) {  // the time limit answered before; observers that only began after it still see an end
    if (observed_ > 0) static_cast<void>(chain_->fail(context(), late(), observed_));
    return;
  }
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
  answered_ = true;
  const context_scope scope{context()};
  answer_error(chain_->fail(context(), late(), observed_));
  observed_ = 0;
  cancel_.emit(boost::asio::cancellation_type::terminal);
}

}  // namespace nestcpp
