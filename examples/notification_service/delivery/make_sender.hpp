#pragma once

#include "notification_service/delivery/sender.hpp"
#include "shared/mail_settings.hpp"

#include <nestcpp/core/runtime.hpp>

#include <memory>

namespace notifications {

/// The sender that the settings ask for.
std::unique_ptr<Sender> make_sender(nest::runtime& loops, const MailSettings& settings);

}  // namespace notifications
