#include "outbox_signal.hpp"
#include "outbox_store.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/database/outbox.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace nestcpp {

namespace {

using std::chrono::milliseconds;
const logger log{"OutboxRelay"};

}  // namespace

/// All members belong to one loop, where nothing else is said.
struct outbox_relay::impl : std::enable_shared_from_this<impl> {
  struct flight {
    clock::time_point began;
    int attempts;
    std::shared_ptr<boost::asio::cancellation_signal> cancel = std::make_shared<boost::asio::cancellation_signal>();
  };

  impl(runtime& rt, database& db, outbox from, outbox_publisher& to, outbox_relay_options settings)
      : source{std::move(from)},
        publisher{to},
        options{settings},
        executor{rt.next_loop().executor()},
        store{db, source.table(), uuid::v4(), options.claim_duration, source.signal_->has_dead_letters},
        alarm{executor},
        ended{executor} {}

  // --- waking up

  void wake_from_anywhere() {
    if (wake_pending.exchange(true)) return;
    boost::asio::post(executor, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) {
        self->wake_pending = false;
        self->look = true;
        self->alarm.cancel();
      }
    });
  }

  /// 50 to 100 % of the wait, so that relays do not march in step.
  [[nodiscard]] milliseconds jittered(milliseconds longest) {
    return longest - milliseconds{random() % static_cast<unsigned>(longest.count() / 2 + 1)};
  }

  [[nodiscard]] milliseconds backoff(int failures) {
    return jittered(std::min(options.max_backoff, options.min_backoff * (1 << std::clamp(failures - 1, 0, 10))));
  }

  // --- publishing

  void publish(outbox_message message) {
    const auto sequence = message.sequence;
    if (flights.contains(sequence)) return;  // our own claim had expired meanwhile
    const auto& mine = flights.emplace(sequence, flight{clock::now(), message.attempts}).first->second;
    try {
      boost::asio::co_spawn(
          executor, publisher.publish(std::move(message)),
          boost::asio::bind_cancellation_slot(mine.cancel->slot(),
                                              [self = shared_from_this(), sequence](const std::exception_ptr& failure) {
                                                self->published(sequence, failure);
                                              }));
    } catch (...) {  // publish() is no coroutine and threw before there was a task
      published(sequence, std::current_exception());
    }
  }

  void published(std::int64_t sequence, const std::exception_ptr& failure) {
    const auto mine = flights.extract(sequence).mapped();
    alarm.cancel();
    if (!failure) {
      outcome.acknowledged.push_back(sequence);
      streak = 0;
      hold_until = {};
      if (std::exchange(reported_down, false)) log.info("{}: publishing works again", source.table());
      return;
    }
    std::string reason = "unknown error";
    bool is_dead = false;
    try {
      std::rethrow_exception(failure);
    } catch (const outbox_rejected& rejection) {
      reason = std::string{rejection.what()}.substr(0, 500);
      is_dead = true;
    } catch (const std::exception& error) {
      reason = std::string{error.what()}.substr(0, 500);
    } catch (...) {
    }
    if (stopping) {
      outcome.failed.push_back({sequence, std::move(reason), milliseconds{0}, false});
      return;
    }
    const bool tried_enough = options.max_attempts > 0 && mine.attempts + 1 >= options.max_attempts;
    if ((is_dead || tried_enough) && source.signal_->has_dead_letters) {
      log.error("{}: message {} is a dead letter after {} attempt(s): {}", source.table(), sequence, mine.attempts + 1,
                reason);
      outcome.failed.push_back({sequence, std::move(reason), milliseconds{0}, true, true});
      return;
    }
    // Failures of different messages in a row mean that the receiver is away: then one at a time is tried, after a
    // wait. One message that fails for ever waits by itself and holds up nobody for long. Those that were under way
    // together count once.
    const bool news = mine.began >= last_failure && std::exchange(last_failed, sequence) != sequence;
    if (news || streak == 0) {
      ++streak;
      last_failure = clock::now();
    }
    hold_until = clock::now() + backoff(streak);
    // A message that fails for ever, or a receiver that comes and goes, does not fill the log.
    if (!reported_down && last_reported != sequence && clock::now() - last_report >= std::chrono::seconds{10}) {
      reported_down = true;
      last_reported = sequence;
      last_report = clock::now();
      log.warn("{}: publishing fails, will be repeated until it works: {}", source.table(), reason);
    }
    outcome.failed.push_back({sequence, std::move(reason), backoff(mine.attempts + 1)});
  }

  [[nodiscard]] std::size_t room() const {
    const std::size_t most = stopping ? 0 : streak > 0 ? 1 : options.max_in_flight;
    return most > flights.size() ? most - flights.size() : 0;
  }

  /// Messages that take long: those within their time stay ours, the others are cancelled.
  [[nodiscard]] std::vector<std::int64_t> check_flights() {
    std::vector<std::int64_t> keep;
    std::vector<std::shared_ptr<boost::asio::cancellation_signal>> late;
    const auto now = clock::now();
    for (const auto& [sequence, each] : flights) {
      if (now - each.began < options.publish_timeout) {
        keep.push_back(sequence);
      } else {
        late.push_back(each.cancel);
      }
    }
    for (const auto& each : late)
      each->emit(boost::asio::cancellation_type::terminal);  // which may end its flight at once
    return keep;
  }

  // --- the loop

  task<void> run() {
    const auto self = shared_from_this();
    auto next_poll = clock::now();
    auto next_retry = clock::time_point::max();  // of a message that failed
    auto next_renewal = clock::now() + options.claim_duration / 3;
    int database_failures = 0;
    bool reported = false;
    while (!abandoned && !(stopping && flights.empty() && outcome.empty())) {
      const auto now = clock::now();
      const bool polls = now >= std::min(next_poll, next_retry);
      const bool renews = now >= next_renewal;
      const bool settles = !outcome.empty();
      const auto space = room();
      const bool held = now < hold_until;
      const bool claims = space > 0 && !held && (look || polls || settles);
      if (claims || settles || renews) {
        auto settled = std::exchange(outcome, {});
        std::optional<milliseconds> wait;
        try {
          if (renews) {
            next_renewal = now + options.claim_duration / 3;
            auto keep = check_flights();
            if (!keep.empty()) co_await store.renew(std::move(keep));
          }
          if (claims || settles) {
            if (claims) look = false;
            auto messages = co_await store.settle_and_claim(settled, claims ? space : 0);
            if (claims && next_retry <= now) next_retry = clock::time_point::max();
            for (const auto& each : std::exchange(settled, {}).failed) {
              next_retry = std::min(next_retry, clock::now() + each.wait + milliseconds{1});
            }
            if (claims) {
              next_poll = clock::now() + jittered(options.poll_interval);
              look = look || messages.size() == space;  // there may be more
            }
            for (auto& each : messages) publish(std::move(each));
          }
          database_failures = 0;
          if (std::exchange(reported, false)) log.info("{}: the relay reads its table again", source.table());
        } catch (const std::exception& failure) {
          wait = backoff(++database_failures);
          if (!std::exchange(reported, true))
            log.warn("{}: the relay cannot read its table: {}", source.table(), failure.what());
        }
        std::move(settled.acknowledged.begin(), settled.acknowledged.end(), std::back_inserter(outcome.acknowledged));
        std::move(settled.failed.begin(), settled.failed.end(), std::back_inserter(outcome.failed));
        if (!wait) continue;
        look = true;
        co_await sleep_until(clock::now() + *wait, true);
        continue;
      }
      // Where there is no room, the end of a flight wakes us up.
      auto until = next_renewal;
      if (space > 0) until = std::min(until, std::max(look ? now : std::min(next_poll, next_retry), hold_until));
      co_await sleep_until(until, false);
    }
    finished = true;
    ended.cancel();
  }

  /// Until then or until something happens. @param whole sleeps on unless the end comes.
  task<void> sleep_until(clock::time_point until, bool whole) {
    do {
      boost::system::error_code ignored;
      alarm.expires_at(until);
      co_await alarm.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    } while (whole && !abandoned && clock::now() < until);
  }

  task<void> stop(milliseconds grace) {
    const auto self = shared_from_this();
    stopping = true;
    alarm.cancel();
    co_await wait_for_end(grace);
    if (finished) co_return;
    std::vector<std::shared_ptr<boost::asio::cancellation_signal>> all;
    for (const auto& each : flights) all.push_back(each.second.cancel);
    if (!all.empty()) log.warn("{}: {} messages still being published at stop, cancelled", source.table(), all.size());
    for (const auto& each : all) each->emit(boost::asio::cancellation_type::terminal);
    co_await wait_for_end(std::chrono::seconds{1});
    if (finished) co_return;
    abandoned = true;
    alarm.cancel();
    co_await wait_for_end(std::chrono::seconds{1});
  }

  task<void> wait_for_end(milliseconds longest) {
    if (finished) co_return;
    boost::system::error_code ignored;
    ended.expires_after(longest);
    co_await ended.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }

  outbox source;
  outbox_publisher& publisher;
  const outbox_relay_options options;
  boost::asio::io_context::executor_type executor;
  detail::outbox_store store;
  timer alarm;
  timer ended;
  std::minstd_rand random{std::random_device{}()};
  std::optional<detail::outbox_signal::listener> listener;
  std::atomic<bool> wake_pending{false};  // any thread

  bool started = false;  // these two belong to the owner
  bool stopped = false;
  bool stopping = false;
  bool abandoned = false;
  bool finished = false;
  bool look = true;  // the table may hold messages
  std::map<std::int64_t, flight> flights;
  detail::outbox_outcome outcome;  // to be recorded
  int streak = 0;                  // failures in a row
  clock::time_point hold_until{};  // nothing new before
  clock::time_point last_failure{};
  std::int64_t last_failed = 0;
  std::int64_t last_reported = 0;
  clock::time_point last_report = clock::now() - std::chrono::hours{1};
  bool reported_down = false;
};

