// expected: nestcpp: get: get_user is a message, no event; write NEST_SEND
#include <nestcpp/nestcpp.hpp>

namespace emit_of_a_message {

using get_user = nestcpp::message<"user.get", int, int>;
class UserClient : public nestcpp::typed_client {
  NEST_CLIENT(UserClient, "user-service");

 public:
#ifdef FIXED
  NEST_SEND(get, get_user);
#else
  NEST_EMIT(get, get_user);
#endif
};

}  // namespace emit_of_a_message
