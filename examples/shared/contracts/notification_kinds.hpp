#pragma once

namespace contracts {

enum class NotificationType { email, sms, push };
enum class NotificationStatus { pending, sent, failed };

}  // namespace contracts
