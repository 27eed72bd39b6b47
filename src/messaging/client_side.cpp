#include "messaging/client_side.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace nestcpp::detail {

namespace {

constexpr logger log{"ClientProxy"};

// A connection that ends within this time without an answer counts as a failed attempt: a service that is dying may
// accept and close at once.
constexpr std::chrono::seconds proven_after{1};

struct counted {
  explicit counted(std::size_t& of) : count{of} { ++count; }
  counted(const counted&) = delete;
  ~counted() { --count; }
  std::size_t& count;
};

}  // namespace

client_side::client_side(event_loop& loop, std::shared_ptr<const client_settings> settings,
                         std::shared_ptr<session_opener> opener, std::shared_ptr<client_status_board> board)
    : loop_{&loop},
      settings_{std::move(settings)},
      opener_{std::move(opener)},
      board_{std::move(board)},
      changed_{loop.context(), clock::time_point::max()},
      retry_timer_{loop.context()},
      random_{static_cast<std::minstd_rand::result_type>(random_fraction() * 2147483646) + 1} {}

task<session_ptr> client_side::connect(std::shared_ptr<client_side> side, deadline limit) {
  if (client_session* const session = side->pick()) co_return session_ptr{session};
  const std::string& name = side->settings_->name;
  if (side->waiting_ >= side->settings_->max_pending) {
    throw unavailable_exception{name, "more than " + std::to_string(side->settings_->max_pending) + " calls wait",
                                unavailable_exception::request::never_sent};
  }
  if (limit.expired()) throw timeout_exception{name};
  side->wanted_ = true;
  if (side->resolving_ != 0) {
    side->resolve_due_only_ = false;
  } else {
    side->attempt_all(false);
  }
  {
    const counted waiter{side->waiting_};
    auto waiting = wait_for_attempts(side, side->last_attempt_);
    bool late = false;
    try {
      co_await with_deadline(std::move(waiting), limit);
    } catch (const deadline_exceeded&) {
      late = true;
    }
    if (late) throw timeout_exception{name};
  }
  if (client_session* const session = side->pick()) co_return session_ptr{session};
  std::rethrow_exception(side->failure());
}

task<void> client_side::wait_for_attempts(std::shared_ptr<client_side> side, std::uint64_t last) {
  boost::system::error_code woken;
  while (side->ready_.empty() && side->is_under_way(last)) {
    co_await side->changed_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  }
}

bool client_side::is_under_way(std::uint64_t last) const noexcept {
  if (resolving_ != 0 && resolving_ <= last) return true;
  return std::ranges::any_of(channels_,
                             [last](const auto& each) { return each->attempt != 0 && each->attempt <= last; });
}

void client_side::attempt_all(bool due_only) {
  const std::uint64_t number = ++last_attempt_;
  if (channels_.empty() || (addresses_stale_ && opener_->may_move())) {
    resolving_ = number;
    resolve_due_only_ = due_only;
    boost::asio::co_spawn(loop_->executor(), resolve(shared_from_this(), number), boost::asio::detached);
  } else {
    open_all(number, due_only);
  }
}

task<void> client_side::resolve(std::shared_ptr<client_side> side, std::uint64_t number) {
  resolution found;
  std::string why;
  try {
    found = co_await side->opener_->resolve(*side->loop_);
  } catch (const std::exception& error) {
    why = error.what();
  }
  if (side->resolving_ != number) co_return;  // closed meanwhile
  side->resolving_ = 0;
  side->resolve_failure_ = why;
  if (why.empty()) {
    side->addresses_stale_ = !found.complete;
    side->take_addresses(found);
  }  // else the known addresses have to do
  side->open_all(number, side->resolve_due_only_);
  side->plan_retry();
  side->changed_.cancel();
  if (side->channels_.empty()) side->board_->failed();
}

void client_side::take_addresses(const resolution& found) {
  std::vector<channel_ptr> before;
  before.swap(channels_);
  for (const address_ptr& address : found.addresses) {
    const auto known = std::ranges::find_if(
        before, [&](const channel_ptr& each) { return each && each->address->text() == address->text(); });
    if (known != before.end()) {
      channels_.push_back(std::move(*known));
      channels_.back()->address = address;
    } else {
      channels_.push_back(std::make_shared<channel>());
      channels_.back()->address = address;
    }
  }
  for (channel_ptr& gone : before) {
    if (!gone) continue;
    if (!found.complete) {  // it may be one of those that could not be looked up
      channels_.push_back(std::move(gone));
      continue;
    }
    gone->attempt = 0;
    std::erase(ready_, gone.get());
    if (gone->session) std::exchange(gone->session, nullptr)->close_when_idle();
  }
}

