// expected: nestcpp: seen: user_seen is an event, no message; write NEST_EMIT
#include <nestcpp/nestcpp.hpp>

namespace send_of_an_event {

using user_seen = nestcpp::event<"user.seen", int>;
class UserClient : public nestcpp::typed_client {
  NEST_CLIENT(UserClient, "user-service");

 public:
#ifdef FIXED
  NEST_EMIT(seen, user_seen);
#else
  NEST_SEND(seen, user_seen);
#endif
};

}  // namespace send_of_an_event
