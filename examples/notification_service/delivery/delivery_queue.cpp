#include "notification_service/delivery/delivery_queue.hpp"

#include <nestcpp/core/log.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace notifications {

namespace {

using namespace std::chrono_literals;

constexpr nest::logger log{"DeliveryQueue"};
constexpr auto look_interval = 1s;

// 1 s, 2 s, 4 s … 5 min, a quarter of it by chance.
std::chrono::milliseconds pause_after(int attempts) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const std::chrono::milliseconds longest =
      std::min<std::chrono::milliseconds>(5min, 1s * (1 << std::clamp(attempts - 1, 0, 10)));
  return longest - std::chrono::milliseconds{random() % static_cast<unsigned>(longest.count() / 4)};
}

}  // namespace

struct DeliveryQueue::entry {
  entry(nest::event_loop& loop, Notification given, int before)
      : notification{std::move(given)}, attempts{before}, settled{loop.context(), nest::timer::time_point::max()} {}

  Notification notification;
  int attempts;
  bool is_settled = false;
  nest::timer settled;  // cancelled then
};

// Lives in the coroutine that waits.
struct DeliveryQueue::watcher {
  nest::timer alarm;  // cancelled once there is news, or at the end
  std::optional<Notification> news{};
};

DeliveryQueue::DeliveryQueue(nest::runtime& loops, NotificationsRepository& notifications, Sender& sender,
                             NotificationAnnouncer& announcer, const MailSettings& settings)
    : loop_{loops.next_loop()},
      notifications_{notifications},
      sender_{sender},
      announcer_{announcer},
      settings_{settings},
      watchers_{std::make_shared<watchers>()},
      next_look_{loop_.context()},
      idle_{loop_.context()} {}

void DeliveryQueue::add(Notification notification) {
  boost::asio::post(loop_.executor(), [this, notification = std::move(notification)]() mutable {
    if (!stopping_) take(std::move(notification), 0);
  });
}

nest::task<Notification> DeliveryQueue::deliver(Notification notification, std::chrono::milliseconds patience) {
  co_return co_await boost::asio::co_spawn(loop_.executor(), wait_for(std::move(notification), patience),
                                           boost::asio::use_awaitable);
}

nest::task<Notification> DeliveryQueue::wait_for(Notification notification, std::chrono::milliseconds patience) {
  if (stopping_) co_return notification;
  const auto mine = take(std::move(notification), 0);
  if (!mine->is_settled) {
    mine->settled.expires_after(patience);
    boost::system::error_code woken;
    co_await mine->settled.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  }
  co_return mine->notification;
}

nest::task<std::optional<Notification>> DeliveryQueue::next_of(nest::uuid userId, nest::clock::duration patience) {
  co_return co_await boost::asio::co_spawn(loop_.executor(), watch(userId, patience), boost::asio::use_awaitable);
}

nest::task<std::optional<Notification>> DeliveryQueue::watch(nest::uuid userId, nest::clock::duration patience) {
  if (stopping_) co_return std::nullopt;
  watcher self{.alarm = nest::timer{loop_.context()}};
  struct registration {
    std::shared_ptr<watchers> all;  // this coroutine may be destroyed after the queue, with its loop
    watchers::iterator mine;
    ~registration() { all->erase(mine); }
  };
  const registration here{watchers_, watchers_->emplace(userId, &self)};
  self.alarm.expires_after(patience);
  boost::system::error_code woken;
  co_await self.alarm.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  co_return std::move(self.news);
}

void DeliveryQueue::tell_watchers(const Notification& settled) {
  const auto [first, last] = watchers_->equal_range(settled.userId);
  for (auto each = first; each != last; ++each) {
    each->second->news = settled;
    each->second->alarm.cancel();
  }
}

std::shared_ptr<DeliveryQueue::entry> DeliveryQueue::take(Notification notification, int attempts) {
  const nest::uuid id = notification.id;
  if (const auto known = entries_.find(id); known != entries_.end()) return known->second;
  auto made = std::make_shared<entry>(loop_, std::move(notification), attempts);
  entries_.emplace(id, made);
  waiting_.push_back(made);
  start_some();
  return made;
}

void DeliveryQueue::start_some() {
  while (!waiting_.empty() && sending_ < settings_.concurrency && !stopping_) {
    auto next = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    ++sending_;
    boost::asio::co_spawn(loop_.executor(), send(std::move(next)), boost::asio::detached);
  }
}

