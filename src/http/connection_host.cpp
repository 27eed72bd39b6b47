#include "http/connection_host.hpp"

#include "core/mock_time.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <string>
#include <vector>

namespace nestcpp::detail {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"HttpServer"};
constexpr int backlog = 1024;
constexpr auto timer_interval = 500ms;
constexpr auto thread_patience = 5s;
// How long a thread stays with a connection after an answer, because callers often go on at once.
constexpr auto linger = 20ms;

}  // namespace

connection_host::connection_host(const http_server_options& options, server serve)
    : options_{options}, serve_{std::move(serve)}, pool_{options.max_connections, thread_patience} {}

connection_host::~connection_host() { close(); }

void connection_host::start() {
  const std::lock_guard lifecycle{lifecycle_mutex_};
  if (started_ || closed_) return;
  if (options_.tls) tls_.emplace(*options_.tls, tls_side::server);
  open();
  started_ = true;
  accept();
  thread_ = std::thread{[this, driven = std::make_unique<driven_loop>(context_)] {
    const auto work = boost::asio::make_work_guard(context_);
    driven->run_by_this_thread();
    context_.run();
  }};
}

void connection_host::open() {
  using boost::asio::ip::tcp;
  const std::string place = options_.host + ':' + std::to_string(options_.port);
  boost::system::error_code error;
  tcp::resolver resolver{context_};
  const auto found = resolver.resolve(options_.host, std::to_string(options_.port), tcp::resolver::passive, error);
  if (error) throw startup_error{"cannot listen for HTTP on " + place + ": " + error.message()};
  const tcp::endpoint address = found.begin()->endpoint();
  acceptor_.open(address.protocol(), error);
  // Only that a port in TIME_WAIT can be used again; SO_REUSEPORT would let two processes share one.
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
  if (!error) acceptor_.bind(address, error);
  if (!error) acceptor_.listen(backlog, error);
  if (error) {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    throw startup_error{"cannot listen for HTTP on " + place + ": " +
                        (error == boost::asio::error::address_in_use ? "the port is in use" : error.message())};
  }
  port_ = acceptor_.local_endpoint().port();
}

void connection_host::accept() {
  acceptor_.async_accept([this](boost::system::error_code error, boost::asio::ip::tcp::socket socket) {
    if (error == boost::asio::error::operation_aborted || !acceptor_.is_open()) return;
    if (error) {
      // Out of descriptors or memory: the listener stays, and others may end meanwhile.
      log.warn("a connection could not be accepted: {}", error.message());
      accept_pause_.expires_after(100ms);
      accept_pause_.async_wait([this](boost::system::error_code stopped) {
        if (!stopped && acceptor_.is_open()) accept();
      });
      return;
    }
    try {
      const bool shakes_hands = tls_ && options_.tls->handshake_timeout.count() > 0;
      park(std::make_shared<connection>(std::move(socket), options_, stopping_, tls_ ? &*tls_ : nullptr),
           shakes_hands ? options_.tls->handshake_timeout : options_.head_timeout);
    } catch (const std::exception& failure) {
      log.error("a connection could not be kept: {}", failure.what());
    }
    accept();
  });
}

// On the host's thread.
void connection_host::park(std::shared_ptr<connection> link, std::chrono::milliseconds patience) {
  connection* key = link.get();
  {
    const std::lock_guard lock{mutex_};
    if (stopping_) {
      entries_.erase(key);
      return;
    }
    entries_[key] = {link, deadline::after(patience), true};
  }
  arm_timer();
  key->socket().async_wait(boost::asio::ip::tcp::socket::wait_read, [this, link](boost::system::error_code error) {
    if (error) {
      forget(link.get());
    } else {
      hand_over(link.get());
    }
  });
}

// On the host's thread.
void connection_host::hand_over(connection* key) {
  std::shared_ptr<connection> link;
  {
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;  // closed meanwhile
    found->second.waits = false;
    link = found->second.link;
    ++busy_;
  }
  try {
    pool_.post([this, link] { serve(link); });
  } catch (const std::exception& failure) {
    log.error("no thread for a connection: {}", failure.what());
    const std::lock_guard lock{mutex_};
    entries_.erase(key);
    --busy_;
    idle_.notify_all();
  }
}

// On a pool thread.
void connection_host::serve(const std::shared_ptr<connection>& link) {
  bool open = true;
  do {
    open = serve_(*link) && !closing_;
  } while (open && link->has_input(pool_.is_crowded() ? 0ms : std::chrono::milliseconds{linger}));
  if (open && !stopping_) {
    link->rest();
    boost::asio::post(context_, [this, link] { park(link, options_.keep_alive_timeout); });
  } else {
    open = false;
  }
  const std::lock_guard lock{mutex_};
  if (!open) entries_.erase(link.get());
  --busy_;
  idle_.notify_all();
}

void connection_host::forget(connection* key) {
  const std::lock_guard lock{mutex_};
  entries_.erase(key);
}

// On the host's thread.
void connection_host::close_idle(bool all) {
  std::vector<std::shared_ptr<connection>> closed;
  const std::lock_guard lock{mutex_};
  for (auto it = entries_.begin(); it != entries_.end();) {
    if (it->second.waits && (all || it->second.limit.expired())) {
      closed.push_back(it->second.link);
      it = entries_.erase(it);
    } else {
      ++it;
    }
  }
  for (const auto& each : closed) {
    boost::system::error_code ignored;
    each->socket().close(ignored);
  }
}

void connection_host::arm_timer() {
  if (timer_armed_) return;
  timer_armed_ = true;
  timer_.expires_after(timer_interval);
  timer_.async_wait([this](boost::system::error_code error) {
    timer_armed_ = false;
    if (error) return;
    close_idle(false);
    const bool more = [this] {
      const std::lock_guard lock{mutex_};
      return !entries_.empty();
    }();
    if (more) arm_timer();
  });
}

void connection_host::stop_accepting() {
  const std::lock_guard lifecycle{lifecycle_mutex_};
  if (!started_ || stopping_.exchange(true)) return;
  // The caller may rely on it: when this returns, the port is free.
  std::mutex done_mutex;
  std::condition_variable done_signal;
  bool done = false;
  boost::asio::post(context_, [&] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    accept_pause_.cancel();
    close_idle(true);
    const std::lock_guard lock{done_mutex};
    done = true;
    done_signal.notify_one();
  });
  std::unique_lock lock{done_mutex};
  done_signal.wait(lock, [&] { return done; });
}

bool connection_host::drain(deadline limit) {
  std::unique_lock lock{mutex_};
  const auto drained = [this] { return busy_ == 0; };
  if (limit.is_never()) {
    idle_.wait(lock, drained);
    return true;
  }
  return idle_.wait_for(lock, limit.remaining(), drained);
}

void connection_host::close() {
  stop_accepting();
  const std::lock_guard lifecycle{lifecycle_mutex_};
  if (closed_) return;
  closed_ = true;
  stopping_ = true;
  closing_ = true;
  if (!started_) return;
  {
    // Those that wait for a handler notice `closing_` and answer 503; nobody else is waited for longer than that.
    std::unique_lock lock{mutex_};
    const auto drained = [this] { return busy_ == 0; };
    idle_.wait_for(lock, 1s, drained);
    for (const auto& [key, each] : entries_) each.link->interrupt();
  }
  pool_.finish();
  context_.stop();
  thread_.join();
  const std::lock_guard lock{mutex_};
  entries_.clear();
}

}  // namespace nestcpp::detail
