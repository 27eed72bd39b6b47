#include "pool.hpp"

#include <nestcpp/core/log.hpp>
#include <nestcpp/database/errors.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <thread>

namespace nestcpp::detail {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;  // also where time is mocked: it is about threads that are really busy

const logger log{"Database"};

// What has a connection for so long waits for something: the disk, a lock, its caller.
constexpr std::chrono::milliseconds short_work = 5ms;

boost::system::system_error aborted() { return boost::system::system_error{boost::asio::error::operation_aborted}; }

}  // namespace

lease& lease::operator=(lease&& other) noexcept {
  if (this != &other) {
    release();
    pool_ = std::move(other.pool_);
    connection_ = std::move(other.connection_);
    since_ = other.since_;
    prepared_ = other.prepared_;
  }
  return *this;
}

void lease::release() noexcept {
  if (auto pool = std::move(pool_)) pool->give_back(std::move(connection_), since_);
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

connection_pool::connection_pool(std::shared_ptr<database_backend> backend, std::shared_ptr<availability> state,
                                 options with)
    : backend_{std::move(backend)},
      state_{std::move(state)},
      options_{std::move(with)},
      interrupters_{options_.name + "-cancel", std::min<std::size_t>(options_.size, 4)},
      threads_{std::make_unique<blocking_pool>(options_.name, options_.size + 1)} {  // one watches
  lent_.reserve(options_.size);
  idle_.reserve(options_.size);
}

database_unavailable connection_pool::closed_error() const {
  return database_unavailable{backend_->description() + " has been closed"};
}

// --- lending

task<lease> connection_pool::acquire() { return acquire_until(deadline::after(options_.acquire_timeout), false); }

task<lease> connection_pool::acquire_until(deadline limit, bool closing) {
  {
    const std::lock_guard lock{mutex_};
    if (closed_ && !closing) throw closed_error();
    if (waiting_.empty() && may_lend()) co_return lend_now();
  }
  co_return co_await lend_until(limit, [](lease& place, interruption&) { return std::move(place); }, closing);
}

task<void> connection_pool::call_off_when_cancelled(caller_ptr call) {
  auto slot = (co_await boost::asio::this_coro::cancellation_state).slot();
  if (!slot.is_connected()) co_return;
  slot.assign([weak = weak_from_this(), call = std::move(call)](boost::asio::cancellation_type) {
    if (const auto self = weak.lock()) self->call_off(call);
  });
}

void connection_pool::wait_in_line(caller_ptr call, std::unique_ptr<pool_job> job,
                                   const boost::asio::any_io_executor& executor, deadline limit, bool closing) {
  std::unique_lock lock{mutex_};
  if (!threads_ || (closed_ && !closing)) {
    lock.unlock();
    job->fail(std::make_exception_ptr(closed_error()));
    return;
  }
  call->job = std::move(job);
  waiting_.push_back(call);
  serve(lock, false);
  if (!call->job) return;
  lock.unlock();
  call->alarm.emplace(executor);
  call->alarm->expires_at(limit.at());
  call->alarm->async_wait([weak = weak_from_this(), call](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self) self->expire(call);
  });
}

std::unique_ptr<pool_job> connection_pool::stop_waiting(const caller_ptr& call) noexcept {
  const std::lock_guard lock{mutex_};
  if (call->job) std::erase(waiting_, call);
  return std::move(call->job);
}

void connection_pool::expire(const caller_ptr& call) {
  const auto job = stop_waiting(call);
  if (!job) return;
  job->fail(std::make_exception_ptr(
      database_unavailable{fmt::format("no connection to {} came free within {} ms; all {} are in use",
                                       backend_->description(), options_.acquire_timeout.count(), options_.size)}));
}

void connection_pool::call_off(const caller_ptr& call) {
  if (const auto job = stop_waiting(call)) {
    job->fail(std::make_exception_ptr(aborted()));
  } else if (call->stop.request()) {
    interrupters_.post([call] { call->stop.interrupt(); });
  }
}

bool connection_pool::may_lend() const noexcept {
  if (lent_.size() >= options_.size) return false;
  if (lent_.size() < options_.size_for_short_work || closed_) return true;
  const auto since = steady::now() - std::min(short_work, options_.acquire_timeout / 2);
  const auto short_so_far = std::count_if(lent_.begin(), lent_.end(), [since](auto each) { return each > since; });
  return static_cast<std::size_t>(short_so_far) < options_.size_for_short_work;
}