outbox_relay::outbox_relay(runtime& rt, database& db, outbox source, outbox_publisher& publisher,
                           outbox_relay_options options)
    : impl_{std::make_shared<impl>(rt, db, std::move(source), publisher, options)} {
  if (options.max_attempts > 0 && !impl_->source.signal_->has_dead_letters) {
    throw startup_error{"outbox_relay: max_attempts needs a place for dead letters; add " + impl_->source.table() +
                        "'s outbox::add_dead_letters(number) to the migrations"};
  }
}

outbox_relay::~outbox_relay() {
  if (impl_->listener) impl_->source.signal_->forget(*impl_->listener);
  if (!impl_->started || impl_->stopped) return;
  boost::asio::post(impl_->executor, [impl = impl_] {
    impl->stopping = impl->abandoned = true;
    impl->alarm.cancel();
  });
}

void outbox_relay::start() {
  if (std::exchange(impl_->started, true)) return;
  impl_->listener = impl_->source.signal_->listen([weak = std::weak_ptr{impl_}] {
    if (const auto relay = weak.lock()) relay->wake_from_anywhere();
  });
  boost::asio::co_spawn(impl_->executor, impl_->run(), boost::asio::detached);
}

task<void> outbox_relay::stop(std::chrono::milliseconds grace) {
  if (!impl_->started) co_return;
  if (impl_->listener) impl_->source.signal_->forget(*std::exchange(impl_->listener, std::nullopt));
  co_await boost::asio::co_spawn(impl_->executor, impl_->stop(grace), boost::asio::use_awaitable);
  impl_->stopped = true;
}

}  // namespace nestcpp
