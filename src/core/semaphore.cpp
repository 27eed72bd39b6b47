#include <nestcpp/core/semaphore.hpp>

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <list>
#include <mutex>
#include <utility>

namespace nestcpp {

// One that waits. The coroutine's frame holds the timer it sleeps on; whoever settles it wakes it by a post to its
// executor.
struct async_semaphore::waiter {
  enum class standing { queued, granted, closed, gone };

  boost::asio::any_io_executor executor;
  timer* alarm;                    // used on the executor only; null once the coroutine has gone on
  standing is = standing::queued;  // under the semaphore's mutex
};

struct async_semaphore::state {
  mutable std::mutex mutex;
  std::size_t free;  // none while somebody waits
  std::list<std::shared_ptr<waiter>> queue;
  bool closed = false;

  explicit state(std::size_t permits) : free{permits} {}

  // The mutex is held while posting: were it not, a waiter's loop could go away in between.
  static void settle(const std::shared_ptr<waiter>& who, waiter::standing standing) {
    who->is = standing;
    boost::asio::post(who->executor, [who] {
      if (who->alarm != nullptr) who->alarm->cancel();
    });
  }

  void give_back() {  // with the mutex held
    if (queue.empty()) {
      ++free;
      return;
    }
    const auto next = std::move(queue.front());
    queue.pop_front();
    settle(next, waiter::standing::granted);
  }
};

// A coroutine's place in the queue; however the coroutine ends, it is left, and a permit that came too late passed on.
class async_semaphore::place {
 public:
  place(std::shared_ptr<state> in, std::shared_ptr<waiter> who) : state_{std::move(in)}, waiter_{std::move(who)} {}
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  ~place() {
    waiter_->alarm = nullptr;
    const std::lock_guard lock{state_->mutex};
    if (waiter_->is == waiter::standing::granted) state_->give_back();
    if (waiter_->is == waiter::standing::queued) state_->queue.remove(waiter_);
    waiter_->is = waiter::standing::gone;
  }

  // How the wait ended. A permit that was granted belongs to the caller from now on.
  waiter::standing leave() {
    const std::lock_guard lock{state_->mutex};
    if (waiter_->is == waiter::standing::queued) state_->queue.remove(waiter_);
    return std::exchange(waiter_->is, waiter::standing::gone);
  }

 private:
  std::shared_ptr<state> state_;
  std::shared_ptr<waiter> waiter_;
};

async_semaphore::permit& async_semaphore::permit::operator=(permit&& other) noexcept {
  if (this != &other) {
    release();
    state_ = std::move(other.state_);
  }
  return *this;
}

void async_semaphore::permit::release() noexcept {
  if (const auto of = std::exchange(state_, nullptr)) {
    const std::lock_guard lock{of->mutex};
    of->give_back();
  }
}

async_semaphore::async_semaphore(std::size_t permits) : state_{std::make_shared<state>(permits)} {}

async_semaphore::~async_semaphore() {
  const std::lock_guard lock{state_->mutex};
  state_->closed = true;
  for (const auto& who : state_->queue) state::settle(who, waiter::standing::closed);
  state_->queue.clear();
}

task<async_semaphore::permit> async_semaphore::acquire(deadline limit) { return acquire_from(state_, limit); }

task<async_semaphore::permit> async_semaphore::acquire_from(std::shared_ptr<state> from, deadline limit) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto take = [&from] {
    if (from->free == 0) return false;
    --from->free;
    return true;
  };
  {
    const std::lock_guard lock{from->mutex};
    if (take()) co_return permit{from};
  }
  if (limit.expired()) throw deadline_exceeded{};

  timer alarm{executor, limit.at()};
  const auto self = std::make_shared<waiter>(waiter{.executor = executor, .alarm = &alarm});
  {
    const std::lock_guard lock{from->mutex};
    if (from->closed) throw boost::system::system_error{boost::asio::error::operation_aborted};
    if (take()) co_return permit{from};
    from->queue.push_back(self);
  }
  place queued{from, self};
  boost::system::error_code ended;
  co_await alarm.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  if (queued.leave() == waiter::standing::granted) co_return permit{from};
  if (ended) throw boost::system::system_error{ended};
  throw deadline_exceeded{};
}

std::optional<async_semaphore::permit> async_semaphore::try_acquire() {
  const std::lock_guard lock{state_->mutex};
  if (state_->free == 0) return {};
  --state_->free;
  return permit{state_};
}

std::size_t async_semaphore::available() const {
  const std::lock_guard lock{state_->mutex};
  return state_->free;
}

std::size_t async_semaphore::waiting() const {
  const std::lock_guard lock{state_->mutex};
  return state_->queue.size();
}

}  // namespace nestcpp
