#pragma once

#include "notification_service/api/notification_announcer.hpp"
#include "notification_service/data/notifications_repository.hpp"
#include "notification_service/delivery/sender.hpp"
#include "shared/mail_settings.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/observability/metrics_registry.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace notifications {

/// Sends what is stored as pending, until it is sent or has failed for good: at once what this process has stored, and
/// what others have left behind as soon as it finds it. Lives on one loop.
class DeliveryQueue {
 public:
  DeliveryQueue(nest::runtime& loops, NotificationsRepository& notifications, Sender& sender,
                NotificationAnnouncer& announcer, const MailSettings& settings);

  /// After it was stored. Any thread.
  void add(Notification notification);
  /// As `add`; waits for the outcome, or as long as `patience`. @return as it is then
  nest::task<Notification> deliver(Notification notification, std::chrono::milliseconds patience);

  /// The next one of `userId` that this process settles: sent, or failed for good. @return none within `patience`
  nest::task<std::optional<Notification>> next_of(nest::uuid userId, nest::clock::duration patience);

  void on_application_bootstrap();
  /// Lets end what is under way; the rest is found at the next start.
  nest::task<void> on_application_shutdown();

 private:
  struct entry;
  struct watcher;
  using watchers = std::multimap<nest::uuid, watcher*>;  // by user

  nest::task<Notification> wait_for(Notification notification, std::chrono::milliseconds patience);
  nest::task<std::optional<Notification>> watch(nest::uuid userId, nest::clock::duration patience);
  void tell_watchers(const Notification& settled);
  std::shared_ptr<entry> take(Notification notification, int attempts);
  void start_some();
  nest::task<void> send(std::shared_ptr<entry> one);
  nest::task<void> record_outcomes();
  nest::task<void> look_for_more();
  nest::task<void> stop();
  [[nodiscard]] bool is_idle() const;
  void tell_if_idle();

  nest::event_loop& loop_;
  NotificationsRepository& notifications_;
  Sender& sender_;
  NotificationAnnouncer& announcer_;
  const MailSettings settings_;

  // The loop's.
  std::map<nest::uuid, std::shared_ptr<entry>> entries_;  // those that are not settled
  std::vector<std::shared_ptr<entry>> waiting_;           // for their turn
  std::vector<DeliveryOutcome> outcomes_;                 // to be recorded
  std::shared_ptr<watchers> watchers_;                    // also theirs who wait
  std::size_t sending_ = 0;
  bool recording_ = false;
  bool looking_ = false;
  bool stopping_ = false;
  nest::timer next_look_;
  nest::timer idle_;  // cancelled when nothing is under way any more
};

}  // namespace notifications