void client_side::open_all(std::uint64_t number, bool due_only) {
  const auto now = clock::now();
  for (const channel_ptr& each : channels_) {
    if (each->session || each->attempt != 0 || (due_only && each->retry_at > now)) continue;
    each->attempt = number;
    each->retry_at = clock::time_point::max();
    boost::asio::co_spawn(loop_->executor(), open(shared_from_this(), each, number), boost::asio::detached);
  }
}

task<void> client_side::open(std::shared_ptr<client_side> side, channel_ptr to, std::uint64_t number) {
  session_ptr session;
  std::string why;
  try {
    session = co_await to->address->open(*side->loop_);
  } catch (const std::exception& error) {
    why = error.what();
  }
  if (to->attempt != number) {  // closed, or the service has moved meanwhile
    if (session) session->close();
    co_return;
  }
  to->attempt = 0;
  if (session && session->open()) {
    side->take_session(*to, std::move(session));
  } else {
    side->fail(*to, std::move(why));
  }
}

void client_side::take_session(channel& of, session_ptr session) {
  session->set_owner(weak_from_this());
  of.session = std::move(session);
  of.why.clear();
  of.ejections = 0;
  ready_.push_back(&of);
  changed_.cancel();
  log.debug("{}: connected to {}", settings_->name, of.address->text());
  board_->opened();
}

void client_side::fail(channel& of, std::string why) {
  log.debug("{}: {}", settings_->name, why);
  of.why = std::move(why);
  ++of.failures;
  addresses_stale_ = true;
  retry_later(of);
  changed_.cancel();
  board_->failed();
}

void client_side::on_session_closed(client_session& session) {
  const auto found = std::ranges::find_if(channels_, [&](const auto& each) { return each->session.get() == &session; });
  if (found != channels_.end()) {
    channel& of = **found;
    of.session = nullptr;
    std::erase(ready_, &of);
    const bool proven = session.has_answered() || clock::now() - session.opened_at() >= proven_after;
    of.failures = proven ? 0 : of.failures + 1;
    addresses_stale_ = true;
    retry_later(of);
  }
  board_->closed();
}

void client_side::retry_later(channel& of) {
  if (!wanted_ || !settings_->reconnect) return;
  of.retry_at = clock::now() + *settings_->reconnect_backoff.delay_after(std::max(of.failures, 1));
  plan_retry();
}

void client_side::plan_retry() {
  if (resolving_ != 0) return;  // planned again when the addresses are known
  auto earliest = clock::time_point::max();
  for (const auto& each : channels_) earliest = std::min(earliest, each->retry_at);
  if (earliest >= next_retry_) return;
  next_retry_ = earliest;
  retry_timer_.expires_at(earliest);
  retry_timer_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
    const auto side = cancelled ? nullptr : weak.lock();
    if (!side) return;
    side->next_retry_ = clock::time_point::max();
    if (side->wanted_ && side->resolving_ == 0) side->attempt_all(true);
    side->plan_retry();
  });
}

std::exception_ptr client_side::failure() const {
  std::string whys = resolve_failure_;
  std::size_t count = whys.empty() ? 0 : 1;
  for (const auto& each : channels_) {
    if (each->why.empty()) continue;
    whys.append(count++ == 0 ? "" : "; ").append(each->why);
  }
  if (count == 0) whys = "Connection closed";
  if (count > 1) whys = "no instance can be reached: " + whys;
  return std::make_exception_ptr(
      unavailable_exception{settings_->name, whys, unavailable_exception::request::never_sent});
}

void client_side::close() {
  wanted_ = false;
  resolving_ = 0;
  addresses_stale_ = true;
  for (const auto& each : channels_) {
    each->attempt = 0;
    each->failures = 0;
    each->retry_at = clock::time_point::max();
    each->why.clear();
  }
  next_retry_ = clock::time_point::max();
  retry_timer_.cancel();
  changed_.cancel();
  std::vector<session_ptr> open;
  for (const auto* each : ready_) open.push_back(each->session);
  for (const session_ptr& session : open) session->close();
}

}  // namespace nestcpp::detail
