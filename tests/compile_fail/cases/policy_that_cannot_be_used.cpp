// expected: nest_policy_.*constant expression|refuse_value
#include <nestcpp/nestcpp.hpp>

namespace policy_that_cannot_be_used {

using find_user = nestcpp::message<"user.find", int, int>;

class UserClient : public nestcpp::typed_client {
  NEST_CLIENT(UserClient, "user-service");

 public:
#ifdef FIXED
  NEST_SEND(find, find_user, circuit_breaker{.failure_rate = 50});
#else
  NEST_SEND(find, find_user, circuit_breaker{.failure_rate = 150});
#endif
};

}  // namespace policy_that_cannot_be_used
