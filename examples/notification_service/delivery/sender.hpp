#pragma once

#include "notification_service/domain/notification.hpp"

#include <nestcpp/core/task.hpp>

#include <stdexcept>

namespace notifications {

/// It will never be taken, however often it is tried: no such mailbox, no address at all.
struct DeliveryRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Hands notifications over to the world. May be given one twice, where the service ended between the handing over and
/// the note of it: the notification's id says so (`Message-ID`).
class Sender {
 public:
  virtual ~Sender() = default;
  /// Returns once it was taken. @throws DeliveryRefused, or anything else: to be tried again
  [[nodiscard]] virtual nest::task<void> send(Notification notification) = 0;
};

}  // namespace notifications
