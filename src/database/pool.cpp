#include "pool.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/database/errors.hpp>

#include <boost/asio/error.hpp>
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
  if (connection_ && (pool_->is_too_old(*connection_) || !connection_->is_usable())) connection_.reset();
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
                                 options with)
    : backend_{std::move(backend)},
      state_{std::move(state)},
      options_{std::move(with)},
      free_{options_.size},
      interrupters_{options_.name + "-cancel", std::min<std::size_t>(options_.size, 4)},
      threads_{std::make_unique<blocking_pool>(options_.name, options_.size)} {
  idle_.reserve(options_.size);
}

void connection_pool::throw_closed() const { throw database_unavailable{backend_->description() + " has been closed"}; }

task<lease> connection_pool::acquire() { return acquire_until(deadline::after(options_.acquire_timeout), false); }

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
                                         backend_->description(), options_.acquire_timeout.count(), options_.size)};
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
    auto connection = backend_->open(options_.role);
    if (options_.max_lifetime.count() > 0) {
      static thread_local std::minstd_rand random{std::random_device{}()};
      const auto earlier = options_.max_lifetime.count() * (random() % 100) / 1000;
      connection->replace_at = clock::now() + options_.max_lifetime - std::chrono::milliseconds{earlier};
    }
    state_->succeeded();
    return connection;
  } catch (const database_unavailable& failure) {
    state_->failed(failure.what());
    throw;
  }
}

bool connection_pool::is_too_old(const database_connection& connection) const noexcept {
  return clock::now() >= connection.replace_at;
}

void connection_pool::interrupt(const std::shared_ptr<interruption>& what) {
  if (what->request()) interrupters_.post([what] { what->interrupt(); });
}

void connection_pool::record(const statement& one, clock::duration took, bool failed) {
  statements_.record(took, failed);
  if (options_.slow_query_threshold.count() == 0 || took < options_.slow_query_threshold) return;
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  log.with({{"durationMs", milliseconds}, {"statement", one.sql}})
      .warn("slow statement, {} ms{}: {}", milliseconds, failed ? ", failed" : "", one.sql);
}

rows connection_pool::execute(database_connection& connection, statement_batch batch, interruption* stop) {
  const auto aborted = [] { return boost::system::system_error{boost::asio::error::operation_aborted}; };
  if (stop != nullptr && !stop->begin(connection)) throw aborted();
  auto began = clock::now();
  bool has_told = false;  // of the failure
  batch.ended = [&](const statement& one, bool failed) {
    const auto now = clock::now();
    record(one, now - began, failed);
    began = now;
    has_told = failed;
  };
  const auto tell_failure = [&] {  // a BEGIN's or COMMIT's, or of what was not sent
    if (!has_told) statements_.record(clock::now() - began, true);
  };
  try {
    rows found = connection.execute(batch);
    if (stop != nullptr) stop->end();
    return found;
  } catch (const statement_timeout&) {
    tell_failure();
    if (stop != nullptr && stop->end()) throw aborted();
    throw;
  } catch (...) {
    tell_failure();
    if (stop != nullptr) stop->end();
    throw;
  }
}

void connection_pool::append_metrics(std::vector<metric_sample>& to) const {
  std::size_t idle = 0;
  std::size_t in_use = 0;
  std::size_t waiting = 0;
  {
    const std::lock_guard lock{mutex_};
    idle = idle_.size();
    in_use = options_.size - free_;
    waiting = waiters_.size();
  }
  const auto gauge = [&](const char* name, metric_labels labels, std::size_t value, const char* help) {
    labels.emplace_back("pool", options_.name);
    to.push_back({name, std::move(labels), static_cast<double>(value), metric_kind::gauge, help});
  };
  gauge("database_connections", {{"state", "idle"}}, idle, "Connections to the database");
  gauge("database_connections", {{"state", "in_use"}}, in_use, "Connections to the database");
  gauge("database_connections_max", {}, options_.size, "Connections that the pool may have");
  gauge("database_waiting_callers", {}, waiting, "Callers that wait for a connection");
  const auto count = [&](const char* outcome, std::uint64_t value) {
    to.push_back({"database_statements_total",
                  {{"outcome", outcome}, {"pool", options_.name}},
                  static_cast<double>(value),
                  metric_kind::counter,
                  "Statements that have ended"});
  };
  count("ok", statements_.succeeded());
  count("error", statements_.failed());
  const call_meter::durations taken = statements_.taken();
  metric_sample durations{"database_statement_duration_seconds",
                          {{"pool", options_.name}},
                          0,
                          metric_kind::histogram,
                          "How long statements took, without the wait for a connection"};
  durations.distribution = {{call_meter::bounds.begin(), call_meter::bounds.end()},
                            {taken.counts.begin(), taken.counts.end()},
                            taken.seconds};
  to.push_back(std::move(durations));
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
  for (std::size_t i = 0; i < options_.size; ++i) {
    try {
      all->push_back(co_await acquire_until(limit, true));
    } catch (const database_unavailable&) {
      log.warn("{}: {} of {} connections still in use at close", backend_->description(), options_.size - all->size(),
               options_.size);
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
