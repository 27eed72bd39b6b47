#include "user_service/api/user_events_relay.hpp"

#include <utility>

namespace users {

nest::task<void> UserEventsRelay::publish(nest::outbox_message message) {
  co_await notifications_.emit_acknowledged_text(std::move(message.pattern), std::move(message.payload));
}

}  // namespace users
