// expected: find: hedging sends a request more than once; add idempotent
#include <nestcpp/nestcpp.hpp>

namespace hedging_without_idempotent {

using find_user = nestcpp::message<"user.find", int, int>;

class UserClient : public nestcpp::typed_client {
  NEST_CLIENT(UserClient, "user-service");

 public:
#ifdef FIXED
  NEST_SEND(find, find_user, idempotent(), hedging{.delay = 50ms});
#else
  NEST_SEND(find, find_user, hedging{.delay = 50ms});
#endif
};

}  // namespace hedging_without_idempotent
