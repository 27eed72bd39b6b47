#include "gateway/api/registration_controller.hpp"

#include <chrono>
#include <cmath>
#include <utility>

namespace gateway {

namespace {

double milliseconds_since(std::chrono::steady_clock::time_point begin) {
  const std::chrono::duration<double, std::milli> passed = nest::clock::now() - begin;
  return std::round(passed.count() * 10) / 10;
}

}  // namespace

nest::task<RegistrationSummaryDto> RegistrationController::create(CreateUserDto dto, nest::http_context& context) {
  RegistrationSummaryDto summary;
  summary.data = co_await registration_.register_user(std::move(dto), context.get_deadline());
  summary.message = "User registered successfully";
  summary.meta = {.requestId = context.request_id(), .durationMs = milliseconds_since(context.received_at())};
  co_return summary;
}

nest::task<contracts::NotificationDto> RegistrationController::notification(nest::path<"userId", nest::uuid> userId) {
  return registration_.notification_of(*userId);
}

}  // namespace gateway
