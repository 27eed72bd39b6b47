// expected: find: a retry budget is shared by all calls of a client; write it in NEST_CLIENT
#include <nestcpp/nestcpp.hpp>

namespace retry_budget_of_a_call {

using find_user = nestcpp::message<"user.find", int, int>;

class UserClient : public nestcpp::typed_client {
#ifdef FIXED
  NEST_CLIENT(UserClient, "user-service", retry_budget(20, 0.2));

 public:
  NEST_SEND(find, find_user);
#else
  NEST_CLIENT(UserClient, "user-service");

 public:
  NEST_SEND(find, find_user, retry_budget(20, 0.2));
#endif
};

}  // namespace retry_budget_of_a_call
