#pragma once

#include "notification_service/delivery/sender.hpp"
#include "shared/mail_settings.hpp"

#include <nestcpp/core/runtime.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace notifications {

/// Gives mails to a server by SMTP (libcurl), over connections that are kept. What the server refuses for good (5xx) is
/// refused; everything else is to be tried again. Notifications that are no mails are refused.
class SmtpSender final : public Sender {
 public:
  SmtpSender(nest::runtime& loops, SmtpSettings server, std::string from, std::size_t concurrency);
  ~SmtpSender() override;
  [[nodiscard]] nest::task<void> send(Notification notification) override;

 private:
  struct connections;
  SmtpSettings server_;
  std::string from_;
  std::shared_ptr<connections> connections_;  // jobs of the pool may outlive this
  nest::blocking_pool& pool_;
};

}  // namespace notifications
