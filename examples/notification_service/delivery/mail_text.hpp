#pragma once

#include "notification_service/domain/notification.hpp"

#include <string>
#include <string_view>

namespace notifications {

/// The notification as a mail (RFC 5322): UTF-8, encoded where it is not plain ASCII, so that nothing in it can become
/// a header of its own. Lines end with CRLF.
/// @param from an address
std::string mail_text(const Notification& notification, std::string_view from);

/// Whether a mail server may be given it as a recipient: one address without blanks, control characters or brackets.
bool is_mail_address(std::string_view text);

}  // namespace notifications
