#include "notification_service/delivery/make_sender.hpp"

#include "notification_service/delivery/file_sender.hpp"
#include "notification_service/delivery/smtp_sender.hpp"

namespace notifications {

std::unique_ptr<Sender> make_sender(nest::runtime& loops, const MailSettings& settings) {
  if (settings.transport == MailTransport::smtp) {
    return std::make_unique<SmtpSender>(loops, settings.smtp, settings.from, settings.concurrency);
  }
  return std::make_unique<FileSender>(loops, settings.folder, settings.from, settings.concurrency);
}

}  // namespace notifications
