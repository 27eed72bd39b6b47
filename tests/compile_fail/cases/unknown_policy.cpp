// expected: nestcpp: options of a client or a call are timeout
#include <nestcpp/nestcpp.hpp>

namespace unknown_policy {

using find_user = nestcpp::message<"user.find", int, int>;

class UserClient : public nestcpp::typed_client {
  NEST_CLIENT(UserClient, "user-service");

 public:
#ifdef FIXED
  NEST_SEND(find, find_user, timeout(5s));
#else
  NEST_SEND(find, find_user, 5s);
#endif
};

}  // namespace unknown_policy
