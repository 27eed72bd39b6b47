#include "gateway/api/registration_service.hpp"

#include <nestcpp/core/log.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace gateway {

namespace {

using namespace std::chrono_literals;

constexpr nest::logger log{"RegistrationService"};

// Of the caller's patience half stays, as the answer must not come too late: the user exists.
nest::deadline time_for_welcome(nest::deadline patience) {
  return nest::deadline::after(std::min<nest::deadline::clock::duration>(250ms, patience.remaining() / 2));
}

WelcomeDto to_welcome(NotificationDto notification) {
  return {.id = notification.id,
          .userId = notification.userId,
          .type = notification.type,
          .recipient = std::move(notification.recipient),
          .subject = std::move(notification.subject),
          .content = std::move(notification.content),
          .status = notification.status,
          .sentAt = notification.sentAt,
          .createdAt = notification.createdAt};
}

}  // namespace

nest::task<RegistrationDataDto> RegistrationService::register_user(contracts::CreateUserDto dto,
                                                                   nest::deadline patience) {
  RegistrationDataDto registered;
  registered.user = co_await users_.create(std::move(dto));
  registered.notification = co_await welcome_of(registered.user.id, time_for_welcome(patience));
  co_return registered;
}

nest::task<WelcomeDto> RegistrationService::welcome_of(nest::uuid userId, nest::deadline limit) {
  try {
    co_return co_await sent_welcome_of(userId, limit);
  } catch (const std::exception& error) {
    log.debug("the welcome of user {} is pending: {}", userId, error.what());
    co_return WelcomeDto{};
  }
}

// The service answers when it has sent it. One in NestJS answers at once: then it is asked again.
nest::task<WelcomeDto> RegistrationService::sent_welcome_of(nest::uuid userId, nest::deadline limit) {
  for (nest::clock::duration pause = 4ms; !limit.expired(); pause = std::min<nest::clock::duration>(2 * pause, 32ms)) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit.remaining());
    try {
      NotificationDto notification = co_await notifications_.proxy().send<contracts::notification_status>(
          {.userId = userId},
          {.timeout = left,
           .metadata = {{std::string{contracts::metadata_wait_ms}, std::to_string((left * 4 / 5).count())}}});
      if (notification.status != NotificationStatus::pending) co_return to_welcome(std::move(notification));
    } catch (const nest::rpc_exception&) {  // not found, so far
    }
    co_await nest::sleep_for(std::min(pause, limit.remaining()));
  }
  co_return WelcomeDto{};
}

}  // namespace gateway