nest::task<void> DeliveryQueue::send(std::shared_ptr<entry> one) {
  DeliveryOutcome outcome{.id = one->notification.id, .attempts = one->attempts + 1};
  try {
    co_await sender_.send(one->notification);
    outcome.status = NotificationStatus::sent;
    outcome.at = nest::timestamp::now();
  } catch (const DeliveryRefused& refusal) {
    outcome.status = NotificationStatus::failed;
    outcome.error = refusal.what();
  } catch (const std::exception& failure) {
    outcome.error = failure.what();
    if (outcome.attempts >= settings_.max_attempts) outcome.status = NotificationStatus::failed;
  }
  if (outcome.status == NotificationStatus::pending) {
    outcome.next_attempt = nest::timestamp::now() + pause_after(outcome.attempts);
    log.with({{"notificationId", outcome.id.to_string()}, {"attempt", outcome.attempts}})
        .warn("{} could not be sent, it will be tried again: {}", outcome.id.to_string(), outcome.error);
  } else if (outcome.status == NotificationStatus::failed) {
    log.with({{"notificationId", outcome.id.to_string()}, {"attempt", outcome.attempts}})
        .error("{} was given up after {} attempt(s): {}", outcome.id.to_string(), outcome.attempts, outcome.error);
  }
  --sending_;
  outcomes_.push_back(std::move(outcome));
  if (!std::exchange(recording_, true)) {
    boost::asio::co_spawn(loop_.executor(), record_outcomes(), boost::asio::detached);
  }
  start_some();
}

// All that have come meanwhile in one transaction. Where the database is away, until it is back: a mail that was sent
// must not be sent again.
nest::task<void> DeliveryQueue::record_outcomes() {
  bool reported = false;
  while (!outcomes_.empty()) {
    std::vector<DeliveryOutcome> now = std::exchange(outcomes_, {});
    std::string problem;
    try {
      co_await notifications_.record(now);
    } catch (const std::exception& failure) {
      problem = failure.what();
    }
    if (!problem.empty()) {
      if (!std::exchange(reported, true)) log.warn("what became of notifications cannot be recorded: {}", problem);
      outcomes_.insert(outcomes_.begin(), std::make_move_iterator(now.begin()), std::make_move_iterator(now.end()));
      if (stopping_) break;  // they are pending in the database, and are tried again at the next start
      co_await nest::sleep_for(100ms);
      continue;
    }
    if (std::exchange(reported, false)) log.info("what became of notifications is recorded again");
    for (const DeliveryOutcome& each : now) {
      const auto found = entries_.extract(each.id);
      if (found.empty()) continue;
      entry& one = *found.mapped();
      one.notification.status = each.status;
      if (each.status == NotificationStatus::sent) one.notification.sentAt = each.at;
      one.is_settled = true;
      one.settled.cancel();
      if (each.status != NotificationStatus::pending) tell_watchers(one.notification);
      if (each.status == NotificationStatus::sent) announcer_.announce(one.notification);
    }
  }
  recording_ = false;
  tell_if_idle();
}

// What waits for its next attempt, and what another process has left behind.
nest::task<void> DeliveryQueue::look_for_more() {
  bool reported = false;
  while (!stopping_) {
    try {
      const std::size_t room = settings_.concurrency * 4;
      if (waiting_.size() < room) {
        for (PendingDelivery& each : co_await notifications_.claim_pending(room - waiting_.size())) {
          take(std::move(each.notification), each.attempts);
        }
      }
      reported = false;
    } catch (const std::exception& failure) {
      if (!std::exchange(reported, true)) log.warn("pending notifications cannot be read: {}", failure.what());
    }
    boost::system::error_code ignored;
    next_look_.expires_after(look_interval);
    co_await next_look_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
  looking_ = false;
  tell_if_idle();
}

void DeliveryQueue::on_application_bootstrap() {
  boost::asio::post(loop_.executor(), [this] {
    looking_ = true;
    boost::asio::co_spawn(loop_.executor(), look_for_more(), boost::asio::detached);
  });
}

nest::task<void> DeliveryQueue::on_application_shutdown() {
  co_await boost::asio::co_spawn(loop_.executor(), stop(), boost::asio::use_awaitable);
}

nest::task<void> DeliveryQueue::stop() {
  stopping_ = true;
  next_look_.cancel();
  for (const auto& each : *watchers_) each.second->alarm.cancel();
  if (is_idle()) co_return;
  boost::system::error_code ignored;
  idle_.expires_after(2s);
  co_await idle_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
}

bool DeliveryQueue::is_idle() const { return sending_ == 0 && !recording_ && !looking_; }

void DeliveryQueue::tell_if_idle() {
  if (stopping_ && is_idle()) idle_.cancel();
}

}  // namespace notifications
