// expected: nestcpp: seen: nothing answers a plain event; timeout, retry and idempotent need acknowledged
#include <nestcpp/nestcpp.hpp>

namespace retry_of_a_plain_event {

using user_seen = nestcpp::event<"user.seen", int>;
class UserClient : public nestcpp::typed_client {
  NEST_CLIENT(UserClient, "user-service");

 public:
#ifdef FIXED
  NEST_EMIT(seen, user_seen, acknowledged(), timeout(5s));
#else
  NEST_EMIT(seen, user_seen, timeout(5s));
#endif
};

}  // namespace retry_of_a_plain_event