lease connection_pool::lend_now() noexcept {
  std::unique_ptr<database_connection> connection;
  if (!idle_.empty()) {
    connection = std::move(idle_.back());
    idle_.pop_back();
  }
  lease place{shared_from_this(), std::move(connection)};
  lent_.push_back(place.since());
  return place;
}

std::unique_ptr<pool_job> connection_pool::serve_next() noexcept {
  if (!threads_ || waiting_.empty() || !may_lend()) return nullptr;
  const caller_ptr next = std::move(waiting_.front());
  waiting_.pop_front();
  next->place = lend_now();
  return std::move(next->job);
}

void connection_pool::serve(std::unique_lock<std::mutex>& lock, bool at_end_of_job) noexcept {
  while (auto job = serve_next()) {
    auto& threads = *threads_;
    lock.unlock();  // who wakes at once must not have to wait for this thread again
    if (at_end_of_job) {
      threads.hand_over(std::move(job));
    } else {
      threads.submit(std::move(job));
    }
    lock.lock();
  }
  if (!threads_ || waiting_.empty() || lent_.size() >= options_.size || std::exchange(watched_, true)) return;
  auto& threads = *threads_;
  lock.unlock();
  threads.post([this] { watch(); });
  lock.lock();
}

void connection_pool::watch() noexcept {
  std::unique_lock lock{mutex_};
  while (threads_ && !waiting_.empty() && lent_.size() < options_.size) {
    lock.unlock();
    std::this_thread::sleep_for(short_work / 2);
    lock.lock();
    serve(lock, false);
  }
  watched_ = false;
}

void connection_pool::give_back(std::unique_ptr<database_connection> connection, steady::time_point since) noexcept {
  std::unique_lock lock{mutex_};
  if (connection && !connection->is_broken() && !closed_) idle_.push_back(std::move(connection));
  if (const auto mine = std::find(lent_.begin(), lent_.end(), since); mine != lent_.end()) lent_.erase(mine);
  serve(lock, true);
  lock.unlock();
  connection.reset();  // without the lock: closing may take a moment
}

// --- running

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

void connection_pool::record(const statement& one, clock::duration took, bool failed) {
  statements_.record(took, failed);
  if (options_.slow_query_threshold.count() == 0 || took < options_.slow_query_threshold) return;
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  log.with({{"durationMs", milliseconds}, {"statement", one.sql}})
      .warn("slow statement, {} ms{}: {}", milliseconds, failed ? ", failed" : "", one.sql);
}

rows connection_pool::execute(database_connection& connection, statement_batch batch, interruption* stop) {
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
    in_use = lent_.size();
    waiting = waiting_.size();
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
  if (!threads_) throw closed_error();
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
  std::deque<caller_ptr> refused;
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(closed_, true)) co_return;
    refused = waiting_;
  }
  for (const auto& each : refused) {
    if (const auto job = stop_waiting(each)) job->fail(std::make_exception_ptr(closed_error()));
  }

  const auto all = std::make_shared<std::vector<lease>>();  // also the job's, which may outlive this coroutine
  for (std::size_t i = 0; i < options_.size; ++i) {
    try {
      all->push_back(co_await acquire_until(limit, true));
    } catch (const database_unavailable&) {
      log.warn("{}: {} of {} connections still in use at close", backend_->description(), options_.size - all->size(),
               options_.size);
      break;
    }
  }
  co_await threads().run([all] { all->clear(); });
}

void connection_pool::shut_down() {
  std::unique_ptr<blocking_pool> threads;
  std::vector<std::unique_ptr<database_connection>> idle;
  std::deque<caller_ptr> refused;
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    refused = waiting_;
  }
  for (const auto& each : refused) {
    if (const auto job = stop_waiting(each)) job->fail(std::make_exception_ptr(closed_error()));
  }
  {
    const std::lock_guard lock{mutex_};
    threads = std::move(threads_);
    idle = std::move(idle_);
  }
  threads.reset();  // jobs that were queued give their leases back here
  idle.clear();
}

}  // namespace nestcpp::detail
