#include "pool.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/database/errors.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace nestcpp::detail {

namespace {

const logger log{"Database"};

}  // namespace

void availability::succeeded() {
  const std::lock_guard lock{mutex_};
  failures_ = 0;
  if (!down_) return;
  down_ = false;
  log.info("{} is available again", description_);
}

void availability::failed(const std::string& reason) {
  using namespace std::chrono_literals;
  const std::lock_guard lock{mutex_};
  reason_ = reason;
  // 25 ms, 50 ms … 250 ms, half of it by chance: short enough to notice its return at once, long enough to spare it a
  // storm.
  const auto longest = std::min(250ms, 25ms * (1 << std::min(failures_++, 4)));
  static thread_local std::minstd_rand random{std::random_device{}()};
  const auto wait = longest / 2 + std::chrono::milliseconds{random() % static_cast<unsigned>(longest.count() / 2 + 1)};
  next_attempt_ = clock::now() + wait;
  if (down_) return;
  down_ = true;
  log.error("{} is unavailable: {}", description_, reason);
}

void availability::check() const {
  const std::lock_guard lock{mutex_};
  if (failures_ > 0 && clock::now() < next_attempt_) throw database_unavailable{reason_};
}

lease& lease::operator=(lease&& other) noexcept {
  if (this != &other) {
    release();
    pool_ = std::move(other.pool_);
    connection_ = std::move(other.connection_);
    prepared_ = other.prepared_;
  }
  return *this;
}

void lease::release() noexcept {
  if (auto pool = std::move(pool_)) pool->give_back(std::move(connection_));
}

database_connection& lease::prepare() {
  if (prepared_ && connection_) return *connection_;
  prepared_ = true;
  if (connection_ && !connection_->is_usable()) connection_.reset();
  if (!connection_) connection_ = pool_->open();
  return *connection_;
}

database_connection& lease::reopen() {
  connection_.reset();
  connection_ = pool_->open();
  return *connection_;
}

void lease::drop_if_broken() noexcept {
  if (connection_ && connection_->is_broken()) connection_.reset();
}

/// Somebody in the queue. The alarm rings at the deadline, and is cancelled to wake it up
/// before.
struct connection_pool::waiter {
  waiter(const boost::asio::any_io_executor& executor, deadline limit) : alarm{executor} {
    alarm.expires_at(limit.at());
  }
  timer alarm;
  bool granted = false;  // these two under the pool's mutex
  bool refused = false;
};

/// A place in the queue that leaves nothing behind, however the coroutine ends.
class connection_pool::waiting {
 public:
  waiting(connection_pool& pool, std::shared_ptr<waiter> self)
      : pool_{pool.shared_from_this()}, self_{std::move(self)} {}
  ~waiting() {
    std::unique_lock lock{pool_->mutex_};
    if (self_->granted) {
      if (!taken_) pool_->release_place(lock);
    } else {
      std::erase(pool_->waiters_, self_);
    }
  }
  waiting(const waiting&) = delete;
  waiting& operator=(const waiting&) = delete;

  /// With the pool's mutex held.
  [[nodiscard]] bool take() noexcept { return taken_ = self_->granted; }

 private:
  std::shared_ptr<connection_pool> pool_;
  std::shared_ptr<waiter> self_;
  bool taken_ = false;
};

connection_pool::connection_pool(std::shared_ptr<database_backend> backend, std::shared_ptr<availability> state,
                                 database_backend::role role, std::size_t size, std::string thread_name,
                                 std::chrono::milliseconds acquire_timeout)
    : backend_{std::move(backend)},
      state_{std::move(state)},
      role_{role},
      size_{size},
      acquire_timeout_{acquire_timeout},
      free_{size},
      threads_{std::make_unique<blocking_pool>(std::move(thread_name), size)} {
  idle_.reserve(size);
}

void connection_pool::throw_closed() const { throw database_unavailable{backend_->description() + " has been closed"}; }

task<lease> connection_pool::acquire() { return acquire_until(deadline::after(acquire_timeout_), false); }

task<lease> connection_pool::acquire_until(deadline limit, bool closing) {
  const auto take_idle = [this] {
    std::unique_ptr<database_connection> connection;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    return lease{shared_from_this(), std::move(connection)};
  };
  std::shared_ptr<waiter> self;
  {
    const auto executor = co_await boost::asio::this_coro::executor;
    const std::lock_guard lock{mutex_};
    if (closed_ && !closing) throw_closed();
    if (free_ > 0) {
      --free_;
      co_return take_idle();
    }
    self = std::make_shared<waiter>(executor, limit);
    waiters_.push_back(self);
  }
  waiting place{*this, self};
  boost::system::error_code error;
  co_await self->alarm.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
  const std::lock_guard lock{mutex_};
  if (place.take()) co_return take_idle();
  if (self->refused) throw_closed();
  if (error) throw boost::system::system_error{error};
  throw database_unavailable{fmt::format("no connection to {} came free within {} ms; all {} are in use",
                                         backend_->description(), acquire_timeout_.count(), size_)};
}

void connection_pool::release_place(std::unique_lock<std::mutex>& lock) noexcept {
  if (waiters_.empty()) {
    ++free_;
    return;
  }
  auto next = std::move(waiters_.front());
  waiters_.pop_front();
  next->granted = true;
  lock.unlock();
  boost::asio::post(next->alarm.get_executor(), [next] { next->alarm.cancel(); });
}

void connection_pool::give_back(std::unique_ptr<database_connection> connection) noexcept {
  std::unique_lock lock{mutex_};
  if (connection && !connection->is_broken() && !closed_) idle_.push_back(std::move(connection));
  release_place(lock);
  if (lock.owns_lock()) lock.unlock();
  connection.reset();  // without the lock: closing may take a moment
}

std::unique_ptr<database_connection> connection_pool::open() {
  try {
    auto connection = backend_->open(role_);
    state_->succeeded();
    return connection;
  } catch (const database_unavailable& failure) {
    state_->failed(failure.what());
    throw;
  }
}

blocking_pool& connection_pool::threads() {
  const std::lock_guard lock{mutex_};
  if (!threads_) throw_closed();
  return *threads_;
}

void connection_pool::post(std::function<void()> job) {
  {
    const std::lock_guard lock{mutex_};
    if (threads_) {
      threads_->post(std::move(job));
      return;
    }
  }
  job();
}

task<void> connection_pool::close(deadline limit) {
  std::vector<std::shared_ptr<waiter>> refused;
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(closed_, true)) co_return;
    for (auto& each : waiters_) {
      each->refused = true;
      refused.push_back(each);
    }
    waiters_.clear();
  }
  for (auto& each : refused) boost::asio::post(each->alarm.get_executor(), [each] { each->alarm.cancel(); });

  auto all = std::make_shared<std::vector<lease>>();
  for (std::size_t i = 0; i < size_; ++i) {
    try {
      all->push_back(co_await acquire_until(limit, true));
    } catch (const database_unavailable&) {
      log.warn("{}: {} of {} connections still in use at close", backend_->description(), size_ - all->size(), size_);
      break;
    }
  }
  co_await run([all] { all->clear(); });
}

void connection_pool::shut_down() {
  std::unique_ptr<blocking_pool> threads;
  std::vector<std::unique_ptr<database_connection>> idle;
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    threads = std::move(threads_);
    idle = std::move(idle_);
  }
  threads.reset();  // jobs that were queued give their leases back here
  idle.clear();
}

}  // namespace nestcpp::detail
