#include "gateway/api/registration_service.hpp"

#include <nestcpp/core/log.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <algorithm>
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

nest::task<WelcomeDto> RegistrationService::sent_welcome_of(nest::uuid userId, nest::deadline limit) {
  const auto created_at = nest::clock::now();
  nest::clock::duration wait = std::min<nest::clock::duration>(pace_.first_wait(), limit.remaining() / 2);
  int questions = 0;
  for (auto pause = 4ms; wait < limit.remaining(); wait = std::exchange(pause, std::min(2 * pause, 32ms))) {
    co_await nest::sleep_for(wait);
    ++questions;
    try {
      NotificationDto notification = co_await notifications_.proxy().send<contracts::notification_status>(
          {.userId = userId}, {.timeout = std::chrono::ceil<std::chrono::milliseconds>(limit.remaining())});
      if (notification.status != NotificationStatus::sent) continue;
      pace_.found(std::chrono::ceil<std::chrono::microseconds>(nest::clock::now() - created_at), questions);
      co_return to_welcome(std::move(notification));
    } catch (const nest::rpc_exception&) {  // not found, so far
    }
  }
  co_return WelcomeDto{};
}

}  // namespace gateway
